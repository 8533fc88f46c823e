"""What moderators see: comments with their findings and their author's record, never an address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from service.storage.decisions import NOT_TAKEN_BACK, UNDO_FOR
from service.storage.pool import Connection, Record
from service.storage.queue_filters import (
    IS_PROPOSED_BY,
    ORDERS,
    Place,
    QueueFilter,
    QueueSort,
    condition_of,
    rows_of_sites,
)
from service.storage.reports import REPORTED, Reports
from service.storage.threads import Position


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
    risk: float | None = None
    language: str | None = None
    undo_until: datetime | None = None
    edited_at: datetime | None = None
    staff: str | None = None
    is_network_known: bool = False
    proposed: dict[str, Any] | None = None
    reports: Reports = field(default_factory=Reports)
    revises: UUID | None = None
    picked: bool = False
    revised_text: str | None = field(default=None, repr=False)


# `listed` chooses the rows by their keys; everything else is read for those rows alone.
_SELECT = """
, record AS MATERIALIZED (  -- once for each author; what came before the latest thousand is not counted
    SELECT known.site_id, known.author_id, latest.*
    FROM (SELECT DISTINCT site_id, author_id FROM listed WHERE author_id IS NOT NULL) AS known
    CROSS JOIN LATERAL (
        SELECT min(submitted_at) AS since,
               count(*) FILTER (WHERE status = 'published') AS published,
               count(*) FILTER (WHERE status = 'held') AS held,
               count(*) FILTER (WHERE status = 'rejected') AS rejected,
               count(*) FILTER (WHERE status = 'spam') AS spam
        FROM (
            SELECT status, submitted_at FROM comment
            WHERE site_id = known.site_id AND author_id = known.author_id
            ORDER BY submitted_at DESC LIMIT 1000
        ) AS other
    ) AS latest
)
SELECT comment.id, site.slug AS site, page.url AS page_url, page.title AS page_title, comment.parent_id,
       parent.author AS parent_author, parent.text AS parent_text,
       comment.status, comment.version, comment.reason, comment.author, comment.website, comment.text,
       comment.submitted_at, comment.edited_at, comment.risk, comment.language,
       author.key AS author_key, staff.name AS staff,
       comment.network IS NOT NULL AS is_network_known, claimer.name AS claimed_by, comment.claimed_until,
       coalesce(checked.findings, '[]') AS findings,
       coalesce(checked.decided_at < comment.edited_at, false) AS is_of_another_text,
       record.published, record.held, record.rejected, record.spam,
       proposed.by AS proposed_by, proposed.reason AS proposed_reason, proposed.note AS proposed_note,
       proposed.decided_at AS proposed_at,
       comment.submitted_at >= record.since AS is_counted, latest.undo_until, reported.entries AS reports,
       comment.revises, revised.text AS revised_text, comment.picked_at IS NOT NULL AS picked
FROM listed
JOIN comment ON comment.site_id = listed.site_id AND comment.id = listed.id
JOIN site ON site.id = comment.site_id
JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
LEFT JOIN comment AS parent ON parent.site_id = comment.site_id AND parent.id = comment.parent_id
LEFT JOIN comment AS revised
       ON revised.site_id = comment.site_id AND revised.id = comment.revises AND comment.status <> 'erased'
LEFT JOIN author ON author.site_id = comment.site_id AND author.id = comment.author_id
LEFT JOIN moderator AS staff ON staff.id = comment.staff_id
LEFT JOIN moderator AS claimer
       ON claimer.id = comment.claimed_by AND comment.claimed_until > clock_timestamp()
LEFT JOIN LATERAL (
    SELECT findings, decision.decided_at FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id AND source = 'checks'
    ORDER BY decision.id DESC LIMIT 1
) AS checked ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN source = 'moderator' AND NOT action = ANY({not_taken_back})
                 AND decision.decided_at > clock_timestamp() - {undo_for}
           THEN decision.decided_at + {undo_for} END AS undo_until
    FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
      AND comment.decided_at > clock_timestamp() - {undo_for}
    ORDER BY decision.id DESC LIMIT 1
) AS latest ON true
LEFT JOIN LATERAL (
    SELECT proposer.name AS by, last.reason, last.note, last.decided_at
    FROM (SELECT action, moderator_id, reason, note, decided_at FROM decision
          WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
            AND action NOT IN ('redact', 'restore') ORDER BY decision.id DESC LIMIT 1) AS last
    JOIN moderator AS proposer ON proposer.id = last.moderator_id
    WHERE last.action = 'propose'
) AS proposed ON comment.status = 'held'
CROSS JOIN LATERAL ({reported}) AS reported
LEFT JOIN record ON record.site_id = listed.site_id AND record.author_id = listed.author_id
""".format(undo_for=UNDO_FOR, not_taken_back=f"ARRAY{sorted(NOT_TAKEN_BACK)}", reported=REPORTED)  # noqa: S608
# Site by site: over several sites at once the index is in no order, and the whole status would be sorted.
_OF_SITES = """
    SELECT found.* FROM (SELECT DISTINCT unnest($1::int[]) AS site_id) AS wanted
    CROSS JOIN LATERAL (
        SELECT site_id, id, author_id, submitted_at FROM comment
        WHERE site_id = wanted.site_id AND {which} AND reason IS DISTINCT FROM 'awaiting_confirmation'
        ORDER BY submitted_at {direction}, id {direction} LIMIT $3
    ) AS found
    ORDER BY found.submitted_at {direction}, found.id {direction} LIMIT $3
