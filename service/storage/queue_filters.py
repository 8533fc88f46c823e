"""Which comments a queue shows: each filter is a condition that an index answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from service.domain.reasons import Reason
from service.storage.pages import url_digest
from service.storage.threads import Position

QueueSort = Literal["oldest", "newest", "risk"]

LONGEST_SECTION = 250
"""Characters of the beginning of a URL; the index has a few more."""

RISK = "-coalesce(risk, -1::real)"
"""The order by risk, upwards: the highest first, what is not known last. The index is on these very words."""

ANY_STATUS = ("published", "held", "pending")
"""Where a comment stands that nobody has refused."""

IS_PROPOSED_BY = """
EXISTS (SELECT FROM (
    SELECT action, moderator_id FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
      AND action NOT IN ('redact', 'restore') ORDER BY decision.id DESC LIMIT 1
) AS latest WHERE latest.action = 'propose' AND latest.moderator_id = ?)
"""
"""Whether that moderator proposed to reject it, and nobody has decided since: somebody else has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What is asked for; null asks for nothing. Scores are 0..1, moments have an offset.

    `section` is the beginning of a URL up to a slash or the end, `words` are as in a search engine: all of
    them, "quoted" ones together, `or` between, `-` before what must not be there. `not_proposed_by` leaves
    out what that moderator proposed to reject.
    """

    page_url: str | None = None
    section: str | None = None
    reason: str | None = None
    check: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    language: str | None = None
    submitted_after: datetime | None = None
    submitted_before: datetime | None = None
    author_key: str | None = None
    words: str | None = None
    not_proposed_by: int | None = None
    reported: bool | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: behind this comment, and with the risk that it had where that sorts."""

    position: Position
    risk: float = -1.0


ORDERS: dict[QueueSort, str] = {
    "oldest": "submitted_at, id",
    "newest": "submitted_at DESC, id DESC",
    "risk": "order_risk, submitted_at, id",
}


@dataclass(slots=True)
class Condition:
    """A piece of SQL about one site's comments, with its values; `$n` are given out in order.

    `pages` is one about the pages `place` where only those of some pages are wanted, `statuses` are those
    that are asked for.
    """

    values: list[Any]
    parts: list[str]
    statuses: tuple[str, ...]
    pages: str | None = None

    def add(self, sql: str, *values: Any) -> None:
        """One more condition; each `?` stands for the next of the values."""
        self.parts.append(self.numbered(sql, *values))

    def numbered(self, sql: str, *values: Any) -> str:
        """The same words with `$n` for each `?`."""
        for value in values:
            self.values.append(value)
            sql = sql.replace("?", f"${len(self.values)}", 1)
        return sql

    @property
    def sql(self) -> str:
        """All of them together."""
        return " AND ".join(self.parts)


def condition_of(
    asked: QueueFilter, *, status: str | None, sort: QueueSort, after: Place | None, values: list[Any]
) -> Condition:
    """What a comment of one site (`wanted.site_id`) must fulfil; the values follow those that are given."""
    condition = Condition(values, [], ANY_STATUS if status is None else (status,))
    if status is None:
        condition.add(f"status IN {ANY_STATUS}")
    else:
        condition.add("status = ?", status)
    if asked.reason != str(Reason.AWAITING_CONFIRMATION):
        condition.add(f"reason IS DISTINCT FROM '{Reason.AWAITING_CONFIRMATION}'")
    for name, add in _FILTERS.items():
        if (value := getattr(asked, name)) is not None:
            add(condition, value)
    if after is not None:
        _go_on(condition, sort, after)
    return condition


