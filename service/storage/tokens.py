"""Tokens as admins list and revoke them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token without its secret; `site_ids` null is every site."""

    id: int
    prefix: str
    moderator: str
    role: str
    site_ids: list[int] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


_VALID = """
SELECT token.id, token.prefix, moderator.name AS moderator, token.role, token.site_ids, token.created_at,
       token.expires_at, token.last_used_at
FROM moderator_token AS token JOIN moderator ON moderator.id = token.moderator_id
WHERE token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > clock_timestamp())
"""


async def list_valid(
    connection: Connection, site_ids: Sequence[int], *, before: int | None, limit: int
) -> list[KeptToken]:
    """Those that reach one of these sites, the newest first, older than the id `before`."""
    rows = await connection.fetch(
        _VALID
        + """
        AND (token.site_ids IS NULL OR token.site_ids && $1::int[]) AND ($2::int IS NULL OR token.id < $2)
        ORDER BY token.id DESC LIMIT $3
        """,
        list(site_ids),
        before,
        limit,
    )
    return [KeptToken(**dict(row)) for row in rows]


async def find_valid(connection: Connection, token_id: int) -> KeptToken | None:
    """The valid token of that id."""
    row = await connection.fetchrow(_VALID + " AND token.id = $1", token_id)
    return KeptToken(**dict(row)) if row else None


async def find_by_digest(connection: Connection, digest: bytes) -> KeptToken | None:
    """The valid token of that SHA-256."""
    row = await connection.fetchrow(_VALID + " AND token.digest = $1", digest)
    return KeptToken(**dict(row)) if row else None


async def revoke(connection: Connection, token_id: int) -> bool:
    """Make it useless at once; whether it was not so already."""
    done: str = await connection.execute(
        "UPDATE moderator_token SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL",
        token_id,
    )
    return done == "UPDATE 1"
