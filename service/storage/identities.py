"""Who is who at an OpenID provider: issuer and subject of a person, and nothing else of what it says."""

from dataclasses import dataclass
from datetime import datetime

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """A line of the list: whom the provider's `subject` is."""

    name: str
    issuer: str
    subject: str
    linked_at: datetime


async def link(connection: Connection, moderator_id: int, issuer: str, subject: str) -> bool:
    """Let whom the provider knows by that subject in as this person; false where either is linked already."""
    done: str = await connection.execute(
        """
        INSERT INTO moderator_identity (issuer, subject, moderator_id) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        """,
        issuer,
        subject,
        moderator_id,
    )
    return done == "INSERT 0 1"


async def unlink(connection: Connection, moderator_id: int) -> bool:
    """Let the person in by no provider any more; whether there was one."""
    done: str = await connection.execute(
        "DELETE FROM moderator_identity WHERE moderator_id = $1", moderator_id
    )
    return done != "DELETE 0"


async def list_identities(connection: Connection) -> list[LinkedIdentity]:
    """All of them, by name."""
    rows = await connection.fetch(
        """
        SELECT moderator.name, identity.issuer, identity.subject, identity.linked_at
        FROM moderator_identity AS identity JOIN moderator ON moderator.id = identity.moderator_id
        ORDER BY moderator.name, identity.issuer
        """
    )
    return [LinkedIdentity(**dict(row)) for row in rows]
