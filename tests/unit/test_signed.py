"""Receipts and form tokens prove themselves, in one spelling, for their site and their time."""

import base64
from collections.abc import Callable
from uuid import UUID

import pytest

from service.domain.comment_id import new_comment_id
from service.signed import (
    FORM_TOKEN_LASTS_S,
    RECEIPT_LASTS_S,
    Receipt,
    make_form_token,
    make_receipt,
    read_receipt,
    seconds_to_fill,
)
from tests.factories import make_keyring

NOW_S = 1_800_000_000.0
KEYS = make_keyring(1)
COMMENT = new_comment_id(NOW_S)


def spellings(text: str) -> list[str]:
    """Other forms of the same bytes, and near misses of them."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return [
        text + "=",
        text + "==",
        " " + text,
        text + "\n",
        text.swapcase(),
        base64.b64encode(raw).decode().rstrip("=") + "!",
        raw.hex(),
        text[:-1],
        text + "A",
        text[:5] + "\n" + text[5:],
        text.replace("-", "+").replace("_", "/") if set(text) & set("-_") else "",
        text + "é",
        "",
        "A" * 10_000,
    ]


def tampered(text: str) -> list[str]:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    forged = [raw[:n] + bytes([raw[n] ^ bit]) + raw[n + 1 :] for n in range(len(raw)) for bit in (1, 128)]
    return [base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in forged]


def test_a_receipt_leads_to_its_comment() -> None:
    assert read_receipt(KEYS, make_receipt(KEYS, 3, COMMENT), now_s=NOW_S) == Receipt(3, COMMENT)


def test_a_receipt_is_always_the_same_and_fit_for_a_url() -> None:
    receipt = make_receipt(KEYS, 3, COMMENT)
    assert receipt == make_receipt(KEYS, 3, COMMENT)
    assert receipt.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("forge", [spellings, tampered])
def test_no_other_spelling_and_no_changed_byte_is_a_receipt(forge: Callable[[str], list[str]]) -> None:
    genuine = make_receipt(KEYS, 3, COMMENT)
    for text in forge(genuine):
        assert read_receipt(KEYS, text, now_s=NOW_S) is None, text


def test_a_receipt_outlives_six_months_and_then_ends() -> None:
    receipt = make_receipt(KEYS, 3, COMMENT)
    assert RECEIPT_LASTS_S > 183 * 86_400
    assert read_receipt(KEYS, receipt, now_s=NOW_S + RECEIPT_LASTS_S - 1)
    assert read_receipt(KEYS, receipt, now_s=NOW_S + RECEIPT_LASTS_S + 1) is None


def test_a_receipt_of_an_earlier_key_is_good_until_that_key_is_gone() -> None:
    receipt = make_receipt(KEYS, 3, COMMENT)
    assert read_receipt(make_keyring(2, 1), receipt, now_s=NOW_S) == Receipt(3, COMMENT)
    assert read_receipt(make_keyring(2), receipt, now_s=NOW_S) is None


def test_a_form_token_is_no_receipt_and_a_receipt_no_form_token() -> None:
    assert read_receipt(KEYS, make_form_token(KEYS, 3, now_s=NOW_S), now_s=NOW_S) is None
    assert seconds_to_fill(KEYS, make_receipt(KEYS, 3, COMMENT), 3, now_s=NOW_S) is None


@pytest.mark.parametrize("passed_s", [0.0, 0.25, 3.0, 86_399.0])
def test_a_form_token_tells_how_long_filling_in_took(passed_s: float) -> None:
    token = make_form_token(KEYS, 3, now_s=NOW_S)
    assert seconds_to_fill(KEYS, token, 3, now_s=NOW_S + passed_s) == pytest.approx(passed_s)


def test_a_clock_that_went_back_is_no_time_at_all() -> None:
    assert seconds_to_fill(KEYS, make_form_token(KEYS, 3, now_s=NOW_S), 3, now_s=NOW_S - 60) == 0


def test_a_missing_foreign_or_day_old_token_is_no_evidence() -> None:
    token = make_form_token(KEYS, 3, now_s=NOW_S)
    assert seconds_to_fill(KEYS, None, 3, now_s=NOW_S) is None
    assert seconds_to_fill(KEYS, token, 4, now_s=NOW_S) is None
    assert seconds_to_fill(make_keyring(2), token, 3, now_s=NOW_S) is None
    assert seconds_to_fill(make_keyring(2, 1), token, 3, now_s=NOW_S) == 0
    assert seconds_to_fill(KEYS, token, 3, now_s=NOW_S + FORM_TOKEN_LASTS_S + 1) is None


@pytest.mark.parametrize("forge", [spellings, tampered])
def test_no_other_spelling_and_no_changed_byte_is_a_form_token(forge: Callable[[str], list[str]]) -> None:
    for text in forge(make_form_token(KEYS, 3, now_s=NOW_S)):
        assert seconds_to_fill(KEYS, text, 3, now_s=NOW_S) is None, text


def test_comment_ids_are_version_seven_random_and_in_the_order_of_time() -> None:
    ids = [new_comment_id(NOW_S + n / 1000) for n in range(200)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {UUID(int=0x8 << 60).variant}
    assert len({new_comment_id(NOW_S) for _ in range(1000)}) == 1000
