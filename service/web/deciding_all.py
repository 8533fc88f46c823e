"""One decision about all that is held of an author or of a page, over HTTP."""

from typing import Any

from aiohttp import web

from service.domain.site import Site
from service.domain.status import Status
from service.storage import queue
from service.storage.pool import connection
from service.storage.queue import QueuedComment
from service.storage.queue_filters import QueueFilter
from service.web.auth import Caller
from service.web.clock import start_clock
from service.web.moderation import BULK_S, answer, decide_one, read_as
from service.web.moderation_payloads import AllBody
from service.web.policy import enter_site
from service.web.queries import normalised
from service.web.services import Services, in_time


async def post_all(request: web.Request) -> web.Response:
    """`POST …/sites/{site}/decisions`: up to 200, each on its own, and how many are left."""
    services, caller, site = await enter_site(request, "moderator")
    body = await read_as(request, AllBody)
    return answer(await decide_all(request, services, caller, site, body))


async def decide_all(
    request: web.Request, services: Services, caller: Caller, site: Site, body: AllBody
) -> dict[str, Any]:
    """What became of each, and how many are still held that the caller can decide so."""
    page_url = normalised(body.page_url) if body.page_url is not None else None
    # What the caller proposed to reject is not the caller's to confirm: it would stand before all the rest.
    whose = caller.holder.moderator_id if body.action == "reject" else None
    only = QueueFilter(author_key=body.author_key, page_url=page_url, not_proposed_by=whose)
    found = await in_time(services, _held(services, site, only, body.limit))
    start_clock(BULK_S)
    ruling: dict[str, Any] = {"action": body.action, "reason": body.reason, "note": body.note}
    results = [
        await decide_one(request, services, caller, ruling | {"id": str(one.id), "version": one.version})
        for one in found
    ]
    return {"results": results, "left": await in_time(services, _left(services, site, only))}


async def _held(services: Services, site: Site, only: QueueFilter, limit: int) -> list[QueuedComment]:
    async with connection(services.moderation) as held:
        return await queue.list_queue(
            held, [site.id], status=str(Status.HELD), sort="oldest", limit=limit, after=None, only=only
        )


async def _left(services: Services, site: Site, only: QueueFilter) -> int:
    async with connection(services.moderation) as held:
        return await queue.count_held(held, site.id, only)
