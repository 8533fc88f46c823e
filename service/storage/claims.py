"""Who has which comment: leases of moderators on what is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Claim:
    """One lease that has not ended."""

    id: UUID
    site: str
    page_url: str
    claimed_by: str
    claimed_until: datetime


async def list_claims(connection: Connection, site_ids: Sequence[int], *, limit: int) -> list[Claim]:
    """What is leased at those sites now, the one that ends first before the others."""
    rows = await connection.fetch(
        """
        WITH first AS MATERIALIZED (  -- chosen first: joined before, all pages would be read for some claims
            SELECT site_id, id, page_id, claimed_by, claimed_until FROM comment
            WHERE site_id = ANY($1::int[]) AND claimed_until > (SELECT clock_timestamp())
            ORDER BY claimed_until, id LIMIT $2
        )
        SELECT first.id, site.slug AS site, page.url AS page_url, claimer.name AS claimed_by, claimed_until
        FROM first
        JOIN site ON site.id = first.site_id
        JOIN page ON page.site_id = first.site_id AND page.id = first.page_id
        JOIN moderator AS claimer ON claimer.id = first.claimed_by
        ORDER BY claimed_until, first.id
        """,
        list(site_ids),
        limit,
    )
    return [Claim(**dict(row)) for row in rows]


async def claim_one(
    connection: Connection, site_id: int, comment_id: UUID, moderator_id: int, *, seconds: int
) -> None:
    """Lease a comment that the caller has locked."""
    await connection.execute(
        """
        UPDATE comment SET claimed_by = $3, claimed_until = clock_timestamp() + make_interval(secs => $4)
        WHERE site_id = $1 AND id = $2
        """,
        site_id,
        comment_id,
        moderator_id,
        seconds,
    )


async def release_one(connection: Connection, site_id: int, comment_id: UUID) -> None:
    """End the lease on a comment that the caller has locked."""
    await connection.execute(
        "UPDATE comment SET claimed_by = NULL, claimed_until = NULL WHERE site_id = $1 AND id = $2",
        site_id,
        comment_id,
    )


async def release_all(connection: Connection, site_ids: Sequence[int], moderator_id: int) -> int:
    """End every lease of that moderator at those sites; how many there were.

    What another is deciding at this moment is passed over: its lease ends with the decision.
    """
    released: int = await connection.fetchval(
        """
        WITH mine AS MATERIALIZED (
            SELECT site_id, id FROM comment
            WHERE site_id = ANY($1::int[]) AND claimed_until > clock_timestamp() AND claimed_by = $2
            FOR NO KEY UPDATE SKIP LOCKED
        ), released AS (
            UPDATE comment AS it SET claimed_by = NULL, claimed_until = NULL
            FROM mine WHERE it.site_id = mine.site_id AND it.id = mine.id RETURNING 1
        )
        SELECT count(*) FROM released
        """,
        list(site_ids),
        moderator_id,
    )
    return released
