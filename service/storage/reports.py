"""What readers reported: written once, settled by the decisions about the comment, read by moderators."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from service.domain.reports import Report
from service.storage.pool import Connection

SHOWN = 20
"""So many texts of one comment's reports are shown, the newest."""

LOOKED_AT = 1000
"""So many reports of one comment are counted, the newest: whoever sends more learns nothing by it."""


@dataclass(frozen=True, slots=True)
class Reports:
    """What readers say of a comment that nobody has settled; `settled` is how many were.

    `reasons` are numbers by code, `texts` are {"reason", "text", "at", "notice_by"}: somebody's words about
    somebody; `notices` is how many of them are notices of illegal content, which say who sent them.
    """

    count: int = 0
    weight: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list, repr=False)
    settled: int = 0
    notices: int = 0

    @classmethod
    def of(cls, entries: Sequence[dict[str, Any]]) -> "Reports":
        """From one entry for each report, the newest first, as `REPORTED` gives them."""
        waiting = [one for one in entries if one["outcome"] is None]
        reasons: dict[str, int] = {}
        for one in waiting:
            reasons[one["reason"]] = reasons.get(one["reason"], 0) + 1
        told = [one for one in waiting if one["text"]][:SHOWN]
        return cls(
            count=len(waiting),
            weight=round(sum(one["weight"] for one in waiting), 2),
            reasons=dict(sorted(reasons.items(), key=lambda of: -of[1])),
            texts=[
                {
                    "reason": one["reason"],
                    "text": one["text"],
                    "at": datetime.fromisoformat(one["at"]),
                    "notice_by": one["notifier"],
                }
                for one in told
            ],
            settled=len(entries) - len(waiting),
            notices=sum(one["is_notice"] for one in waiting),
        )


REPORTED = f"""
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'outcome', outcome, 'weight', weight, 'reason', reason, 'text', text, 'at', reported_at,
               'notifier', notifier, 'is_notice', notice_id IS NOT NULL
           ) ORDER BY id DESC), '[]') AS entries
    FROM (SELECT * FROM report WHERE report.site_id = comment.site_id AND report.comment_id = comment.id
          ORDER BY report.id DESC LIMIT {LOOKED_AT}) AS latest
"""  # noqa: S608
"""What was reported about `comment`, for a query about comments."""


@dataclass(frozen=True, slots=True)
class Together:
    """What the open reports of a comment come to.

    `was_kept` is whether a moderator left this text as it is since it was reported. `reasons` have their
    weights, in the order in which they came.
    """

    count: int
    weight: float
    reasons: tuple[tuple[str, float], ...]
    was_kept: bool


async def is_reportable(
    connection: Connection, site_id: int, comment_id: UUID, reporter: bytes | None
) -> bool:
    """Whether readers see that comment, or this one reported it already."""
    found: bool = await connection.fetchval(
        """
        SELECT EXISTS (SELECT FROM comment WHERE site_id = $1 AND id = $2 AND status = 'published')
            OR EXISTS (SELECT FROM report WHERE site_id = $1 AND comment_id = $2 AND reporter = $3)
        """,
        site_id,
        comment_id,
        reporter,
    )
    return found


async def find_record(connection: Connection, site_id: int, reporter: bytes) -> tuple[int, int]:
    """Of how many comments that were reported from there today moderators kept, and took down, one."""
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE outcome = 'kept') AS kept,
               count(*) FILTER (WHERE outcome = 'taken_down') AS taken_down
        FROM report WHERE site_id = $1 AND reporter = $2
        """,
        site_id,
        reporter,
    )
    return (row["kept"], row["taken_down"]) if row else (0, 0)


async def insert_report(
    connection: Connection, site_id: int, comment_id: UUID, reporter: bytes, new: Report, weight: float
) -> bool:
    """Keep a report; False where there is an open one from there about this comment."""
    inserted = await connection.fetchval(
        """
        INSERT INTO report (site_id, comment_id, reporter, reason, text, weight)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (site_id, comment_id, reporter) WHERE outcome IS NULL DO NOTHING RETURNING id
        """,
        site_id,
        comment_id,
        reporter,
        new.reason,
        new.text,
        weight,
    )
    return inserted is not None


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice of illegal content to be kept; `recipient_id` is null where nobody is mailed."""

    id: UUID
    name: str | None = field(repr=False)
    explanation: str = field(repr=False)
    recipient_id: UUID | None


async def insert_notice(
    connection: Connection, site_id: int, comment_id: UUID, reason: str, new: NewNotice
) -> None:
    """Keep a notice: a report that weighs whole, and that knows no network."""
    await connection.execute(
        """
        INSERT INTO report (site_id, comment_id, reason, text, weight, notice_id, notifier, recipient_id)
        VALUES ($1, $2, $3, $4, 1, $5, $6, $7)
        """,
        site_id,
        comment_id,
        reason,
        new.explanation,
        new.id,
        new.name,
        new.recipient_id,
    )


@dataclass(frozen=True, slots=True)
class NoticeState:
    """What whoever sent a notice may know of it: `outcome` is null until a person has decided."""

    site_id: int
    received_at: datetime
    outcome: str | None
    settled_at: datetime | None
    page_url: str | None


async def find_notice(connection: Connection, notice_id: UUID) -> NoticeState | None:
    """How a notice stands."""
    row = await connection.fetchrow(
        """
        SELECT report.site_id, reported_at AS received_at, outcome, settled_at, page.url AS page_url
        FROM report
        LEFT JOIN comment ON comment.site_id = report.site_id AND comment.id = report.comment_id
        LEFT JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE notice_id = $1
        """,
        notice_id,
    )
    return NoticeState(**dict(row)) if row else None


async def find_together(connection: Connection, site_id: int, comment_id: UUID) -> Together:
    """What is said of a comment now; one that an edit made another since is judged anew."""
    rows = await connection.fetch(
        """
        SELECT report.reason, weight, outcome,
               outcome = 'kept' AND settled_at >= coalesce(comment.edited_at, '-infinity') AS is_kept
        FROM report JOIN comment ON comment.site_id = report.site_id AND comment.id = report.comment_id
        WHERE report.site_id = $1 AND report.comment_id = $2 ORDER BY report.id
        """,
        site_id,
        comment_id,
    )
    waiting = [(row["reason"], row["weight"]) for row in rows if row["outcome"] is None]
    return Together(
        count=len(waiting),
        weight=round(sum(weight for _, weight in waiting), 4),
        reasons=tuple(waiting),
        was_kept=any(row["is_kept"] for row in rows),
    )


async def find_latest_findings(connection: Connection, site_id: int, comment_id: UUID) -> str:
    """What the checks said last about a comment, as JSON."""
    found: str | None = await connection.fetchval(
        """
        SELECT findings FROM decision WHERE site_id = $1 AND comment_id = $2 AND source = 'checks'
        ORDER BY id DESC LIMIT 1
        """,
        site_id,
        comment_id,
    )
    return found or "[]"


@dataclass(frozen=True, slots=True)
class Reportable:
    """A published comment, as whoever reports it sees it."""

    author: str
    text: str
    page_url: str
    page_title: str | None
    published_at: datetime


async def find_reportable(connection: Connection, site_id: int, comment_id: UUID) -> Reportable | None:
    """That comment; null where readers do not see it."""
    row = await connection.fetchrow(
        """
        SELECT comment.author, comment.text, page.url AS page_url, page.title AS page_title,
               comment.published_at
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE comment.site_id = $1 AND comment.id = $2 AND comment.status = 'published'
        """,
        site_id,
        comment_id,
    )
    return Reportable(**dict(row)) if row else None
