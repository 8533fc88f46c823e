"""Moderators and their tokens; of a token only the digest is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.rights import Rights
from service.storage.pool import Connection, Record
from service.tokens import ROLES


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a valid token or session speaks for; `roles` is resolved, so it is never "all".

    `token_id` is null where the person came in by password.
    """

    token_id: int | None
    moderator_id: int
    name: str
    rights: Rights
    roles: Mapping[int, str]
    loopback_only: bool

    @property
    def role(self) -> str:
        """The highest one that the holder has anywhere."""
        return self.rights.highest() or ROLES[0]

    @property
    def site_ids(self) -> tuple[int, ...]:
        """The sites at which the holder has a role."""
        return tuple(self.roles)


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """A line of the list of tokens."""

    prefix: str
    moderator: str
    role: str
    sites: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


# Where a person has roles by site, no token of that person opens more than these.
HOLDER = """
SELECT token.id AS token_id, moderator.id AS moderator_id, moderator.name, token.role, token.site_ids,
       coalesce(token.loopback_only, false) AS loopback_only,
       array(SELECT id FROM site ORDER BY id) AS known_site_ids,
       array(SELECT access.site_id FROM moderator_access AS access
             WHERE access.moderator_id = moderator.id ORDER BY access.site_id) AS access_site_ids,
       array(SELECT access.role FROM moderator_access AS access
             WHERE access.moderator_id = moderator.id ORDER BY access.site_id) AS access_roles
"""
_OF_TOKEN = HOLDER + "FROM moderator_token AS token JOIN moderator ON moderator.id = token.moderator_id"
_VALID = """
 AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > clock_timestamp())
 AND moderator.disabled_at IS NULL
"""


async def find_token_holder(connection: Connection, digest: bytes) -> Holder | None:
    """Who holds the unexpired, unrevoked token of that SHA-256, unless that person was disabled.

    The index finds a digest, not a secret: how long a look-up takes tells something about SHA-256 values,
    which nobody can choose, and nothing about the 256 random bits behind one. So no comparison in constant
    time is needed here.
    """
    row = await connection.fetchrow(_OF_TOKEN + " WHERE token.digest = $1" + _VALID, digest)
    return holder_of(row) if row else None


def holder_of(row: Record) -> Holder:
    """The holder of a row of `HOLDER`; one without a token has the person's rights."""
    rows = zip(row["access_site_ids"], row["access_roles"], strict=True)
    rights = own = Rights.of_rows(rows)
    if row["token_id"] is not None:
        rights = Rights.of_one_role(row["role"], row["site_ids"])
        rights = rights.within(own) if row["access_roles"] else rights
    return Holder(
        token_id=row["token_id"],
        moderator_id=row["moderator_id"],
        name=row["name"],
        rights=rights,
        roles=rights.resolved(row["known_site_ids"]),
        loopback_only=row["loopback_only"],
    )


async def is_token_kept(connection: Connection, digest: bytes) -> bool:
    """Whether a token was ever made with that SHA-256, valid or not."""
    kept = await connection.fetchval("SELECT 1 FROM moderator_token WHERE digest = $1", digest)
    return kept is not None


async def touch_token(connection: Connection, token_id: int) -> None:
    """Note when a token was last used, to the minute."""
    await connection.execute(
        """
        UPDATE moderator_token SET last_used_at = clock_timestamp()
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
        """,
        token_id,
    )


async def ensure_moderator(connection: Connection, name: str) -> int:
    """The moderator of that name, made where there is none."""
    moderator_id: int = await connection.fetchval(
        """
        INSERT INTO moderator (name) VALUES ($1)
        ON CONFLICT ON CONSTRAINT moderator_name_unique DO UPDATE SET name = excluded.name
        RETURNING id
        """,
        name,
    )
    return moderator_id


async def insert_token(
    connection: Connection,
    moderator_id: int,
    *,
    digest: bytes,
    prefix: str,
    role: str,
    site_ids: Sequence[int] | None,
    lasts: timedelta | None,
    loopback_only: bool = False,
) -> None:
    """Keep a token's digest; `site_ids=None` is every site, also later ones."""
    await connection.execute(
        """
        INSERT INTO moderator_token (moderator_id, digest, prefix, role, site_ids, expires_at, loopback_only)
        VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6::interval, $7)
        """,
        moderator_id,
        digest,
        prefix,
        role,
        None if site_ids is None else list(site_ids),
        lasts,
        loopback_only,
    )


async def revoke_token(connection: Connection, prefix: str) -> list[list[int] | None]:
    """Make the tokens of that prefix useless at once; the sites of each, null for every site."""
    rows = await connection.fetch(
        """
        UPDATE moderator_token SET revoked_at = clock_timestamp()
        WHERE prefix = $1 AND revoked_at IS NULL RETURNING site_ids
        """,
        prefix,
    )
    return [row["site_ids"] for row in rows]


async def list_tokens(connection: Connection) -> list[TokenEntry]:
    """Every token, oldest first, without its secret."""
    rows = await connection.fetch(
        """
        SELECT token.prefix, moderator.name AS moderator, token.role, token.created_at, token.expires_at,
               token.revoked_at, token.last_used_at,
               CASE WHEN token.site_ids IS NOT NULL THEN
                   array(SELECT slug FROM site WHERE id = ANY(token.site_ids) ORDER BY slug) END AS sites
        FROM moderator_token AS token JOIN moderator ON moderator.id = token.moderator_id
        ORDER BY token.id
        """
    )
    return [TokenEntry(**dict(row)) for row in rows]


async def names_of(connection: Connection, moderator_ids: list[int]) -> dict[int, str]:
    """The names of those moderators."""
    rows = await connection.fetch("SELECT id, name FROM moderator WHERE id = ANY($1::int[])", moderator_ids)
    return {row["id"]: row["name"] for row in rows}
