"""The end of a shift: what somebody decided in it."""

from aiohttp import web

from service.storage import desk
from service.storage.pool import connection
from service.web.desk_frame import frame
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.middleware import html_page
from service.web.rendering import render
from service.web.services import in_time, services_of

HOURS = 12
"""As long as a session lasts."""


async def get_shift(request: web.Request) -> web.Response:
    """`GET /dashboard/shift`: one's own decisions of the last twelve hours, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    caller = session.caller

    async def read() -> desk.Shift:
        async with connection(services.moderation) as held:
            return await desk.read_shift(held, list(caller.sites), caller.holder.moderator_id, HOURS)

    found = await in_time(services, read())
    per_minute = 60 * found.decided / found.seconds if found.seconds >= 1 else None
    page = frame(services, session)
    return html_page(render("dashboard_shift.html", **page, shift=found, per_minute=per_minute, hours=HOURS))
