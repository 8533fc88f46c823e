"""Which pages of which origins may call us from a browser; never with credentials."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from service.domain.page_url import parse_origin
from service.domain.site import Site
from service.web.problems import Problem

READ_HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Retry-After"}
"""Anyone may read what everyone can see, errors included."""

ReadHandler = Callable[[web.Request], Awaitable[web.Response]]
_OPEN: set[object] = set()

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key, Accept",
    "Access-Control-Max-Age": "600",
}


def anyone_may_read(handler: ReadHandler) -> ReadHandler:
    """Mark a handler all of whose answers scripts of any origin may read."""
    _OPEN.add(handler)
    return handler


async def set_read_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of those answers, whoever made them: the handler, or the middleware for an error."""
    if request.match_info.handler in _OPEN:
        response.headers.update(READ_HEADERS)


def write_headers(request: web.Request, site: Site, public_url: str) -> dict[str, str]:
    """The headers of an answer to a submission from this origin.

    An absent or opaque (`null`) origin is unknown and not refused: browsers send that under strict referrer
    policies, and programs send none.

    Raises:
        Problem: 403 `origin-not-registered`.
    """
    origin = parse_origin(request.headers.get("Origin", ""))
    if origin is None:
        return {"Vary": "Origin"}
    if origin not in site.origins and origin != public_url:
        raise Problem(
            403,
            "origin-not-registered",
            "This site does not take comments from there",
            "The page's origin is not registered.",
            headers={"Vary": "Origin"},
        )
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After, Location",
    }


def preflight(request: web.Request, site: Site, public_url: str) -> web.Response:
    """The answer to a browser that asks before it posts."""
    return web.Response(status=204, headers=write_headers(request, site, public_url) | _PREFLIGHT)
