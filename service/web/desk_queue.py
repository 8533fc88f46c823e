"""The moderators' page: the queue with plain forms over the same use cases, complete without JavaScript."""

from urllib.parse import urlencode

from aiohttp import web

from service.domain.errors import StorageUnavailable
from service.domain.status import Status
from service.storage import figures, learning, queue
from service.storage.pool import connection
from service.storage.queue import QueuedComment
from service.storage.threads import Position
from service.web.auth import Caller, csrf_token
from service.web.desk_decide import NOTICES
from service.web.desk_items import item_of, reasons_for
from service.web.desk_session import DeskSession, find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import named_site
from service.web.middleware import html_page, see_other
from service.web.queries import cursor_of, write_cursor
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

PAGE_SIZE = 25
_COUNTS_S = 1.0
_TABS = (Status.HELD, Status.PENDING, Status.PUBLISHED, Status.REJECTED, Status.SPAM)


async def get_dashboard(request: web.Request) -> web.Response:
    """`GET /dashboard`: the queue, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page()
    return await _queue_page(request, services, session)


async def _queue_page(request: web.Request, services: Services, session: DeskSession) -> web.Response:
    caller, after = session.caller, cursor_of(request.query)
    site = named_site(request, caller)
    slug = site.slug if site else None
    status = request.query.get("status", "held")
    status = status if status in {str(tab) for tab in _TABS} else "held"
    found = await _read(services, caller, slug, status, after)
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    standing = {"status": status} | ({"site": slug} if slug else {})
    if after and not found:  # the last one of the last page was decided: the first may have some
        return see_other("/dashboard?" + urlencode(standing | {"notice": request.query.get("notice", "")}))
    text = render(
        "dashboard_queue.html",
        site=None,
        moderator={"name": caller.holder.name, "role": caller.holder.role},
        site_filter=slug,
        sites=[{"slug": site.slug, "name": site.name} for site in caller.sites.values()],
        status=status,
        counts=await _counts(services, caller, slug),
        alarming=await _alarming(services, caller),
        items=[item_of(comment) for comment in found[:PAGE_SIZE]],
        reasons=reasons_for(caller, slug),
        cursor=request.query.get("cursor"),
        next_url=_next_url(standing, last),
        csrf=csrf_token(services, session.secret),
        notice=NOTICES.get(request.query.get("notice", "")),
    )
    return html_page(text)


async def _read(
    services: Services, caller: Caller, slug: str | None, status: str, after: Position | None
) -> list[QueuedComment]:
    """One more than a page holds, where there are more."""

    async def read() -> list[QueuedComment]:
        async with connection(services.moderation) as held:
            return await queue.list_queue(
                held,
                caller.sites_named(slug),
                status=status,
                sort="oldest",
                limit=PAGE_SIZE + 1,
                after=after,
            )

    return await in_time(services, read())


def _next_url(standing: dict[str, str], last: QueuedComment | None) -> str | None:
    if last is None:
        return None
    cursor = write_cursor(Position(last.submitted_at, last.id))
    return "/dashboard?" + urlencode(standing | {"cursor": cursor})


async def _counts(services: Services, caller: Caller, slug: str | None) -> dict[str, str]:
    """What stands beside the tabs; nothing, rather than no queue, where it cannot be had in time."""

    async def read() -> list[figures.SiteFigures]:
        async with connection(services.moderation) as held:
            return await figures.list_site_figures(held, caller.sites_named(slug))

    try:
        counted = await in_time(services, read(), seconds=_COUNTS_S)
    except StorageUnavailable:
        return {}
    return {str(tab): str(sum(one.counts[tab] for one in counted)) for tab in _TABS}


async def _alarming(services: Services, caller: Caller) -> dict[str, bool]:
    """Sites where people agree with the checks less than promised; none, rather than no queue, in need."""

    async def read() -> dict[str, bool]:
        async with connection(services.moderation) as held:
            return await learning.list_alarming(held, list(caller.sites))

    try:
        return await in_time(services, read(), seconds=_COUNTS_S)
    except StorageUnavailable:
        return {}
