"""Moderators look at an author as a whole: everything first, nothing any more, or as usual again."""

from service.domain.errors import AuthorNotFound, NoStanding
from service.domain.site import Site
from service.storage import audit, authors, standings
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.storage.standings import NewStanding

_DONE = {"banned": "author.banned", "premoderated": "author.premoderated"}


async def give_standing(
    connection: Connection, site: Site, author_key: str, new: NewStanding, moderator_id: int
) -> None:
    """Order it from now on; what was ordered before ends, and stays on record.

    Raises:
        AuthorNotFound: nobody has that key at the site.
        StandingChanged: somebody else ordered something at the same moment.
    """
    author_id = await _id_of(connection, site, author_key)
    await standings.lift(connection, site.id, author_id, moderator_id)
    await standings.insert_standing(connection, site.id, author_id, new, moderator_id)
    details = {
        "reason": new.reason,
        "expires_at": new.expires_at.isoformat() if new.expires_at else None,
    }
    await audit.record(connection, AuditEntry(_DONE[new.kind], site.id, moderator_id, author_key, details))


async def lift_standing(connection: Connection, site: Site, author_key: str, moderator_id: int) -> None:
    """End what was ordered.

    Raises:
        AuthorNotFound: nobody has that key at the site.
        NoStanding: nothing was ordered.
    """
    author_id = await _id_of(connection, site, author_key)
    if not await standings.lift(connection, site.id, author_id, moderator_id):
        raise NoStanding
    await audit.record(connection, AuditEntry("author.lifted", site.id, moderator_id, author_key))


async def _id_of(connection: Connection, site: Site, author_key: str) -> int:
    author_id = await authors.find_author_id(connection, site.id, author_key)
    if author_id is None:
        raise AuthorNotFound
    return author_id
