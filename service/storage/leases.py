"""The checks' work list: who may check which pending comment, by the database's clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Leased:
    """A pending comment that this worker may check until its lease ends; `revises` is whose edit it is."""

    site_id: int
    id: UUID
    version: int
    attempts: int
    revises: UUID | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A check that begins: the how-many-th of this comment, and the text that is checked."""

    number: int
    text: str = field(repr=False)


# Each site has the same share, of each what is due longest, so that one site's flood makes no other wait;
# where more sites are due than comments are asked for, chance chooses. The index `comment_due_by_site`
# answers both steps with one short run for each site. They are materialized: a plan that ran one again would
# claim more than was asked for. What another worker is taking is skipped, and only what is leased is locked.
_CLAIM = """
WITH busy AS MATERIALIZED (
    SELECT site.id FROM site
    WHERE site.id <> ALL($4::int[]) AND (
        SELECT id FROM comment
        WHERE site_id = site.id AND status = 'pending' AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT 1
    ) IS NOT NULL
    ORDER BY random() LIMIT $2
),
due AS MATERIALIZED (
    SELECT oldest.site_id, oldest.id FROM busy CROSS JOIN LATERAL (
        SELECT site_id, id FROM comment
        WHERE site_id = busy.id AND status = 'pending' AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT $2 / (SELECT count(*) FROM busy)
        FOR UPDATE SKIP LOCKED
    ) AS oldest
)
UPDATE comment AS it SET lease_token = $1, due_at = clock_timestamp() + $3::interval
FROM due WHERE it.site_id = due.site_id AND it.id = due.id
RETURNING it.site_id, it.id, it.version, it.attempts, it.revises
"""


async def claim_due(
    connection: Connection, token: UUID, *, limit: int, lease: timedelta, without: Sequence[int] = ()
) -> list[Leased]:
    """Lease up to `limit` due comments: as many of each site, of each what is due longest; none of `without`.

    Fewer than `limit` does not mean that nothing else is due; none means that there was nothing to take.
    """
    rows = await connection.fetch(_CLAIM, token, limit, lease, list(without))
    return sorted((Leased(*row) for row in rows), key=lambda leased: leased.id)


async def count_attempt(
    connection: Connection, leased: Leased, token: UUID, lease: timedelta
) -> Attempt | None:
    """Count one attempt, just before the check runs, and begin its lease anew.

    None: the lease is lost, or a moderator decided, and perhaps took it back. This mark must outlive the
    worker but not Postgres, so its connection need not wait for the disk.
    """
    row = await connection.fetchrow(
        """
        UPDATE comment SET attempts = attempts + 1, due_at = clock_timestamp() + $4::interval
        WHERE site_id = $1 AND id = $2 AND lease_token = $3 AND status = 'pending' AND version = $5
        RETURNING attempts, text
        """,
        leased.site_id,
        leased.id,
        token,
        lease,
        leased.version,
    )
    return Attempt(*row) if row else None


async def release(connection: Connection, leased: Sequence[Leased], token: UUID) -> None:
    """Give back what was claimed and not begun, so that another worker need not wait for the lease."""
    await connection.execute(
        """
        UPDATE comment SET lease_token = NULL, due_at = clock_timestamp()
        WHERE lease_token = $1 AND status = 'pending' AND id = ANY($2::uuid[])
        """,
        token,
        [one.id for one in leased],
    )


async def renew(connection: Connection, leased: Sequence[tuple[UUID, UUID]], lease: timedelta) -> None:
    """Begin these leases anew, each a comment and its token; one that is lost stays lost."""
    await connection.execute(
        """
        UPDATE comment SET due_at = clock_timestamp() + $3::interval
        FROM unnest($1::uuid[], $2::uuid[]) AS held (id, token)
        WHERE comment.id = held.id AND lease_token = held.token AND status = 'pending'
        """,
        [comment_id for comment_id, _ in leased],
        [token for _, token in leased],
        lease,
    )


async def put_off(connection: Connection, leased: Leased, token: UUID, wait: timedelta) -> None:
    """Give back what was begun and is not to be decided yet: due again after `wait`, the attempt counted."""
    await connection.execute(
        """
        UPDATE comment SET lease_token = NULL, due_at = clock_timestamp() + $4::interval
        WHERE site_id = $1 AND id = $2 AND lease_token = $3 AND status = 'pending'
        """,
        leased.site_id,
        leased.id,
        token,
        wait,
    )


async def give_back(connection: Connection, leased: Leased, token: UUID) -> None:
    """Give back what was begun and not ended by no fault of its own: due now, the attempt not counted."""
    await connection.execute(
        """
        UPDATE comment SET lease_token = NULL, due_at = clock_timestamp(), attempts = attempts - 1
        WHERE site_id = $1 AND id = $2 AND lease_token = $3 AND status = 'pending'
        """,
        leased.site_id,
        leased.id,
        token,
    )


async def recall(connection: Connection, lease: timedelta) -> int:
    """Make due what could be due only after two leases; how many there were.

    Nobody leases for so long: the clock of the database went back, and without this they would wait until it
    is where it was. Whoever still checks one of them loses the race for it, as at the end of a lease.
    """
    done = await connection.execute(
        """
        UPDATE comment SET due_at = clock_timestamp()
        WHERE status = 'pending' AND due_at > clock_timestamp() + 2 * $1::interval
        """,
        lease,
    )
    return int(done.split()[1])


async def count_due(connection: Connection, lease: timedelta) -> int:
    """How many comments wait for a check that nobody is doing, counted up to a thousand."""
    count: int = await connection.fetchval(
        """
        SELECT count(*) FROM (
            SELECT 1 FROM comment WHERE status = 'pending'
            AND (due_at <= clock_timestamp() OR due_at > clock_timestamp() + 2 * $1::interval) LIMIT 1000
        ) AS due
        """,
        lease,
    )
    return count
