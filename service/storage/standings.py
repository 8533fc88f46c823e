"""What moderators ordered about authors: one order at a time, every one kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from service.domain.errors import StandingChanged
from service.domain.standing import Standing
from service.storage.pool import Connection, Record

STANDINGS: tuple[Standing, ...] = get_args(Standing)


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """One order; `is_active` is false for what is lifted or over."""

    author_key: str
    kind: Standing
    reason: str
    note: str | None
    by: str
    since: datetime
    expires_at: datetime | None
    lifted_at: datetime | None
    lifted_by: str | None
    is_active: bool
    proposes_ban: bool


@dataclass(frozen=True, slots=True)
class NewStanding:
    """What is ordered about an author, until a moment or for good."""

    kind: Standing
    reason: str
    note: str | None
    expires_at: datetime | None
    proposes_ban: bool = False


@dataclass(frozen=True, slots=True)
class GivenBan:
    """Of the order that holds: who gave it, and whether that one wanted a ban."""

    moderator_id: int
    proposes_ban: bool


_SELECT = """
SELECT author.key AS author_key, kind, reason, note, giver.name AS by, since, expires_at, lifted_at,
       lifter.name AS lifted_by,
       lifted_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp()) AS is_active,
       proposes_ban
FROM standing
JOIN author ON author.site_id = standing.site_id AND author.id = standing.author_id
JOIN moderator AS giver ON giver.id = standing.moderator_id
LEFT JOIN moderator AS lifter ON lifter.id = standing.lifted_by
WHERE standing.site_id = $1
"""


async def lift(connection: Connection, site_id: int, author_id: int, moderator_id: int) -> bool:
    """End the author's standing order; whether there was one, an expired one included."""
    done = await connection.fetchval(
        """
        UPDATE standing SET lifted_at = clock_timestamp(), lifted_by = $3
        WHERE site_id = $1 AND author_id = $2 AND lifted_at IS NULL RETURNING true
        """,
        site_id,
        author_id,
        moderator_id,
    )
    return done is not None


async def insert_standing(
    connection: Connection, site_id: int, author_id: int, new: NewStanding, moderator_id: int
) -> None:
    """Give an author a standing; the earlier one is lifted before.

    Raises:
        StandingChanged: somebody gave another one this moment.
    """
    given = await connection.fetchval(
        """
        INSERT INTO standing (site_id, author_id, kind, reason, note, expires_at, moderator_id,
                              proposes_ban)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (site_id, author_id) WHERE lifted_at IS NULL DO NOTHING RETURNING true
        """,
        site_id,
        author_id,
        new.kind,
        new.reason,
        new.note,
        new.expires_at,
        moderator_id,
        new.proposes_ban,
    )
    if given is None:
        raise StandingChanged


async def find_given(connection: Connection, site_id: int, author_id: int) -> GivenBan | None:
    """The order about an author that holds now."""
    row = await connection.fetchrow(
        """
        SELECT moderator_id, proposes_ban FROM standing
        WHERE site_id = $1 AND author_id = $2 AND lifted_at IS NULL
          AND (expires_at IS NULL OR expires_at > clock_timestamp())
        """,
        site_id,
        author_id,
    )
    return GivenBan(**dict(row)) if row else None


async def list_of_author(connection: Connection, site_id: int, author_id: int) -> list[KeptStanding]:
    """Every order about an author, the newest first."""
    rows = await connection.fetch(
        _SELECT + " AND standing.author_id = $2 ORDER BY standing.id DESC LIMIT 100", site_id, author_id
    )
    return [_kept(row) for row in rows]


async def list_active(
    connection: Connection, site_id: int, *, after: str | None, limit: int
) -> list[KeptStanding]:
    """The orders of a site that hold now, by author key."""
    rows = await connection.fetch(
        _SELECT
        + """
        AND lifted_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
        AND ($2::text IS NULL OR author.key > $2) ORDER BY author.key LIMIT $3
        """,
        site_id,
        after,
        limit,
    )
    return [_kept(row) for row in rows]


def _kept(row: Record) -> KeptStanding:
    return KeptStanding(**dict(row))
