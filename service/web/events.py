"""Server-sent events: what happens to comments, as it happens, resumed where a client was cut off."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from aiohttp import hdrs, web

from service.domain.errors import StorageUnavailable
from service.storage.events import Event, EventBounds
from service.web.auth import Caller, look_again_at_session, look_again_at_token
from service.web.clock import start_clock
from service.web.desk_session import SESSION_IDLE, find_session
from service.web.event_feed import EventFeed, TooManyStreams, wait_for_news
from service.web.middleware import REQUEST_ID
from service.web.moderation import enter
from service.web.problems import Problem, retry_after
from service.web.queries import bad_query
from service.web.services import services_of

log = structlog.get_logger(__name__)

HEARTBEAT_S = 10.0
"""So often a silent stream says something, and whoever listens is asked for: what was revoked ends then."""

LONGEST_S = 3600
_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy that holds events back defeats them
}

Look = Callable[[], Awaitable[Caller | None]]


@dataclass(slots=True)
class _Listener:
    """One client: who it is, which site it wants, and how far it has come."""

    caller: Caller
    look_again: Look
    slug: str | None
    place: int
    looked_at: float

    @property
    def site_ids(self) -> list[int]:
        return [one.id for one in self.caller.sites.values() if self.slug in {None, one.slug}]


async def get_events(request: web.Request) -> web.StreamResponse:
    """`GET /api/v1/moderation/events?site=&for_s=`: for programs, with a token."""
    services, caller = await enter(request, "viewer")
    return await _stream(request, caller, lambda: look_again_at_token(request, services))


async def get_desk_events(request: web.Request) -> web.StreamResponse:
    """`GET /dashboard/events`: the same for the dashboard, with its session."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        raise Problem(401, "signed-out", "Please sign in again")
    secret = session.secret
    return await _stream(
        request, session.caller, lambda: look_again_at_session(request, services, secret, SESSION_IDLE)
    )


async def _stream(request: web.Request, caller: Caller, look_again: Look) -> web.StreamResponse:
    feed, slug, lasts_s = services_of(request).feed, request.query.get("site"), _for_s(request)
    if slug is not None and not caller.sites_named(slug):
        raise Problem(404, "site-not-found", "There is no such site")
    try:
        async with feed.listening(caller.holder.moderator_id) as bounds:
            response = await _begin(request)
            if request.method != hdrs.METH_HEAD:
                first = _place_of(request, bounds)
                place = bounds.last if first is None else first
                listener = _Listener(caller, look_again, slug, place, _now())
                await _send_to_end(feed, response, listener, lasts_s, is_reset=first is None)
    except TooManyStreams:
        raise Problem(
            503, "too-many-streams", "Please try again in a moment", "Too many streams are open.",
            headers=retry_after(),
        ) from None  # fmt: skip
    return response


async def _begin(request: web.Request) -> web.StreamResponse:
    headers = _HEADERS | {"X-Request-ID": request[REQUEST_ID]}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    return response


async def _send_to_end(
    feed: EventFeed, response: web.StreamResponse, listener: _Listener, lasts_s: float, *, is_reset: bool
) -> None:
    """Whatever happens from here on ends the stream: there is no other answer once it has begun."""
    try:
        opening = f"event: reset\nid: {listener.place}\ndata: {{}}\n\n" if is_reset else ""
        await response.write(f"retry: 2000\n: events of moderation\n\n{opening}".encode())
        await _send(feed, response, listener, _now() + lasts_s)
        await response.write_eof()
    except (ConnectionError, TimeoutError):
        pass  # the client left, or reads nothing
    except Exception as error:  # noqa: BLE001
        log.error("a stream of events failed", error=type(error).__name__)  # noqa: TRY400


async def _send(feed: EventFeed, response: web.StreamResponse, listener: _Listener, until: float) -> None:
    while not feed.closing:
        news = feed.news
        try:
            if not await _may_go_on(listener):
                return
            found, place = await feed.after(listener.place, listener.site_ids)
        except StorageUnavailable:
            found, place = [], listener.place
        if found:
            await response.write(b"".join(map(_event_in_bytes, found)))
        moved, listener.place = place != listener.place, place
        left = until - _now()
        if left <= 0 and not moved:
            return
        if not moved:
            await wait_for_news(news, min(left, HEARTBEAT_S))
            if not news.is_set():
                await response.write(b": still here\n\n")


async def _may_go_on(listener: _Listener) -> bool:
    """Whether the token or session still holds; nothing is sent to one that was not looked at lately."""
    if _now() - listener.looked_at < HEARTBEAT_S:
        return True
    start_clock()
    caller = await listener.look_again()
    if caller is None or (listener.slug is not None and not caller.sites_named(listener.slug)):
        return False
    listener.caller, listener.looked_at = caller, _now()
    return bool(caller.sites)


def _event_in_bytes(event: Event) -> bytes:
    data = orjson.dumps(event_document(event)).decode()
    return f"id: {event.seq}\nevent: {event_name(event)}\ndata: {data}\n\n".encode()


def event_name(event: Event) -> str:
    """`queued` for what people must look at, `edited` for another text, else `decided`."""
    if event.type == "comment.edited":
        return "edited"
    waits = event.status == "held" and event.reason != "awaiting_confirmation"
    return "queued" if waits else "decided"


def event_document(event: Event) -> dict[str, Any]:
    """An event as JSON."""
    return {
        "id": str(event.comment_id),
        "site": event.site,
        "status": event.status,
        "type": event.type,
        "from_status": event.from_status,
        "version": event.version,
        "reason": event.reason,
        "source": event.source,
        "moderator": event.moderator,
        "page_url": event.page_url,
        "at": event.at,
    }


def _place_of(request: web.Request, bounds: EventBounds) -> int | None:
    """Where the client was cut off; null where what came since is not known any more, or the id not ours."""
    raw = request.headers.get("Last-Event-ID", "").strip()
    if not raw:
        return bounds.last
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 18):
        return None
    return int(raw) if bounds.dropped_through <= int(raw) <= bounds.last else None


def _for_s(request: web.Request) -> int:
    raw = request.query.get("for_s", str(LONGEST_S))
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 4 and int(raw) <= LONGEST_S):
        raise bad_query("for_s", "invalid", f"Between 0 and {LONGEST_S}.")
    return int(raw)


def _now() -> float:
    return asyncio.get_running_loop().time()
