"""What the queue's script asks for while somebody works: leases, and what happened meanwhile."""

from uuid import UUID

from aiohttp import web

from service.storage import desk
from service.storage.pool import connection
from service.web.desk_forms import read_acting
from service.web.desk_place import REPORTED, Place
from service.web.services import in_time, services_of

CLAIM_S = 120
"""The page asks again while somebody still looks; what is left open is free again after this."""

MOST_NEW = 100


async def claim(request: web.Request) -> web.Response:
    """`POST /dashboard/claim`: takes the comment that is looked at, gives `release` back; how `ids` stand."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    caller = session.caller.where("moderator")
    wanted, left, near = (_ids(form.get(name, "")) for name in ("id", "release", "ids"))

    async def work() -> tuple[bool, list[desk.Standing]]:
        async with connection(services.moderation) as held:
            for one in left:
                await desk.release_one(held, list(caller.sites), one, caller.holder.moderator_id)
            got = [
                await desk.claim_one(
                    held, list(caller.sites), one, caller.holder.moderator_id, seconds=CLAIM_S
                )
                for one in wanted
            ]
            return all(got), await desk.list_standing(
                held, list(caller.sites), near, caller.holder.moderator_id
            )

    got, standing = await in_time(services, work())
    return web.json_response({"ok": got, "standing": _standing_document(standing)})


async def news(request: web.Request) -> web.Response:
    """`POST /dashboard/news`: how the comments of the page stand now, and the newest of the queue."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    caller, place = session.caller, Place.of(form)
    shown = _ids(form.get("ids", ""))

    async def read() -> tuple[list[desk.Standing], list[UUID]]:
        async with connection(services.moderation) as held:
            standing = await desk.list_standing(held, list(caller.sites), shown, caller.holder.moderator_id)
            site_ids = caller.sites_named(place.site or None)
            status = None if place.status == REPORTED else place.status
            return standing, await desk.list_newest(held, site_ids, status, limit=MOST_NEW)

    standing, newest = await in_time(services, read())
    return web.json_response({
        "newest": [str(one) for one in newest],
        "standing": _standing_document(standing),
    })  # fmt: skip


def _standing_document(standing: list[desk.Standing]) -> dict[str, dict[str, object]]:
    return {
        str(one.id): {
            "status": one.status,
            "version": one.version,
            "claimed_by": one.claimed_by,
            "decided_by": one.decided_by,
        }
        for one in standing
    }


def _ids(raw: str) -> list[UUID]:
    """Ids between commas, at most two hundred; what is none is passed over."""
    found = []
    for piece in raw.split(",")[:200]:
        try:
            found.append(UUID(piece))
        except ValueError:
            continue
    return found