"""
_CLAIMABLE = f"""
status = 'held' AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
AND NOT {IS_PROPOSED_BY.replace("?", "$2")}
"""
_HISTORY = ("published", "held", "rejected", "spam")


_EVERYTHING = QueueFilter()


async def list_queue(
    connection: Connection,
    site_ids: Sequence[int],
    *,
    status: str | None,
    sort: QueueSort,
    limit: int,
    after: Place | Position | None,
    only: QueueFilter = _EVERYTHING,
) -> list[QueuedComment]:
    """Comments of those sites in one status; those that wait for their author's mail only where asked for.

    Without a status: wherever nobody has refused them, for those that were reported.
    """
    place = Place(after) if isinstance(after, Position) else after
    condition = condition_of(only, status=status, sort=sort, after=place, values=[list(site_ids), limit])
    listed = rows_of_sites(condition, sort)
    order = ", ".join("listed." + column for column in ORDERS[sort].split(", "))
    rows = await connection.fetch(
        f"WITH listed AS MATERIALIZED ({listed}) {_SELECT} ORDER BY {order}", *condition.values
    )
    return [_queued(row) for row in rows]


async def count_held(connection: Connection, site_id: int, only: QueueFilter) -> int:
    """How many comments of that site are held and fulfil the filter; one that an index answers."""
    condition = condition_of(only, status="held", sort="oldest", after=None, values=[[site_id]])
    number: int = await connection.fetchval(
        "SELECT count(*) FROM unnest($1::int[]) AS wanted (site_id)"  # noqa: S608
        f" JOIN comment USING (site_id) WHERE {condition.sql}",
        *condition.values,
    )
    return number


async def find_queued(
    connection: Connection, site_ids: Sequence[int], comment_ids: Sequence[UUID]
) -> dict[UUID, QueuedComment]:
    """Those comments, as far as they belong to those sites."""
    listed = (
        "SELECT site_id, id, author_id FROM comment WHERE site_id = ANY($1::int[]) AND id = ANY($2::uuid[])"
    )
    rows = await connection.fetch(
        f"WITH listed AS MATERIALIZED ({listed}) {_SELECT}", list(site_ids), list(comment_ids)
    )
    return {row["id"]: _queued(row) for row in rows}


_CLAIM = f"""
WITH due AS MATERIALIZED ({_OF_SITES.format(which=_CLAIMABLE, direction="ASC")}),
share AS MATERIALIZED (SELECT site_id, count(*) AS size FROM due GROUP BY site_id),
oldest AS MATERIALIZED (  -- once, as in leases.py; of each site its share, so that no more is locked
    SELECT mine.site_id, mine.id FROM share CROSS JOIN LATERAL (
        SELECT site_id, id FROM comment
        WHERE site_id = share.site_id AND {_CLAIMABLE} AND reason IS DISTINCT FROM 'awaiting_confirmation'
        ORDER BY submitted_at, id LIMIT share.size FOR UPDATE SKIP LOCKED
    ) AS mine
    LIMIT $3  -- it has no more; without this the planner expects thousands and reads the table
)
UPDATE comment AS it
SET claimed_by = $2, claimed_until = clock_timestamp() + make_interval(secs => $4)
FROM oldest WHERE it.site_id = oldest.site_id AND it.id = oldest.id
RETURNING it.id, it.submitted_at
"""  # noqa: S608


async def claim_held(
    connection: Connection, site_ids: Sequence[int], moderator_id: int, *, limit: int, seconds: int
) -> list[UUID]:
    """Lease the oldest held comments that nobody has to this moderator, oldest first.

    What another moderator is taking at this moment is passed over: there may be fewer than wait. So is what
    this one proposed to reject, which waits for somebody else.
    """
    rows = await connection.fetch(_CLAIM, list(site_ids), moderator_id, limit, seconds)
    return [row["id"] for row in sorted(rows, key=lambda row: (row["submitted_at"], row["id"]))]


def _queued(row: Record) -> QueuedComment:
    values = dict(row)
    values["findings"] = orjson.loads(values["findings"])
    if values.pop("is_of_another_text"):  # what the checks pointed at stands elsewhere now, or is gone
        values["findings"] = [one | {"spans": []} for one in values["findings"]]
    values["reports"] = Reports.of(orjson.loads(values["reports"]))
    values["author_history"] = _others(values, is_counted=values.pop("is_counted"))
    values["proposed"] = _proposed(values)
    if values["claimed_by"] is None:
        values["claimed_until"] = None
    return QueuedComment(**values)


def _proposed(values: dict[str, Any]) -> dict[str, Any] | None:
    """Take what is proposed out of `values`."""
    proposed = {name: values.pop(f"proposed_{name}") for name in ("by", "reason", "note", "at")}
    return proposed if proposed["by"] else None


def _others(values: dict[str, Any], *, is_counted: bool | None) -> dict[str, int]:
    """Take the author's counts out of `values`, without this comment if it is among what was counted."""
    counts = {name: values.pop(name) or 0 for name in _HISTORY}
    if is_counted and counts.get(values["status"]):
        counts[values["status"]] -= 1
    return counts
