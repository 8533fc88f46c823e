"""Sign-in through the publisher's OpenID provider: to it by a link, back with a code, in with a session.

It begins with a link, not a form: browsers hold a form's redirects to `form-action`, which is us alone. The
way back comes from another site, so this browser's session cookie (`SameSite=Strict`) is first sent by a page
of ours that goes on by itself. Nothing that comes with a request says where that leads.
"""

import hmac
import time

import structlog
from aiohttp import web

from service.outbound.errors import NoAnswer
from service.outbound.oidc import NotProven, Provider
from service.storage import sessions
from service.storage.pool import Connection, in_transaction
from service.tokens import new_secret, secret_digest
from service.web.desk_session import SESSION_LASTS, end_session, give_cookie
from service.web.desk_sign_in import sign_in_page
from service.web.languages import N_
from service.web.middleware import html_page, see_other
from service.web.oidc_state import LASTS_S, SignInState, seal, unseal
from service.web.problems import Problem
from service.web.rendering import render
from service.web.services import Services, in_time, services_of
from service.web.sign_in_limits import count_sign_in
from service.web.sign_in_refused import Refusal, SignInRefused

log = structlog.get_logger(__name__)

_LONGEST_CODE = 2000
_AWAY = Refusal(
    "unavailable",
    503,
    N_("The sign-in service does not answer. Please use your password, or try again later."),
)
_BROKEN_OFF = Refusal("refused", 401, N_("This sign-in was broken off or is too old. Please begin again."))
_NOBODY = Refusal(
    "refused", 403, N_("This account opens nothing here. Please ask whoever runs this desk to link it.")
)


async def get_start(request: web.Request) -> web.Response:
    """`GET /dashboard/oidc`: on to the provider; changes nothing here."""
    services = services_of(request)
    provider, state = _provider(services), SignInState.new(time.time())
    try:
        await count_sign_in(request, services, None)
        url = await provider.authorize_url(state=state.state, nonce=state.nonce, verifier=state.verifier)
    except SignInRefused as refused:
        return _refuse(request, services, refused.refusal, "limit")
    except NoAnswer as error:
        return _refuse(request, services, _AWAY, error.reason)
    response = see_other(url)
    response.set_cookie(
        _cookie(services), seal(services.signing, state), path="/", httponly=True, samesite="Lax",
        secure=services.settings.is_https, max_age=LASTS_S,
    )  # fmt: skip
    return response


async def get_return(request: web.Request) -> web.Response:
    """`GET /dashboard/oidc/return`: a code for a session, if this browser asked for it."""
    services = services_of(request)
    provider = _provider(services)
    kept = unseal(services.signing, request.cookies.get(_cookie(services), ""), time.time())
    code = request.query.get("code", "")
    if kept is None or not _is_answer_to(kept, request, provider) or not 0 < len(code) <= _LONGEST_CODE:
        return _refuse(request, services, _BROKEN_OFF, "state")
    try:
        await count_sign_in(request, services, None)
        subject = await provider.subject_of(code=code, verifier=kept.verifier, nonce=kept.nonce)
    except SignInRefused as refused:
        return _refuse(request, services, refused.refusal, "limit")
    except NotProven as error:
        return _refuse(request, services, _BROKEN_OFF, str(error))
    except NoAnswer as error:
        return _refuse(request, services, _AWAY, error.reason)
    return await _come_in(request, services, provider.client.issuer, subject)


async def _come_in(request: web.Request, services: Services, issuer: str, subject: str) -> web.Response:
    secret = new_secret()

    async def enter(held: Connection) -> int | None:
        return await sessions.insert_session_of_identity(
            held, secret_digest(secret), issuer=issuer, subject=subject, lasts=SESSION_LASTS
        )

    moderator_id = await in_time(services, in_transaction(services.moderation, enter))
    if moderator_id is None:
        return _refuse(request, services, _NOBODY, "not linked")
    services.metrics.sign_ins.labels("oidc", "accepted").inc()
    log.info("signed in", by="oidc", moderator=moderator_id)
    await end_session(request, services)
    response = html_page(render("dashboard_oidc.html", site=None))
    _forget(response, services)
    give_cookie(response, services, secret)
    return response


def _is_answer_to(kept: SignInState, request: web.Request, provider: Provider) -> bool:
    """Whether it is the answer to what this browser asked, and says so of the right provider (RFC 9207)."""
    state, issuer = request.query.get("state", ""), request.query.get("iss", provider.client.issuer)
    return (
        hmac.compare_digest(state.encode("utf-8", "replace"), kept.state.encode())
        and issuer == provider.client.issuer
    )


def _refuse(request: web.Request, services: Services, refusal: Refusal, why: str) -> web.Response:
    services.metrics.sign_ins.labels("oidc", refusal.outcome).inc()
    log.warning("sign-in refused", by="oidc", outcome=refusal.outcome, reason=why)
    response = sign_in_page(request, refusal, by="provider")
    _forget(response, services)
    return response


def _forget(response: web.Response, services: Services) -> None:
    response.del_cookie(
        _cookie(services), path="/", httponly=True, samesite="Lax", secure=services.settings.is_https
    )


def _provider(services: Services) -> Provider:
    if services.provider is None:
        raise Problem(404, "not-found", "Not found", "People do not sign in through a provider here.")
    return services.provider


def _cookie(services: Services) -> str:
    return "__Host-replydesk-oidc" if services.settings.is_https else "replydesk_oidc"
