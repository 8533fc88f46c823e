"""Codes of authenticator apps, against the table of RFC 6238 (appendix B)."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.one_time_code import (
    STEP_S,
    code_at,
    new_recovery_codes,
    new_shared_secret,
    recovery_digest,
    setup_uri,
    spelt,
    step_of,
)

OF_THE_RFC = b"12345678901234567890"
NOW = datetime(2026, 3, 2, 9, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_a_code_is_the_one_of_the_rfc(seconds: int, code: str) -> None:
    assert code_at(OF_THE_RFC, seconds // STEP_S, digits=8) == code


@pytest.mark.parametrize(("late_s", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_the_codes_of_one_step_around_are_taken(late_s: int, taken: bool) -> None:
    code = code_at(OF_THE_RFC, int(NOW.timestamp()) // STEP_S)
    assert (step_of(OF_THE_RFC, code, NOW + timedelta(seconds=late_s)) is not None) == taken


def test_a_code_may_be_typed_with_spaces_and_nothing_else() -> None:
    step = int(NOW.timestamp()) // STEP_S
    code = code_at(OF_THE_RFC, step)
    assert step_of(OF_THE_RFC, f" {code[:3]} {code[3:]} ", NOW) == step
    for wrong in ("", code[:-1], code + "0", "\ud800", "x" * 1000):
        assert step_of(OF_THE_RFC, wrong, NOW) is None


def test_an_app_reads_what_is_shown() -> None:
    secret = new_shared_secret()
    shown = spelt(secret).replace(" ", "")
    assert base64.b32decode(shown) == secret
    assert setup_uri(secret, "Ruth & Co") == (
        f"otpauth://totp/Replydesk%3ARuth%20%26%20Co?secret={shown}&issuer=Replydesk"
    )


def test_recovery_codes_differ_and_are_known_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)
    assert recovery_digest(codes[0].lower().replace("-", " ")) == recovery_digest(codes[0])
    assert recovery_digest(codes[0]) != recovery_digest(codes[1])
