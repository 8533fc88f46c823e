"""The page of orders about networks; one is given by a comment that came from there."""

from datetime import UTC, datetime, timedelta

from service.domain.errors import CommentNotFound, NoStanding, UnknownReason
from service.storage import network_standings
from service.storage.network_standings import NetworkStanding, NewNetworkStanding
from service.storage.pool import Connection
from service.usecases.network_standing import give_standing_of_network
from service.web.authors import GIVEN
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.network_standings import NetworkStandingBody, id_in, lift
from service.web.queries import uuid_of

DAYS = (1, 3, 7, 30)
MOST_SHOWN = 200


async def read(at: AtSite) -> Values:
    """The orders that hold; with `comment` the form that gives one by it."""
    comment = uuid_of(at.asked("comment"))
    if at.site is None:
        return {"orders": [], "comment": None, "days": DAYS, "given": ()}
    site = at.site

    async def find(held: Connection) -> list[NetworkStanding]:
        return await network_standings.list_active(held, site.id, before=None, limit=MOST_SHOWN)

    return {
        "orders": await at.read(find),
        "comment": str(comment) if comment else None,
        "days": DAYS,
        "given": sorted(GIVEN),
    }


async def give(at: AtSite) -> str:
    """Pre-moderate or ban the network of a comment."""
    comment_id, days = uuid_of(at.form.get("comment", "")), at.form.get("days", "")
    until = datetime.now(UTC) + timedelta(days=int(days) if days in map(str, DAYS) else 1, seconds=-1)
    sent = {"kind": at.form.get("kind"), "reason": at.form.get("reason"), "expires_at": until}
    body = body_of(NetworkStandingBody, sent | {"note": at.form.get("note", "").strip() or None})
    if comment_id is None:
        raise CommentNotFound
    if body.reason not in GIVEN:
        raise UnknownReason
    new = NewNetworkStanding(body.kind, body.reason, body.note, body.expires_at)
    await at.change(lambda held: give_standing_of_network(held, at.caller.judge, comment_id, new))
    return "network-ordered"


async def end(at: AtSite) -> str:
    """As usual again."""
    at.must("moderator")
    standing_id = id_in(at.form.get("id", ""))
    if standing_id is None:
        raise NoStanding
    await lift(at.services, at.caller, at.of, standing_id)
    return "network-lifted"


PAGE = SitePage("networks", "viewer", read, {"give": give, "lift": end}, kept=("comment",))
