"""Into the dashboard and out again; every try is logged and counted, without what was typed."""

import structlog
from aiohttp import web

from service.web.credentials import session_for_password, session_for_token, typed_name, way_of
from service.web.desk_forms import read_acting, read_desk_form
from service.web.desk_session import end_session, give_cookie, take_cookie
from service.web.middleware import html_page, see_other
from service.web.rendering import render
from service.web.services import services_of
from service.web.sign_in_limits import count_sign_in
from service.web.sign_in_refused import Refusal, SignInRefused

log = structlog.get_logger(__name__)


async def sign_in(request: web.Request) -> web.Response:
    """`POST /dashboard/sign-in`: exchanges a name and a password, or a pasted token, for a session."""
    services = services_of(request)
    fields = await read_desk_form(request, services, of_session=False)
    by, name = way_of(fields), typed_name(fields)
    session_for = session_for_token if by == "token" else session_for_password
    try:
        await count_sign_in(request, services, None if by == "token" else name)
        secret, moderator_id = await session_for(request, services, fields)
    except SignInRefused as refused:
        services.metrics.sign_ins.labels(by, refused.refusal.outcome).inc()
        # What was typed as a name may be a password or an address.
        log.warning("sign-in refused", by=by, outcome=refused.refusal.outcome)
        return sign_in_page(request, refused.refusal, by=by, name=name)
    services.metrics.sign_ins.labels(by, "accepted").inc()
    log.info("signed in", by=by, moderator=moderator_id)
    await end_session(request, services)  # the one that this browser had before
    response = see_other("/dashboard")
    give_cookie(response, services, secret)
    return response


async def sign_out(request: web.Request) -> web.Response:
    """`POST /dashboard/sign-out`: ends the session here and on the server."""
    services = services_of(request)
    session, _fields = await read_acting(request, services)
    await end_session(request, services)
    log.info("signed out", moderator=session.caller.holder.moderator_id)
    response = see_other("/dashboard")
    take_cookie(response, services)
    return response


def sign_in_page(
    request: web.Request, refusal: Refusal | None = None, *, by: str = "password", name: str = ""
) -> web.Response:
    """The way in; after a refusal with what was wrong, and the name as it was typed."""
    error = refusal.sentence if refusal else None
    wait_s = refusal.wait_s if refusal else 0
    settings = services_of(request).settings
    text = render(
        "dashboard_sign_in.html", site=None, by=by, typed_name=name, error=error, wait_s=wait_s,
        has_provider=bool(settings.oidc_issuer), provider=settings.oidc_name,
    )  # fmt: skip
    wait = {"Retry-After": str(refusal.wait_s)} if refusal and refusal.wait_s else {}
    return html_page(text, status=refusal.status if refusal else 200, headers=wait)
