"""What moderators see: comments with their findings and their author's record, never an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from service.storage.pool import Connection, Record
from service.storage.threads import Position, Sort


@dataclass(frozen=True, slots=True)
class QueuedComment:
    """One comment as a moderator works on it."""

    id: UUID
    site: str
    page_url: str
    page_title: str | None
    parent_id: UUID | None
    parent_author: str | None
    parent_text: str | None
    status: str
    version: int
    reason: str | None
    author: str
    website: str | None
    text: str
    submitted_at: datetime
    findings: list[dict[str, Any]]
    author_key: str | None
    author_history: dict[str, int]
    claimed_by: str | None
    claimed_until: datetime | None


_SELECT = """
SELECT comment.id, site.slug AS site, page.url AS page_url, page.title AS page_title, comment.parent_id,
       parent.author AS parent_author, parent.text AS parent_text,
       comment.status, comment.version, comment.reason, comment.author, comment.website, comment.text,
       comment.submitted_at, author.key AS author_key, claimer.name AS claimed_by, comment.claimed_until,
       coalesce(checked.findings, '[]') AS findings, history.published, history.held, history.rejected,
       history.spam
FROM comment
JOIN site ON site.id = comment.site_id
JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
LEFT JOIN comment AS parent ON parent.site_id = comment.site_id AND parent.id = comment.parent_id
LEFT JOIN author ON author.site_id = comment.site_id AND author.id = comment.author_id
LEFT JOIN moderator AS claimer
       ON claimer.id = comment.claimed_by AND comment.claimed_until > clock_timestamp()
LEFT JOIN LATERAL (
    SELECT findings FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id AND source = 'checks'
    ORDER BY decision.id DESC LIMIT 1
) AS checked ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE other.status = 'published') AS published,
           count(*) FILTER (WHERE other.status = 'held') AS held,
           count(*) FILTER (WHERE other.status = 'rejected') AS rejected,
           count(*) FILTER (WHERE other.status = 'spam') AS spam
    FROM comment AS other
    WHERE other.site_id = comment.site_id AND other.author_id = comment.author_id AND other.id <> comment.id
) AS history
"""
_HISTORY = ("published", "held", "rejected", "spam")


async def list_queue(
    connection: Connection,
    site_ids: Sequence[int],
    *,
    status: str,
    sort: Sort,
    limit: int,
    after: Position | None,
) -> list[QueuedComment]:
    """Comments of those sites in one status; those that wait for their author's mail are left out."""
    ascending = sort == "oldest"
    keyset = f" AND (comment.submitted_at, comment.id) {'>' if ascending else '<'} ($4, $5)" if after else ""
    direction = "" if ascending else " DESC"
    rows = await connection.fetch(
        _SELECT
        + " WHERE comment.site_id = ANY($1::int[]) AND comment.status = $2"
        + " AND comment.reason IS DISTINCT FROM 'awaiting_confirmation'"
        + keyset
        + f" ORDER BY comment.submitted_at{direction}, comment.id{direction} LIMIT $3",
        list(site_ids),
        status,
        limit,
        *([after.submitted_at, after.id] if after else []),
    )
    return [_queued(row) for row in rows]


async def find_queued(
    connection: Connection, site_ids: Sequence[int], comment_ids: Sequence[UUID]
) -> dict[UUID, QueuedComment]:
    """Those comments, as far as they belong to those sites."""
    rows = await connection.fetch(
        _SELECT + " WHERE comment.site_id = ANY($1::int[]) AND comment.id = ANY($2::uuid[])",
        list(site_ids),
        list(comment_ids),
    )
    return {row["id"]: _queued(row) for row in rows}


async def claim_held(
    connection: Connection, site_ids: Sequence[int], moderator_id: int, *, limit: int, seconds: int
) -> list[UUID]:
    """Lease the oldest held comments that nobody has to this moderator, oldest first."""
    rows = await connection.fetch(
        """
        WITH oldest AS MATERIALIZED (  -- once, as in leases.py
            SELECT site_id, id FROM comment
            WHERE site_id = ANY($1::int[]) AND status = 'held'
              AND reason IS DISTINCT FROM 'awaiting_confirmation'
              AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
            ORDER BY submitted_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        UPDATE comment AS it
        SET claimed_by = $2, claimed_until = clock_timestamp() + make_interval(secs => $4)
        FROM oldest WHERE it.site_id = oldest.site_id AND it.id = oldest.id
        RETURNING it.id, it.submitted_at
        """,
        list(site_ids),
        moderator_id,
        limit,
        seconds,
    )
    return [row["id"] for row in sorted(rows, key=lambda row: (row["submitted_at"], row["id"]))]


def _queued(row: Record) -> QueuedComment:
    values = dict(row)
    values["findings"] = orjson.loads(values["findings"])
    values["author_history"] = {name: values.pop(name) for name in _HISTORY}
    if values["claimed_by"] is None:
        values["claimed_until"] = None
    return QueuedComment(**values)
