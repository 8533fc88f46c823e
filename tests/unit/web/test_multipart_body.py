"""Multipart forms as browsers send them, or a refusal."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.body import BodyError, parse_body

PARTS = "multipart/form-data; boundary=b"


def fields(content_type: str, raw: bytes) -> dict[str, object]:
    return parse_body([content_type], raw).fields


def refusal(content_type: str, raw: bytes) -> int:
    with pytest.raises(BodyError) as refused:
        parse_body([content_type], raw)
    return refused.value.status


def part(*headers: str, value: bytes = b"v") -> bytes:
    return b"--b\r\n" + "".join(header + "\r\n" for header in headers).encode() + b"\r\n" + value + b"\r\n"


def named(name: str, value: bytes = b"v") -> bytes:
    return part(f'Content-Disposition: form-data; name="{name}"', value=value)


END = b"--b--\r\n"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (END, {}),
        (named("a") + END, {"a": "v"}),
        (named("a") + b"--b--", {"a": "v"}),
        (named("a", b"") + END, {"a": ""}),
        (named("a", b"x\r\ny\r\n\r\n--z\r\n--\r\n") + END, {"a": "x\r\ny\r\n\r\n--z\r\n--\r\n"}),
        (named("a", "é😀\0".encode()) + END, {"a": "é😀\0"}),
        (named("a") + named("a", b"2") + END, {"a": "v"}),
        (b"before\r\n" + named("a") + END + b"after", {"a": "v"}),
        (b"--b \t\r\n" + named("a")[5:] + END, {"a": "v"}),
        (part("content-disposition:form-data;name=a") + END, {"a": "v"}),
        (
            part('Content-Disposition: form-data; name="a b"', "Content-Type: text/plain; charset=UTF-8")
            + END,
            {"a b": "v"},
        ),
        (
            part('Content-Disposition: form-data; name="a"', "Content-Transfer-Encoding: 8bit") + END,
            {"a": "v"},
        ),
        (
            part('Content-Disposition: form-data; name="f"; filename="x.png"', value=b"\xff")
            + named("a")
            + END,
            {"a": "v"},
        ),
        (part("Content-Disposition: form-data; name=\"f\"; filename*=utf-8''x", value=b"\xff") + END, {}),
        (
            part(
                'Content-Disposition: form-data; name="comment"; filename=""',
                "Content-Type: application/octet-stream",
            )
            + END,
            {},
        ),
    ],
    ids=count(),
)
def test_a_multipart_form_is_read_and_files_are_left_out(raw: bytes, read: dict[str, object]) -> None:
    assert fields(PARTS, raw) == read


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"--b",
        b"--b\r\n",
        named("a"),
        named("a") + b"--b-",
        named("a") + b"--c--",
        b"a=1",
        named("a").replace(b"\r\n", b"\n") + b"--b--\n",
        b"--bb\r\n" + named("a")[5:] + END,
        named("a", b"x\r\n--bc") + END,
        b"--b\r\n\r\nv\r\n" + END,
        part("Content-Type: text/plain") + END,
        part("Content-Disposition: form-data") + END,
        part('Content-Disposition: attachment; name="a"') + END,
        part('Content-Disposition: form-data; name="a') + END,
        part('Content-Disposition: form-data; name="a"b') + END,
        part('Content-Disposition: form-data; name="a"; name="b"') + END,
        part('Content-Disposition: form-data; name="a"', 'Content-Disposition: form-data; name="b"') + END,
        part('Content-Disposition: form-data;\r\n name="a"') + END,
        part("Content-Disposition form-data") + END,
        part('Content-Disposition : form-data; name="a"') + END,
        named("a", b"\xff") + END,
        part('Content-Disposition: form-data; name="a"', "Content-Transfer-Encoding: base64") + END,
        part('Content-Disposition: form-data; name="a"', "X: " + "x" * 2100) + END,
        part('Content-Disposition: form-data; name="a"', "Content-Type: ;") + END,
        b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nv\r\n' + END,
    ],
    ids=count(),
)
def test_a_multipart_form_that_is_not_well_formed_is_400(raw: bytes) -> None:
    assert refusal(PARTS, raw) == 400


@pytest.mark.parametrize(
    "boundary",
    [
        "",
        "; boundary=",
        '; boundary=""',
        '; boundary="b "',
        '; boundary="b\r\n"',
        "; boundary=" + "b" * 71,
        '; boundary="é"',
        "; x=b",
    ],
)
def test_a_boundary_that_is_missing_or_wrong_is_refused(boundary: str) -> None:
    assert refusal("multipart/form-data" + boundary, named("a") + END) in {400, 415}
    assert refusal("multipart/form-data", END) == 400


def test_a_part_in_another_charset_is_415() -> None:
    raw = part('Content-Disposition: form-data; name="a"', "Content-Type: text/plain; charset=latin-1") + END
    assert refusal(PARTS, raw) == 415


def test_a_multipart_form_has_at_most_a_hundred_parts() -> None:
    assert len(fields(PARTS, b"".join(named(f"f{n}") for n in range(100)) + END)) == 100
    assert refusal(PARTS, b"".join(named(f"f{n}") for n in range(101)) + END) == 400
    assert refusal(PARTS, b"--b\r\n" * 40_000) == 400


pieces = st.sampled_from(
    [
        b"--b",
        b"--b--",
        b"\r\n",
        b"\r\n\r\n",
        b"Content-Disposition: form-data",
        b'; name="a"',
        b":",
        b'; filename="',
        b"\\",
        b'"',
        b" ",
        b"Content-Type: text/plain; charset=",
        b"utf-8",
    ]
)


@given(st.lists(pieces | st.binary(max_size=4), max_size=20).map(b"".join))
def test_any_bytes_as_a_multipart_form_are_texts_or_refused(raw: bytes) -> None:
    try:
        assert all(isinstance(value, str) for value in fields(PARTS, raw).values())
    except BodyError as refused:
        assert refused.status in {400, 415}  # noqa: PT017
