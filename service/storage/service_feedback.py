"""What people found that a service should know: one row for each comment, due until the service knows it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from service.storage.pool import Connection

Found = Literal["spam", "ham"]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to be told."""

    site_id: int
    comment_id: UUID
    wanted: Found
    attempts: int


async def want(
    connection: Connection,
    site_id: int,
    comment_id: UUID,
    service: str,
    found: Found | None,
    after: timedelta,
) -> None:
    """Note what a person found; null: nothing about spam, and the service keeps its own answer.

    Only about a comment of which that service has said something, spam or not; `after` so long it is told.
    """
    await connection.execute(
        """
        WITH answered AS (
            SELECT CASE one ->> 'outcome' WHEN 'pass' THEN 'ham' ELSE 'spam' END AS said
            FROM decision CROSS JOIN LATERAL jsonb_array_elements(findings) AS one
            WHERE site_id = $1 AND comment_id = $2 AND source = 'checks'
              AND one ->> 'check' = $3 AND one ->> 'outcome' IN ('pass', 'hold', 'reject', 'spam')
            ORDER BY decision.id DESC LIMIT 1
        )
        INSERT INTO service_feedback AS it (site_id, comment_id, service, told, wanted, due_at)
        SELECT $1, $2, $3, said, coalesce($4, said), clock_timestamp() + $5::interval FROM answered
        ON CONFLICT (site_id, comment_id, service) DO UPDATE
            SET wanted = excluded.wanted, due_at = excluded.due_at, attempts = 0
        """,
        site_id,
        comment_id,
        service,
        found,
        after,
    )


async def claim(connection: Connection, service: str, *, limit: int, lease: timedelta) -> list[Due]:
    """Take up to `limit` of what is due, for so long; whoever dies meanwhile leaves it due again."""
    rows = await connection.fetch(
        """
        WITH due AS MATERIALIZED (
            SELECT site_id, comment_id FROM service_feedback
            WHERE wanted <> told AND service = $1 AND due_at <= clock_timestamp()
            ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE service_feedback AS it
        SET due_at = clock_timestamp() + $3::interval, attempts = attempts + 1
        FROM due WHERE it.site_id = due.site_id AND it.comment_id = due.comment_id AND it.service = $1
        RETURNING it.site_id, it.comment_id, it.wanted, it.attempts
        """,
        service,
        limit,
        lease,
    )
    return [Due(*row) for row in rows]


async def mark_told(connection: Connection, service: str, due: Due) -> None:
    """The service knows; if people changed their minds meanwhile, there is something to tell again."""
    await connection.execute(
        """
        UPDATE service_feedback SET told = $4, attempts = 0
        WHERE site_id = $1 AND comment_id = $2 AND service = $3
        """,
        due.site_id,
        due.comment_id,
        service,
        due.wanted,
    )


async def put_off(connection: Connection, service: str, due: Due, wait: timedelta) -> None:
    """It could not be told; it is due again after `wait`, unless people changed their minds."""
    await connection.execute(
        """
        UPDATE service_feedback SET due_at = clock_timestamp() + $5::interval
        WHERE site_id = $1 AND comment_id = $2 AND service = $3 AND wanted = $4
        """,
        due.site_id,
        due.comment_id,
        service,
        due.wanted,
        wait,
    )
