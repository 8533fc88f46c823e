"""Reads query parameters; a bad value is a 422 that names it."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from aiohttp import web

from service.domain.fault import Fault, FaultCode
from service.domain.page_url import InvalidPageUrl, normalise_page_url
from service.storage.threads import Position, Sort
from service.web.problems import Problem

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
_LARGEST_ID = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bad_query(name: str, code: FaultCode, detail: str) -> Problem:
    """A 422 about one parameter."""
    return Problem(422, "invalid-query", "The query is not valid", errors=(Fault(name, code, detail),))


def page_url_of(query: Mapping[str, str]) -> str:
    """The normalised `page_url`, which is required."""
    if "page_url" not in query:
        raise bad_query("page_url", "required", "Say which page: page_url=https://…")
    return normalised(query["page_url"])


def normalised(raw: str) -> str:
    """One page URL in its one spelling."""
    try:
        return normalise_page_url(raw)
    except InvalidPageUrl:
        raise bad_query("page_url", "invalid", "This is not an absolute http(s) URL.") from None


def sort_of(query: Mapping[str, str]) -> Sort:
    """`oldest` (the default) or `newest`."""
    sort: Sort
    match query.get("sort", "oldest"):
        case "oldest" | "newest" | "picks" as sort:
            return sort
        case _:
            raise bad_query("sort", "invalid", "Sort by oldest, newest or picks.")


def limit_of(query: Mapping[str, str]) -> int:
    """`limit`, 1 to 200."""
    raw = query.get("limit", str(DEFAULT_LIMIT))
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 3 and 1 <= int(raw) <= MAX_LIMIT):
        raise bad_query("limit", "invalid", f"Between 1 and {MAX_LIMIT}.")
    return int(raw)


def cursor_of(query: Mapping[str, str]) -> Position | None:
    """Where the last answer ended."""
    raw = query.get("cursor")
    return None if raw is None else read_cursor(raw)


def write_cursor(position: Position) -> str:
    """A position as an opaque string: microseconds since 1970 and the id."""
    micros = (position.submitted_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(micros.to_bytes(8, "big") + position.id.bytes).decode()


def read_cursor(raw: str) -> Position:
    """The position of such a string."""
    try:
        value = base64.b64decode(raw.encode("ascii"), altchars=b"-_", validate=True)
        micros = int.from_bytes(value[:8], "big")
        position = Position(_EPOCH + timedelta(microseconds=micros), UUID(bytes=value[8:]))
    except (ValueError, binascii.Error, OverflowError):
        position = None
    if position is None or write_cursor(position) != raw:
        raise bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")
    return position


def id_cursor_of(query: Mapping[str, str]) -> int | None:
    """Where the last answer ended, in a list by id."""
    raw = query.get("cursor")
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 19 and 1 <= int(raw) <= _LARGEST_ID):
        raise bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")
    return int(raw)


def comment_id_of(request: web.Request) -> UUID | None:
    """The id in the path; None for what no comment can have."""
    return uuid_of(request.match_info["id"])


def uuid_of(raw: str) -> UUID | None:
    """The id; None for what is none."""
    try:
        return UUID(raw)
    except ValueError:
        return None
