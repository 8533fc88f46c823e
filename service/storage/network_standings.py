"""What moderators ordered about networks; nobody can read which network it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.domain.standing import Restriction
from service.storage.pool import Connection
from service.storage.standings import GivenBan


@dataclass(frozen=True, slots=True)
class NetworkOfComment:
    """The hash of a network under the key of a day (UTC); `standing_id` is the order by which it came in."""

    network: bytes
    day: date
    standing_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewNetworkStanding:
    """What is ordered about a network, and until when."""

    kind: Restriction
    reason: str
    note: str | None
    expires_at: datetime
    proposes_ban: bool = False


@dataclass(frozen=True, slots=True)
class NetworkStanding:
    """One order; `is_active` is false for what is lifted or over."""

    id: int
    kind: Restriction
    reason: str
    note: str | None
    by: str
    since: datetime
    expires_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    is_active: bool
    proposes_ban: bool


_SELECT = """
SELECT it.id, kind, reason, note, giver.name AS by, since, expires_at, lifted_at, lifter.name AS lifted_by,
       lifted_at IS NULL AND expires_at > clock_timestamp() AS is_active,
       proposes_ban
FROM network_standing AS it
JOIN moderator AS giver ON giver.id = it.moderator_id
LEFT JOIN moderator AS lifter ON lifter.id = it.lifted_by
WHERE it.site_id = $1
"""


async def network_of_comment(
    connection: Connection, site_id: int, comment_id: UUID
) -> NetworkOfComment | None:
    """Where a comment came from, as long as that is kept."""
    row = await connection.fetchrow(
        """
        SELECT network, (submitted_at AT TIME ZONE 'UTC')::date AS day, network_standing_id AS standing_id
        FROM comment
        WHERE site_id = $1 AND id = $2 AND network IS NOT NULL
        """,
        site_id,
        comment_id,
    )
    return NetworkOfComment(**dict(row)) if row else None


async def count_active(connection: Connection, site_id: int) -> int:
    """How many orders about networks hold at a site; its row is locked, so that they are counted once."""
    await connection.execute("SELECT FROM site WHERE id = $1 FOR NO KEY UPDATE", site_id)
    count: int = await connection.fetchval(
        "SELECT count(*) FROM network_standing WHERE site_id = $1 AND lifted_at IS NULL"
        " AND expires_at > clock_timestamp()",
        site_id,
    )
    return count


async def find_given(connection: Connection, site_id: int, of: NetworkOfComment) -> GivenBan | None:
    """What holds about that network now: by its hash, or the order by which the comment came in."""
    row = await connection.fetchrow(
        """
        SELECT moderator_id, proposes_ban FROM network_standing
        WHERE site_id = $1 AND (network = $2 OR id = $3)
          AND lifted_at IS NULL AND expires_at > clock_timestamp()
        ORDER BY proposes_ban DESC, id DESC LIMIT 1
        """,
        site_id,
        of.network,
        of.standing_id,
    )
    return GivenBan(**dict(row)) if row else None


async def insert(
    connection: Connection, site_id: int, of: NetworkOfComment, new: NewNetworkStanding, moderator_id: int
) -> int:
    """Order something about a network; what was ordered about the same one ends. The new one's id.

    Another day's hash of it is known by a comment that came in by that order, and by nothing else.
    """
    await connection.execute(
        """
        UPDATE network_standing SET lifted_at = clock_timestamp(), lifted_by = $3
        WHERE site_id = $1 AND (network = $2 OR id = $4) AND lifted_at IS NULL
        """,
        site_id,
        of.network,
        moderator_id,
        of.standing_id,
    )
    standing_id: int = await connection.fetchval(
        """
        INSERT INTO network_standing (site_id, network, day, kind, reason, note, expires_at, moderator_id,
                                      proposes_ban)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
        """,
        site_id, of.network, of.day, new.kind, new.reason, new.note, new.expires_at, moderator_id,
        new.proposes_ban,
    )  # fmt: skip
    return standing_id


async def lift(connection: Connection, site_id: int, standing_id: int, moderator_id: int) -> bool:
    """End an order; whether it held."""
    done = await connection.fetchval(
        """
        UPDATE network_standing SET lifted_at = clock_timestamp(), lifted_by = $3
        WHERE site_id = $1 AND id = $2 AND lifted_at IS NULL AND expires_at > clock_timestamp() RETURNING true
        """,
        site_id,
        standing_id,
        moderator_id,
    )
    return done is not None


async def find(connection: Connection, site_id: int, standing_id: int) -> NetworkStanding | None:
    """One order, whether it holds or not."""
    row = await connection.fetchrow(_SELECT + " AND it.id = $2", site_id, standing_id)
    return NetworkStanding(**dict(row)) if row else None


async def list_active(
    connection: Connection, site_id: int, *, before: int | None, limit: int
) -> list[NetworkStanding]:
    """The orders of a site that hold now, the newest first."""
    rows: list[Any] = await connection.fetch(
        _SELECT
        + """
        AND lifted_at IS NULL AND expires_at > clock_timestamp() AND ($2::bigint IS NULL OR it.id < $2)
        ORDER BY it.id DESC LIMIT $3
        """,
        site_id,
        before,
        limit,
    )
    return [NetworkStanding(**dict(row)) for row in rows]
