"""Gives held comments back to the checks, as far as no person ever decided about them."""

from dataclasses import dataclass
from uuid import UUID

from service.storage.audit import AuditEntry, record
from service.storage.evidence import SIMILAR_WITHIN
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Recheck:
    """Who wants it (null: the command line), of which reason (null: any), and after which id it goes on."""

    site_id: int
    moderator_id: int | None = None
    reason: str | None = None
    after: UUID | None = None


# No count and no place in a thread changes between held and pending, so no page is locked; what somebody else
# is deciding at this moment is passed by. A claimed comment lies before a moderator's eyes and stays there.
# Networks and sketches are forgotten: what was held as one of many would pass for being alone, and stays too.
_RECHECK = """
WITH due AS MATERIALIZED (
    SELECT it.site_id, it.id, it.version FROM comment AS it
    WHERE it.site_id = $1 AND it.status = 'held' AND ($2::uuid IS NULL OR it.id > $2)
      AND it.reason IS DISTINCT FROM 'awaiting_confirmation' AND ($3::text IS NULL OR it.reason = $3)
      AND (it.claimed_until IS NULL OR it.claimed_until <= clock_timestamp())
      AND NOT EXISTS (
          SELECT FROM decision WHERE decision.site_id = it.site_id AND decision.comment_id = it.id
          AND source = 'moderator' AND action <> 'recheck')
      AND NOT EXISTS (
          SELECT FROM decision CROSS JOIN LATERAL jsonb_array_elements(findings) AS said
          WHERE decision.site_id = it.site_id AND decision.comment_id = it.id AND source = 'checks'
          AND said ->> 'outcome' <> 'pass'
          AND (said ->> 'check' = 'flood' AND it.network IS NULL
               OR said ->> 'check' = 'near_duplicates'
               AND it.submitted_at < clock_timestamp() - $6::interval))
    ORDER BY it.id LIMIT $4 FOR NO KEY UPDATE OF it SKIP LOCKED
), recorded AS (
    INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action, moderator_id)
    SELECT site_id, id, version + 1, 'held', 'pending',
           CASE WHEN $5::int IS NULL THEN 'operator' ELSE 'moderator' END, 'recheck', $5
    FROM due
)
UPDATE comment AS it
SET status = 'pending', reason = NULL, version = it.version + 1, due_at = clock_timestamp(), attempts = 0
FROM due WHERE it.site_id = due.site_id AND it.id = due.id
RETURNING it.id
"""


async def recheck_some(connection: Connection, wish: Recheck, *, limit: int) -> list[UUID]:
    """Make up to `limit` of them pending, the oldest first; their ids in order.

    From then on they are any pending comment: leased, checked under today's policy, decided by the checks or
    by a person who comes first.
    """
    rows = await connection.fetch(
        _RECHECK, wish.site_id, wish.after, wish.reason, limit, wish.moderator_id, SIMILAR_WITHIN
    )
    if rows:
        details = {"count": len(rows), "reason": wish.reason}
        entry = AuditEntry("comments.rechecked", wish.site_id, wish.moderator_id, "held comments", details)
        await record(connection, entry)
    return sorted(row["id"] for row in rows)


async def count_statuses(connection: Connection, site_id: int, ids: list[UUID]) -> dict[str, int]:
    """How those comments stand now."""
    rows = await connection.fetch(
        "SELECT status, count(*) FROM comment WHERE site_id = $1 AND id = ANY($2::uuid[]) GROUP BY status",
        site_id,
        ids,
    )
    return dict(map(tuple, rows))
