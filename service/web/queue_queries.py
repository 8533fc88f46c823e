"""Reads what a queue is asked for; a bad value is a 422 that names its parameter."""

import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from service.domain.page_url import InvalidPageUrl, normalise_page_url
from service.domain.policy_parts import ServiceName
from service.domain.reason_texts import reasons_of
from service.domain.site import Site
from service.moderation import weighing
from service.moderation.language import NAMED
from service.moderation.pipeline import check_names
from service.storage.queue_filters import LONGEST_SECTION, Place, QueueFilter, QueueSort
from service.web.problems import Problem
from service.web.queries import bad_query, normalised, read_cursor, write_cursor

LONGEST_WORDS = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SCORE = re.compile(r"0|1|1\.0{1,9}|0\.[0-9]{1,9}")
_BEFORE_1970 = datetime(1970, 1, 1, tzinfo=UTC)


def queue_sort_of(query: Mapping[str, str]) -> QueueSort:
    """`oldest` (the default), `newest` or `risk`."""
    wanted = query.get("sort", "oldest")
    for sort in get_args(QueueSort):
        if sort == wanted:
            known: QueueSort = sort
            return known
    raise bad_query("sort", "invalid", "Sort by oldest, newest or risk.")


def known_checks() -> list[str]:
    """Every check that may have objected."""
    return [*check_names(), weighing.NAME, *get_args(ServiceName)]


def known_reasons(sites: Iterable[Site]) -> list[str]:
    """Every reason of any of these sites, also those that nobody can choose any more."""
    of_sites = (reasons_of((*site.own_reasons, *site.retired_reasons)) for site in sites)
    return list(dict.fromkeys(one.code for reasons in (reasons_of(()), *of_sites) for one in reasons))


def filter_of(query: Mapping[str, str], sites: Iterable[Site]) -> QueueFilter:
    """What is asked for; an empty value asks for nothing."""
    readers: dict[str, tuple[str, Callable[[str, str], Any]]] = {
        "page_url": ("page_url", lambda _name, raw: normalised(raw)),
        "section": ("section", _section),
        "reason": ("reason", _one_of(known_reasons(sites))),
        "check": ("check", _one_of(known_checks())),
        "min_score": ("min_score", _score),
        "max_score": ("max_score", _score),
        "language": ("language", _one_of(NAMED)),
        "submitted_after": ("submitted_after", _moment),
        "submitted_before": ("submitted_before", _moment),
        "author_key": ("author_key", _key),
        "q": ("words", _words),
        "reported": ("reported", _flag),
    }
    given = {name: query[name] for name in readers if name in query}
    return QueueFilter(**{readers[name][0]: readers[name][1](name, raw) for name, raw in given.items()})


def place_of(query: Mapping[str, str], sort: QueueSort) -> Place | None:
    """Where the last answer ended, which must have been sorted in the same way."""
    raw = query.get("cursor")
    if raw is None:
        return None
    try:
        head, rest = _unpacked(raw)
    except ValueError:
        raise _bad_cursor() from None
    if head[:1] != sort[:1].encode():
        raise bad_query("cursor", "invalid", "This cursor belongs to another sort.")
    place = Place(read_cursor(rest), struct.unpack(">f", head[1:])[0])
    if write_place(place, sort) != raw:
        raise _bad_cursor()
    return place


def write_place(place: Place, sort: QueueSort) -> str:
    """A place as an opaque string: the sort, the risk and the position."""
    head = sort[:1].encode() + struct.pack(">f", place.risk)
    return urlsafe_b64encode(head).decode().rstrip("=") + "." + write_cursor(place.position)


def _unpacked(raw: str) -> tuple[bytes, str]:
    first, dot, rest = raw.partition(".")
    head = urlsafe_b64decode(first.encode("ascii") + b"=")
    if not dot or len(head) != 5:
        raise ValueError
    return head, rest


def _bad_cursor() -> Problem:
    return bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")


def _one_of(known: Collection[str]) -> Callable[[str, str], str]:
    def read(name: str, raw: str) -> str:
        if raw not in known:
            raise bad_query(name, "invalid", "One of " + ", ".join(sorted(known)) + ".")
        return raw

    return read


def _section(name: str, raw: str) -> str:
    if "?" in raw or len(raw) > LONGEST_SECTION:
        raise bad_query(name, "invalid", f"At most {LONGEST_SECTION} characters, without a question mark.")
    try:
        return normalise_page_url(raw)
    except InvalidPageUrl:
        raise bad_query(name, "invalid", "The beginning of a URL: https://…/sport/") from None


def _score(name: str, raw: str) -> float:
    if not _SCORE.fullmatch(raw):
        raise bad_query(name, "invalid", "Between 0 and 1, such as 0.8.")
    return float(raw)


def _moment(name: str, raw: str) -> datetime:
    try:
        moment = datetime.fromisoformat(raw)
        if moment.tzinfo is not None and moment >= _BEFORE_1970:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise bad_query(name, "invalid", "A moment with its offset, such as 2026-03-02T09:30:00Z.")


def _key(name: str, raw: str) -> str:
    if not _KEY.fullmatch(raw):
        raise bad_query(name, "invalid", "The author_key of a comment, unchanged.")
    return raw


def _flag(name: str, raw: str) -> bool:
    if raw not in {"0", "1"}:
        raise bad_query(name, "invalid", "1 or 0.")
    return raw == "1"


def _words(name: str, raw: str) -> str:
    if not 1 <= len(raw) <= LONGEST_WORDS or _CONTROL.search(raw):
        raise bad_query(name, "invalid", f"1 to {LONGEST_WORDS} characters on one line.")
    return raw
