"""The type decides how bytes become fields; whatever they are, nothing but a refusal is raised."""

import time
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.body import BodyError, body_kind, parse_body

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
NAMED = b'Content-Disposition: form-data; name="a"'
END = b"\r\n--b--\r\n"


def refusal(content_type: str, raw: bytes) -> int:
    with pytest.raises(BodyError) as refused:
        parse_body([content_type], raw)
    return refused.value.status


@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; charset=us-ascii",
        "application/json;",
        "application/json; ; v=1",
        JSON + " ",
    ],
)
def test_json_in_utf8_is_read(content_type: str) -> None:
    assert parse_body([content_type], b'{"a": 1}').kind == "json"


@pytest.mark.parametrize(
    "content_type", [FORM, FORM + "; charset=UTF-8", PARTS, 'multipart/form-data; boundary="b"']
)
def test_both_kinds_of_form_are_forms(content_type: str) -> None:
    assert body_kind([content_type]) == "form"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "json",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/ld+json",
        "multipart/mixed; boundary=b",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; charset=",
        "application/json; charset=nonsense",
        "application/json; charset=utf-8; charset=utf-8",
        "application/json, a/b",
        "application/json charset=utf-8",
        'application/json; charset="utf-8',
        FORM + "; charset=windows-1252",
        "application/json\x00",
        "application/json; \udcff=1",
    ],
)
def test_other_types_and_charsets_are_415(content_type: str) -> None:
    assert refusal(content_type, b"{}") == 415
    assert body_kind([content_type]) is None


@pytest.mark.parametrize("content_types", [[], [JSON, JSON], [JSON, FORM]])
def test_no_type_and_two_types_are_415(content_types: list[str]) -> None:
    with pytest.raises(BodyError) as refused:
        parse_body(content_types, b"{}")
    assert refused.value.status == 415


@given(st.lists(st.text(max_size=30), max_size=2), st.binary(max_size=20))
def test_any_header_is_a_type_or_415(content_types: list[str], raw: bytes) -> None:
    try:
        parse_body(content_types, raw)
    except BodyError as refused:
        assert refused.status in {400, 415}  # noqa: PT017


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        (JSON, b'{"comment": "' + b"\\ud83d\\ude00" * 20_000 + b'"}'),
        (JSON, b'{"a": [' + b"{}," * 80_000 + b"{}]}"),
        (FORM, b"comment=" + b"%F0%9F%98%80" * 20_000),
        (FORM, b"a=" + b"+" * 260_000),
        (PARTS, b"--b\r\n" + NAMED + b"\r\n\r\n" + b"\r\n--" * 60_000 + END),
        (PARTS, b"--b\r\n" + NAMED + b";" * 1900 + b"\r\n\r\n" + END),
        ("multipart/form-data; " + ";" * 8000 + "boundary=b", END),
        ("application/json; a=" + '"' + "\\" * 8000, b""),
    ],
    ids=count(),
)
def test_the_largest_bodies_are_read_or_refused_in_no_time(content_type: str, raw: bytes) -> None:
    started = time.process_time()
    with suppress(BodyError):
        parse_body([content_type], raw)
    assert (
        time.process_time() - started < 2.0
    )  # far from what is quadratic; a collection of all garbage of a long test run is in it


def test_a_refusal_quotes_nothing() -> None:
    for content_type, raw in [
        (JSON, b'{"canary'),
        (FORM, b"canary=%"),
        (PARTS, b"canary"),
        ("canary/x", b""),
    ]:
        with pytest.raises(BodyError) as refused:
            parse_body([content_type], raw)
        error = refused.value
        assert "canary" not in f"{error!r}{error.code}{error.title}{error.detail}"
    assert "canary" not in repr(parse_body([FORM], b"canary=canary"))
