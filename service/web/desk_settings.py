"""The moderator's own choices for the dashboard, kept in a cookie of this browser."""

from aiohttp import web

from service.web.desk_choices import ALLOWED, COOKIE, Choices
from service.web.desk_forms import read_acting
from service.web.desk_frame import frame
from service.web.desk_notices import NOTICES
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.languages import LANGUAGES
from service.web.middleware import html_page, see_other
from service.web.rendering import render
from service.web.services import services_of

_A_YEAR_S = 365 * 24 * 3600


async def get_settings(request: web.Request) -> web.Response:
    """`GET /dashboard/settings`: the choices, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    text = render(
        "dashboard_settings.html",
        **frame(services, session),
        languages=LANGUAGES,
        allowed=ALLOWED,
        notice=NOTICES.get(request.query.get("notice", "")),
    )
    return html_page(text)


async def post_settings(request: web.Request) -> web.Response:
    """`POST /dashboard/choose`: keeps what was chosen; what is no choice leaves the usual one."""
    services = services_of(request)
    _session, form = await read_acting(request, services)
    response = see_other("/dashboard/settings?notice=saved")
    response.set_cookie(
        COOKIE,
        Choices.of(form).as_cookie(),
        path="/dashboard",
        secure=services.settings.is_https,
        httponly=True,
        samesite="Lax",
        max_age=_A_YEAR_S,
    )
    return response