def rows_of_sites(condition: Condition, sort: QueueSort) -> str:
    """The keys of what fulfils it at the sites `$1`, at most `$2`, in order.

    Site by site, and in a section page by page: over several at once no index is in order, and all of them
    would be sorted.
    """
    order = ORDERS[sort]
    rows = f"""
        SELECT site_id, id, author_id, submitted_at, {RISK} AS order_risk FROM comment
        WHERE site_id = wanted.site_id AND {condition.sql}
        ORDER BY {order} LIMIT $2
    """  # noqa: S608  (names and signs of our own; what was asked for are values)
    if condition.pages:
        rows = f"""
            SELECT inside.* FROM page AS place CROSS JOIN LATERAL ({rows}) AS inside
            WHERE place.site_id = wanted.site_id AND {condition.pages}
            ORDER BY {order} LIMIT $2
        """  # noqa: S608
    return f"""
        SELECT found.* FROM (SELECT DISTINCT unnest($1::int[]) AS site_id) AS wanted
        CROSS JOIN LATERAL ({rows}) AS found
        ORDER BY {order} LIMIT $2
    """  # noqa: S608


def _go_on(condition: Condition, sort: QueueSort, after: Place) -> None:
    moment, comment_id = after.position.submitted_at, after.position.id
    if sort == "risk":
        condition.add(f"({RISK}, submitted_at, id) > (?::real, ?, ?)", -after.risk, moment, comment_id)
    else:
        beyond = ">" if sort == "oldest" else "<"
        condition.add(f"(submitted_at, id) {beyond} (?, ?)", moment, comment_id)


def _page(condition: Condition, url: str) -> None:
    found = "(SELECT coalesce(merged_into, id) FROM page WHERE site_id = wanted.site_id AND url_digest = ?)"
    condition.add(f"page_id = {found}", url_digest(url))


def _section(condition: Condition, beginning: str) -> None:
    """`~>=~` compares characters by their numbers; the one after a slash is 0."""
    start = beginning.rstrip("/")
    condition.pages = condition.numbered(
        "(left(place.url, 256) = ? OR (left(place.url, 256) ~>=~ ? AND left(place.url, 256) ~<~ ?))",
        start,
        start + "/",
        start + "0",
    )
    condition.add("page_id = place.id")


def _check(condition: Condition, name: str) -> None:
    """By site, status and check at once (migration 59): the check alone objected to many on other sites."""
    wanted = ", ".join(["wanted.site_id || ' ' || ?::text || ' ' || ?::text"] * len(condition.statuses))
    named = [value for status in condition.statuses for value in (status, name)]
    condition.add(
        "comment.objections IS NOT NULL AND"
        f" queued_objections(comment.site_id, comment.status, comment.objections) && ARRAY[{wanted}]",
        *named,
    )


def _author(condition: Condition, key: str) -> None:
    condition.add("author_id = (SELECT id FROM author WHERE site_id = wanted.site_id AND key = ?)", key)


def _reported(condition: Condition, wanted: bool) -> None:  # noqa: FBT001  (what is asked for)
    """The few that are, by their keys: in the order of the queue many others would be read before."""
    if wanted:
        condition.add(
            "id = ANY(ARRAY(SELECT comment_id FROM report"
            " WHERE report.site_id = wanted.site_id AND outcome IS NULL))"
        )


_FILTERS: dict[str, Callable[[Condition, Any], None]] = {
    "page_url": _page,
    "section": _section,
    "reason": lambda condition, code: condition.add("reason = ?", code),
    "check": _check,
    "min_score": lambda condition, score: condition.add(f"{RISK} <= -(?::real)", score),
    "max_score": lambda condition, score: condition.add(f"{RISK} BETWEEN -(?::real) AND 0", score),
    "language": lambda condition, name: condition.add("language = ?", name),
    "submitted_after": lambda condition, moment: condition.add("submitted_at > ?", moment),
    "submitted_before": lambda condition, moment: condition.add("submitted_at < ?", moment),
    "author_key": _author,
    "not_proposed_by": lambda condition, who: condition.add(f"NOT {IS_PROPOSED_BY}", who),
    "words": lambda condition, words: condition.add(
        "to_tsvector('simple', text) @@ websearch_to_tsquery('simple', ?)", words
    ),
    "reported": _reported,
}
