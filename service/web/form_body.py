"""An `application/x-www-form-urlencoded` body, read strictly (WHATWG URL 5.1, without its forgiveness)."""

import re
from urllib.parse import unquote_to_bytes

from service.web.body_error import malformed

MAX_FIELDS = 130  # a page of a hundred comments that are all picked, and what its form says beside them
_LOOSE_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def parse_urlencoded(raw: bytes) -> dict[str, object]:
    """The fields by name; where a name stands twice, the first one counts (ASVS 15.3.7).

    First, and in multipart bodies too: one rule, so that nothing added behind a form's own fields replaces
    what the form says.

    Raises:
        BodyError: 400 for a `%` without two hex digits, bytes that are not UTF-8, more than 130 fields.
    """
    if raw.count(b"&") >= MAX_FIELDS:
        raise malformed(f"The form has more than {MAX_FIELDS} fields.")
    if _LOOSE_PERCENT.search(raw):
        raise malformed("A percent sign in the form is not followed by two hexadecimal digits.")
    fields: dict[str, object] = {}
    for piece in filter(None, raw.split(b"&")):
        name, _, value = piece.partition(b"=")
        fields.setdefault(_decoded(name), _decoded(value))
    return fields


def _decoded(piece: bytes) -> str:
    try:
        return unquote_to_bytes(piece.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("The form is not UTF-8.") from None
