"""Moderators look at everything from a network first, or want nothing from it for a while."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from service.domain.errors import NetworkNotKept, NoStanding, TooManyNetworks
from service.domain.site import OrderedNetwork, Site
from service.keyring import Keyring
from service.storage import audit, network_standings
from service.storage.audit import AuditEntry
from service.storage.network_standings import NewNetworkStanding
from service.storage.pool import Connection
from service.usecases.decide import Judge, lock
from service.usecases.second_pair import bans_alone
from service.vault import network_hash

LONGEST = timedelta(days=30)
"""Networks change hands: an order about one ends after so long at the latest."""

MOST = 200
"""Orders about networks that hold at one site at once: each submission is compared with all of them."""


async def give_standing_of_network(
    connection: Connection, judge: Judge, comment_id: UUID, new: NewNetworkStanding
) -> tuple[Site, int]:
    """Order it about the network from which that comment came; its site and the order's id.

    Raises:
        CommentNotFound, RoleTooLow, IllegalMove: as `decide.rule`.
        NetworkNotKept: nobody knows any more where it came from.
        TooManyNetworks: `MOST` hold at the site.
        OwnProposal: the same person proposed the ban.
    """
    comment = await lock(connection, judge, comment_id)
    found = await network_standings.network_of_comment(connection, comment.site_id, comment.id)
    if found is None:
        raise NetworkNotKept
    site = judge.sites[comment.site_id]
    given = await network_standings.find_given(connection, site.id, found)
    if given is None and await network_standings.count_active(connection, site.id) >= MOST:
        raise TooManyNetworks
    if new.kind == "banned" and not bans_alone(site, given, judge.moderator_id):
        new = replace(new, kind="premoderated", proposes_ban=True)
    standing_id = await network_standings.insert(connection, comment.site_id, found, new, judge.moderator_id)
    details = {"reason": new.reason, "expires_at": new.expires_at.isoformat(), "comment": str(comment.id)}
    done = "network.ban_proposed" if new.proposes_ban else f"network.{new.kind}"
    entry = AuditEntry(done, comment.site_id, judge.moderator_id, str(standing_id), details)
    await audit.record(connection, entry)
    return site, standing_id


async def lift_standing_of_network(
    connection: Connection, site: Site, standing_id: int, moderator_id: int
) -> None:
    """End what was ordered.

    Raises:
        NoStanding: no such order holds at the site.
    """
    if not await network_standings.lift(connection, site.id, standing_id, moderator_id):
        raise NoStanding
    await audit.record(connection, AuditEntry("network.lifted", site.id, moderator_id, str(standing_id)))


def standing_of_network(signing: Keyring, network: str, ordered: Sequence[OrderedNetwork]) -> int | None:
    """The order that is about this network: a ban before anything milder, and then the newest."""
    hashes = {
        network_hash(signing, network, day, key_id=key_id)
        for day in _days(ordered)
        for key_id in signing.keys
    }
    found = [one for one in ordered if one.network in hashes]
    return max(found, key=lambda one: (one.kind == "banned", one.id)).id if found else None


def _days(ordered: Sequence[OrderedNetwork]) -> set[date]:
    """The days whose keys count; what came at midnight was hashed the day before it was stored."""
    return {one.day - timedelta(days=before) for one in ordered for before in (0, 1)}
