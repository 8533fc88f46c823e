"""An address is read once and printed never."""

import copy
import json
import pickle
import traceback

import pytest

from service.domain import email
from service.domain.email import REDACTED, EmailAddress, InvalidEmail

MARK = "Marker.Person@Sub.Example.com"


@pytest.mark.parametrize(
    "raw",
    [
        "anna@paper.com",
        "a@b.co",
        "o'brien+tag@paper.com",
        "jürgen@müller.de",
        "用户@例子.中国",
        "a" * 64 + "@" + "b" * 60 + ".com",
    ],
)
def test_an_address_that_mail_can_reach_is_read(raw: str) -> None:
    assert EmailAddress.parse(raw).reveal() == raw


def test_the_domain_is_lower_cased_and_the_mailbox_kept() -> None:
    assert EmailAddress.parse(MARK).reveal() == "Marker.Person@sub.example.com"


def test_254_octets_are_allowed_and_255_are_not() -> None:
    longest = "a" * 64 + "@" + ".".join(["b" * 61, "c" * 61, "d" * 61, "com"])
    assert len(longest) == 254
    assert EmailAddress.parse(longest).reveal() == longest
    with pytest.raises(InvalidEmail):
        EmailAddress.parse("x" + longest)


def test_a_long_input_never_reaches_the_parser_which_is_slow_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(email, "validate_email", lambda raw, **_: seen.append(raw))
    with pytest.raises(InvalidEmail):
        EmailAddress.parse("a@" + "é" * 127 + ".com")  # 255 characters at most, and more octets
    assert not seen


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "anna",
        "anna@",
        "@paper.com",
        "anna@paper",
        "anna@@paper.com",
        "anna@paper..com",
        "anna berg@paper.com",
        "anna@paper.com\r\nBcc: b@c.com",
        '"anna berg"@paper.com',
        "anna@[127.0.0.1]",
        "Anna <anna@paper.com>",
        "anna@paper.com\x00",
        "\ud800@paper.com",
        "a" * 100_000 + "@paper.com",
    ],
)
def test_what_is_no_address_is_refused_without_quoting_it(raw: str) -> None:
    with pytest.raises(InvalidEmail) as caught:
        EmailAddress.parse(raw)
    assert str(caught.value) == "not a valid email address"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_refusal_leaves_nothing_of_the_address_in_a_traceback() -> None:
    raw = "marker person" + "@" + "paper.com"
    try:
        EmailAddress.parse(raw)
    except InvalidEmail:
        assert "marker person" not in traceback.format_exc()


def test_it_prints_as_redacted_wherever_it_lands() -> None:
    email = EmailAddress.parse(MARK)
    printed = [
        repr(email),
        str(email),
        f"{email}",
        f"{email!r:>40}",
        f"{email:>40}",
        repr([email]),
    ]
    assert all(REDACTED in each for each in printed)
    assert not any("arker" in each for each in printed)


def test_it_is_neither_serialised_nor_copied_nor_found_among_its_attributes() -> None:
    email = EmailAddress.parse(MARK)
    with pytest.raises(TypeError):
        json.dumps(email)
    for serialise in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never serialised"):
            serialise(email)
    with pytest.raises(TypeError):
        vars(email)


def test_two_spellings_of_one_mailbox_share_their_index_form() -> None:
    upper, lower = EmailAddress.parse("ANNA@PAPER.COM"), EmailAddress.parse("anna@paper.com")
    assert upper.index_form() == lower.index_form() == b"anna@paper.com"
    assert EmailAddress.parse("anna+tag@paper.com").index_form() == b"anna+tag@paper.com"


def test_equal_addresses_hash_equal() -> None:
    upper, lower = EmailAddress.parse("ANNA@PAPER.COM"), EmailAddress.parse("anna@paper.com")
    assert upper == lower
    assert hash(upper) == hash(lower)
    assert len({upper, lower}) == 1


def test_different_addresses_and_plain_strings_are_not_equal() -> None:
    email = EmailAddress.parse("anna@paper.com")
    assert email != EmailAddress.parse("anne@paper.com")
    assert email != "anna@paper.com"
