"""Appeals of authors: filed once against each decision, settled once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Appealable:
    """The decision that restricts a comment now, and whether it was appealed against."""

    decision_id: int
    decided_at: datetime
    is_appealed: bool


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An appeal that waits; `decided_by` is the person whose decision it is against, null for the checks.

    `status` and `reason` are what that decision made of the comment, `is_redaction` that it took out a part
    and no more. `decider_ids` are all who had a hand in it, or in the one that holds now: who decided, and
    who proposed what somebody else confirmed.
    """

    id: int
    site_id: int
    comment_id: UUID
    text: str = field(repr=False)
    filed_at: datetime
    decided_by: str | None
    decision_id: int
    status: str
    reason: str | None
    is_redaction: bool
    decider_ids: list[int]


_AGAINST = """
    SELECT id, decided_at, moderator_id FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
      AND decision.id = restricting_decision(comment.site_id, comment.id, comment.status)
"""


_OPEN = """
SELECT appeal.id, appeal.site_id, appeal.comment_id, appeal.text, appeal.filed_at,
       decider.name AS decided_by, against.id AS decision_id, against.status, against.reason,
       against.action = 'redact' AS is_redaction,
       array(
           SELECT DISTINCT one.moderator_id FROM decision AS one
           WHERE one.site_id = appeal.site_id AND one.comment_id = appeal.comment_id
             AND one.moderator_id IS NOT NULL AND ARRAY[appeal.decision_id, holds.id] && ARRAY[one.id, (
                 SELECT min(later.id) FROM decision AS later
                 WHERE one.action = 'propose' AND later.site_id = one.site_id
                   AND later.comment_id = one.comment_id AND later.id > one.id
                   AND later.action NOT IN ('redact', 'restore'))]
       ) AS decider_ids
FROM appeal
JOIN comment ON comment.site_id = appeal.site_id AND comment.id = appeal.comment_id
CROSS JOIN LATERAL restricting_decision(comment.site_id, comment.id, comment.status) AS holds (id)
JOIN decision AS against ON against.site_id = appeal.site_id AND against.comment_id = appeal.comment_id
                        AND against.id = appeal.decision_id
LEFT JOIN moderator AS decider ON decider.id = against.moderator_id
WHERE appeal.site_id = ANY($1::int[]) AND outcome IS NULL
"""


async def find_appealable(connection: Connection, site_id: int, comment_id: UUID) -> Appealable | None:
    """What an author may appeal against; null where nothing restricts the comment. Its row is locked."""
    row = await connection.fetchrow(
        f"""
        SELECT against.id AS decision_id, against.decided_at,
               EXISTS (SELECT FROM appeal WHERE appeal.site_id = comment.site_id
                       AND appeal.comment_id = comment.id AND decision_id = against.id) AS is_appealed
        FROM comment CROSS JOIN LATERAL ({_AGAINST}) AS against
        WHERE comment.site_id = $1 AND comment.id = $2 AND comment.revises IS NULL
        FOR NO KEY UPDATE OF comment
        """,  # noqa: S608  (parts of this file)
        site_id,
        comment_id,
    )
    return Appealable(**dict(row)) if row else None


async def insert_appeal(
    connection: Connection, site_id: int, comment_id: UUID, decision_id: int, text: str
) -> None:
    """Keep it."""
    await connection.execute(
        """
        INSERT INTO appeal (site_id, comment_id, decision_id, text, automated)
        SELECT $1, $2, $3, $4, source = 'checks' FROM decision
        WHERE site_id = $1 AND comment_id = $2 AND id = $3
        """,
        site_id,
        comment_id,
        decision_id,
        text,
    )


async def list_open(connection: Connection, site_ids: Sequence[int], *, limit: int) -> list[OpenAppeal]:
    """The oldest that wait."""
    rows = await connection.fetch(_OPEN + " ORDER BY filed_at, appeal.id LIMIT $2", list(site_ids), limit)
    return [OpenAppeal(**dict(row)) for row in rows]


async def find_open(connection: Connection, site_ids: Sequence[int], appeal_id: int) -> OpenAppeal | None:
    """One that waits; as long as its comment is locked, nobody else settles it."""
    row = await connection.fetchrow(_OPEN + " AND appeal.id = $2", list(site_ids), appeal_id)
    return OpenAppeal(**dict(row)) if row else None


async def insert_answer(
    connection: Connection,
    one: OpenAppeal,
    action: Literal["uphold", "grant"],
    moderator_id: int,
    note: str | None,
) -> None:
    """Record that somebody looked, and left the comment as it is: nothing moves, nothing begins anew."""
    await connection.execute(
        """
        INSERT INTO decision (site_id, comment_id, from_status, status, source, action, moderator_id, reason,
                              note, rule)
        SELECT site_id, id, status, status, 'moderator', $5, $3, reason, $4, 'appeal' FROM comment
        WHERE site_id = $1 AND id = $2
        """,
        one.site_id,
        one.comment_id,
        moderator_id,
        note,
        action,
    )


async def settle(
    connection: Connection, one: OpenAppeal, outcome: str, answer: str | None, *, alone: bool
) -> None:
    """Note how it came out; the last decision about the comment is the one that did it."""
    await connection.execute(
        """
        UPDATE appeal SET outcome = $3, settled_at = coalesce(settled_at, clock_timestamp()), alone = $4,
               settled_by = (SELECT max(id) FROM decision WHERE site_id = $1 AND comment_id = $5), answer = $6
        WHERE site_id = $1 AND id = $2
        """,
        one.site_id,
        one.id,
        outcome,
        alone,
        one.comment_id,
        answer,
    )
