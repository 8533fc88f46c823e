"""Whether a site allows that an address is revealed, and whether a comment still has one; as the owner."""

from dataclasses import dataclass
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Addressed:
    """A comment of which an address could be revealed: where it stands, and whether it has one."""

    status: str
    has_address: bool


async def is_switched_on(connection: Connection, site_id: int) -> bool:
    """Whether it is allowed there."""
    found: bool = await connection.fetchval("SELECT reveals_addresses FROM site WHERE id = $1", site_id)
    return found


async def switch(connection: Connection, site_id: int, *, is_on: bool) -> None:
    """Allow it at a site, or no more."""
    await connection.execute("UPDATE site SET reveals_addresses = $2 WHERE id = $1", site_id, is_on)


async def find_addressed(connection: Connection, site_id: int, comment_id: UUID) -> Addressed | None:
    """The comment of that id at that site; the address itself is not read."""
    row = await connection.fetchrow(
        """
        SELECT comment.status, EXISTS (
            SELECT FROM comment_email AS it WHERE it.site_id = comment.site_id AND it.comment_id = comment.id
        ) AS has_address
        FROM comment WHERE comment.site_id = $1 AND comment.id = $2
        """,
        site_id,
        comment_id,
    )
    return Addressed(row["status"], row["has_address"]) if row else None
