"""A `multipart/form-data` body whose bytes are all here and already capped (RFC 7578, RFC 2046 5.1)."""

import re

from service.web.body_error import malformed, unsupported
from service.web.header_params import MalformedHeader, split_parameters

MAX_PARTS = 100
MAX_HEADER_BYTES = 2048
CHARSETS = frozenset({"utf-8", "us-ascii"})
_PLAIN_CODINGS = frozenset({"7bit", "8bit", "binary"})
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)")


def parse_multipart(raw: bytes, boundary: str) -> dict[str, object]:
    """The text fields by name; where a name stands twice, the first one counts. Files are left out.

    Raises:
        BodyError: 400 for a boundary or a part that is not well formed, more than 100 parts, or text that is
            not UTF-8; 415 for a part in another charset.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise malformed("The boundary of the multipart body is missing or wrong.")
    fields: dict[str, object] = {}
    for part in _parts(raw, boundary.encode("ascii")):
        head, blank, value = part.partition(b"\r\n\r\n")
        if not blank or len(head) > MAX_HEADER_BYTES:
            raise malformed("A part of the multipart body has no proper headers.")
        name = _field_name(_headers(head))
        if name is not None:
            fields.setdefault(name, _utf8(value))
    return fields


def _parts(raw: bytes, boundary: bytes) -> list[bytes]:
    """The parts, each from its first header on; preamble and epilogue are no parts."""
    chunks = (b"\r\n" + raw).split(b"\r\n--" + boundary, MAX_PARTS + 2)[1:]
    if len(chunks) > MAX_PARTS + 1:
        raise malformed(f"The form has more than {MAX_PARTS} parts.")
    if not chunks or not chunks[-1].startswith(b"--"):
        raise malformed("The multipart body has no end.")
    parts = [chunk.lstrip(b" \t") for chunk in chunks[:-1]]
    if not all(part.startswith(b"\r\n") for part in parts):
        raise malformed("A boundary of the multipart body does not end its line.")
    return [part.removeprefix(b"\r\n") for part in parts]


def _headers(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in _utf8(head).split("\r\n"):
        match = _HEADER.fullmatch(line)
        if not match or match[1].lower() in headers:
            raise malformed("A part of the multipart body has no proper headers.")
        headers[match[1].lower()] = match[2]
    return headers


def _field_name(headers: dict[str, str]) -> str | None:
    """The name of a text field, null for a file."""
    disposition, named = _split(headers.get("content-disposition", ""))
    if disposition != "form-data" or "name" not in named:
        raise malformed("A part of the multipart body has no name.")
    if "filename" in named or "filename*" in named:
        return None
    if headers.get("content-transfer-encoding", "8bit").strip().lower() not in _PLAIN_CODINGS:
        raise malformed("A part of the multipart body is encoded once more.")
    if _split(headers.get("content-type", "text/plain"))[1].get("charset", "utf-8").lower() not in CHARSETS:
        raise unsupported("The parts of the form must be UTF-8.")
    return named["name"]


def _split(header: str) -> tuple[str, dict[str, str]]:
    try:
        return split_parameters(header)
    except MalformedHeader:
        raise malformed("A header of a part of the multipart body is malformed.") from None


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("The form is not UTF-8.") from None
