"""Moderators look at an author as a whole: everything first, nothing any more, or as usual again."""

from dataclasses import replace

from service.domain.errors import AuthorNotFound, NoStanding
from service.domain.site import Site
from service.storage import audit, authors, standings
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.storage.standings import NewStanding
from service.usecases.second_pair import bans_alone

_DONE = {"banned": "author.banned", "premoderated": "author.premoderated", "trusted": "author.trusted"}


async def give_standing(
    connection: Connection, site: Site, author_key: str, new: NewStanding, moderator_id: int
) -> None:
    """Order it from now on; what was ordered before ends, and stays on record.

    Where the site wants a second pair of eyes for a ban, it pre-moderates until somebody else bans.

    Raises:
        AuthorNotFound: nobody has that key at the site.
        OwnProposal: the same person proposed the ban.
        StandingChanged: somebody else ordered something at the same moment.
    """
    author_id = await _id_of(connection, site, author_key)
    given = await standings.find_given(connection, site.id, author_id)
    if new.kind == "banned" and not bans_alone(site, given, moderator_id):
        new = replace(new, kind="premoderated", proposes_ban=True)
    await standings.lift(connection, site.id, author_id, moderator_id)
    await standings.insert_standing(connection, site.id, author_id, new, moderator_id)
    details = {
        "reason": new.reason,
        "expires_at": new.expires_at.isoformat() if new.expires_at else None,
    }
    done = "author.ban_proposed" if new.proposes_ban else _DONE[new.kind]
    await audit.record(connection, AuditEntry(done, site.id, moderator_id, author_key, details))


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
