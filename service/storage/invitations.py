"""Invitations: a way in for somebody new, used once; of its secret only the digest is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that can still be used; `site_ids` null is every site, `invited_by` null the command line."""

    id: int
    role: str
    site_ids: list[int] | None
    invited_by: int | None
    inviter: str | None
    created_at: datetime
    expires_at: datetime


_OPEN = """
SELECT invitation.id, invitation.role, invitation.site_ids, invitation.invited_by, inviter.name AS inviter,
       invitation.created_at, invitation.expires_at
FROM invitation LEFT JOIN moderator AS inviter ON inviter.id = invitation.invited_by
WHERE invitation.used_at IS NULL AND invitation.revoked_at IS NULL
  AND invitation.expires_at > clock_timestamp()
"""


async def insert(
    connection: Connection,
    digest: bytes,
    *,
    role: str,
    site_ids: Sequence[int] | None,
    invited_by: int | None,
    lasts: timedelta,
) -> None:
    """Keep the digest of a new one."""
    await connection.execute(
        """
        INSERT INTO invitation (digest, role, site_ids, invited_by, expires_at)
        VALUES ($1, $2, $3, $4, clock_timestamp() + $5::interval)
        """,
        digest,
        role,
        None if site_ids is None else list(site_ids),
        invited_by,
        lasts,
    )


async def find_open(connection: Connection, digest: bytes) -> Invitation | None:
    """The one of that SHA-256, while it can be used."""
    row = await connection.fetchrow(_OPEN + " AND invitation.digest = $1", digest)
    return Invitation(**dict(row)) if row else None


async def lock_open(connection: Connection, digest: bytes) -> Invitation | None:
    """The same, and nobody else uses or revokes it until the transaction ends."""
    row = await connection.fetchrow(_OPEN + " AND invitation.digest = $1 FOR UPDATE OF invitation", digest)
    return Invitation(**dict(row)) if row else None


async def find_by_id(connection: Connection, invitation_id: int) -> Invitation | None:
    """The one of that id, while it can be used."""
    row = await connection.fetchrow(_OPEN + " AND invitation.id = $1", invitation_id)
    return Invitation(**dict(row)) if row else None


async def list_open(
    connection: Connection, site_ids: Sequence[int], *, with_everywhere: bool
) -> list[Invitation]:
    """Those for these sites alone, and those for every site where `with_everywhere`; the newest first."""
    rows = await connection.fetch(
        _OPEN
        + """
        AND (invitation.site_ids <@ $1::int[] OR $2 AND invitation.site_ids IS NULL)
        ORDER BY invitation.id DESC LIMIT 200
        """,
        list(site_ids),
        with_everywhere,
    )
    return [Invitation(**dict(row)) for row in rows]


async def mark_used(connection: Connection, invitation_id: int, moderator_id: int) -> None:
    """Nobody comes by it again."""
    await connection.execute(
        "UPDATE invitation SET used_at = clock_timestamp(), moderator_id = $2 WHERE id = $1",
        invitation_id,
        moderator_id,
    )


async def revoke(connection: Connection, invitation_id: int) -> bool:
    """Nobody comes by it any more; whether somebody still could."""
    done: str = await connection.execute(
        """
        UPDATE invitation SET revoked_at = clock_timestamp()
        WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()
        """,
        invitation_id,
    )
    return done == "UPDATE 1"
