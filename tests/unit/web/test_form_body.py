"""Url-encoded forms as browsers send them, or 400."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.body import BodyError, parse_body

FORM = "application/x-www-form-urlencoded"


def fields(content_type: str, raw: bytes) -> dict[str, object]:
    return parse_body([content_type], raw).fields


def refusal(content_type: str, raw: bytes) -> int:
    with pytest.raises(BodyError) as refused:
        parse_body([content_type], raw)
    return refused.value.status


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"", {}),
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=b+c%20d%2B&e", {"a": "b c d+", "e": ""}),
        (b"&&a=1&=x&", {"a": "1", "": "x"}),
        (b"a==&b=%3D", {"a": "=", "b": "="}),
        (b"a=%C3%A9%F0%9F%98%80", {"a": "é😀"}),
        ("a=é".encode(), {"a": "é"}),
        (b"%61=1", {"a": "1"}),
        (b"a=%00%0D%0A", {"a": "\0\r\n"}),
        (b"a=1;b=2", {"a": "1;b=2"}),
        (b"a=1&a=2&a=3", {"a": "1"}),
        (b"a=&a=2&%61=3", {"a": ""}),
        (b"a[]=1&a.b=2", {"a[]": "1", "a.b": "2"}),
    ],
)
def test_a_form_is_decoded_and_the_first_of_a_name_counts(raw: bytes, read: dict[str, object]) -> None:
    assert fields(FORM, raw) == read


@pytest.mark.parametrize(
    "raw",
    [
        b"a=%",
        b"a=%4",
        b"a=%zz",
        b"%=1",
        b"a=100% sure",
        b"a=%u00e9",
        b"a=\xff",
        b"a=%FF",
        b"%FF=a",
        b"a=%ED%A0%80",
        b"a=%C0%80",
        b"a=%C3&b=%A9",
    ],
)
def test_a_form_that_no_browser_sends_is_400(raw: bytes) -> None:
    assert refusal(FORM, raw) == 400


def test_a_form_has_at_most_so_many_fields() -> None:
    assert len(fields(FORM, b"&".join(b"f%d=1" % n for n in range(130)))) == 130
    assert refusal(FORM, b"&".join(b"f%d=1" % n for n in range(131))) == 400
    assert refusal(FORM, b"&" * 200_000) == 400


@given(st.binary(max_size=200) | st.text("ab=&%+0F;é", max_size=40).map(str.encode))
def test_any_bytes_as_a_form_are_texts_or_400(raw: bytes) -> None:
    try:
        assert all(isinstance(value, str) for value in fields(FORM, raw).values())
    except BodyError as refused:
        assert refused.status == 400  # noqa: PT017
