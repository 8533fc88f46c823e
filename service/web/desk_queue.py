"""The moderators' page: the queue with plain forms over the same use cases, complete without JavaScript."""

from uuid import UUID

from aiohttp import web

from service.domain.errors import StorageUnavailable
from service.storage import desk, queue
from service.storage.pool import connection
from service.storage.queue import QueuedComment
from service.storage.queue_filters import QueueFilter
from service.storage.threads import Position
from service.web.auth import Caller
from service.web.desk_choices import current_choices
from service.web.desk_frame import frame
from service.web.desk_items import item_of, reasons_for
from service.web.desk_notices import NOTICES
from service.web.desk_place import REPORTED, SORTS, TABS, Place
from service.web.desk_session import DeskSession, find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import named_site
from service.web.middleware import html_page, see_other
from service.web.queries import cursor_of, write_cursor
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

_COUNTS_S = 1.0


async def get_dashboard(request: web.Request) -> web.Response:
    """`GET /dashboard`: the queue, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    return await _queue_page(request, services, session)


async def _queue_page(request: web.Request, services: Services, session: DeskSession) -> web.Response:
    caller, after, size = session.caller, cursor_of(request.query), page_size()
    site = named_site(request, caller)
    slug = site.slug if site else None
    place = Place.of(request.query)
    found = await _read(services, caller, place, slug, after, size)
    beside = await _beside(services, caller, slug)
    last = found[size - 1] if len(found) > size else None
    notice = request.query.get("notice", "")
    if after and not found:  # the last one of the last page was decided: the first may have some
        return see_other(place.at("").url(notice=notice))
    deciding = {one.slug for one in caller.judge.sites.values()}
    text = render(
        "dashboard_queue.html",
        **frame(services, session, chosen=slug),
        place=place,
        sorts=SORTS,
        counts=_numbers(beside),
        alarming=beside.alarming if beside else {},
        items=[item_of(comment, caller.holder.name) for comment in found[:size]],
        deciding=deciding,
        reasons=reasons_for(caller, slug),
        next_url=_next_url(place, last),
        notice=NOTICES.get(notice),
        undo=_undo_of(request),
        many=_many_of(request),
    )
    return html_page(text)


def page_size() -> int:
    """How many comments whoever asks wants on a page."""
    return int(current_choices().size)


async def _read(
    services: Services, caller: Caller, place: Place, slug: str | None, after: Position | None, size: int
) -> list[QueuedComment]:
    """One more than a page holds, where there are more."""

    async def read() -> list[QueuedComment]:
        async with connection(services.moderation) as held:
            return await queue.list_queue(
                held,
                caller.sites_named(slug),
                status=None if place.status == REPORTED else place.status,
                only=QueueFilter(reported=True if place.status == REPORTED else None),
                sort="newest" if place.sort == "newest" else "oldest",
                limit=size + 1,
                after=after,
            )

    return await in_time(services, read())


def _next_url(place: Place, last: QueuedComment | None) -> str | None:
    return place.at(write_cursor(Position(last.submitted_at, last.id))).url() if last else None


def _undo_of(request: web.Request) -> str | None:
    """The comment whose decision the notice offers to take back."""
    try:
        return str(UUID(request.query.get("undo", "")))
    except ValueError:
        return None


def _many_of(request: web.Request) -> tuple[int, int] | None:
    """How many of how many were decided together."""
    told = [request.query.get(name, "") for name in ("done", "of")]
    if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in told):
        return None
    return int(told[0]), int(told[1])


async def _beside(services: Services, caller: Caller, slug: str | None) -> desk.Beside | None:
    """What stands beside the queue; nothing, rather than no queue, where it cannot be had in time."""

    async def read() -> desk.Beside:
        async with connection(services.moderation) as held:
            return await desk.find_beside(held, caller.sites_named(slug), list(caller.sites))

    try:
        return await in_time(services, read(), seconds=_COUNTS_S)
    except StorageUnavailable:
        return None


def _numbers(beside: desk.Beside | None) -> dict[str, str]:
    if beside is None:
        return {}
    numbers = {str(tab): beside.counts.get(str(tab), 0) for tab in TABS} | {REPORTED: beside.reported}
    return {name: str(number) for name, number in numbers.items()}
