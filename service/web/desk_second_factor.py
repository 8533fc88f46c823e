"""The dashboard's page about the second factor: set an app up, confirm it, remove it."""

from typing import Any

import structlog
from aiohttp import web

from service.domain.one_time_code import setup_uri, spelt
from service.storage import second_factors, sessions
from service.storage.pool import Connection, connection, in_transaction
from service.tokens import secret_digest
from service.web.auth import csrf_token
from service.web.desk_forms import read_acting
from service.web.desk_session import DeskSession, find_session
from service.web.desk_sign_in import sign_in_page
from service.web.languages import N_
from service.web.middleware import html_page
from service.web.problems import Problem, retry_after
from service.web.rendering import render
from service.web.services import Services, in_time, services_of
from service.web.sign_in_limits import CODE_TRIES

log = structlog.get_logger(__name__)

_WRONG = N_("This is not the code of now, or it was used already.")
_TOKEN = N_("You came in by a token. Codes are asked of people who sign in with a password.")
_DONE = N_("No code is asked for any more.")


async def get_second_factor(request: web.Request) -> web.Response:
    """`GET /dashboard/second-factor`: how it stands, or the way in; changes nothing and shows no secret."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    return await _page(services, session)


async def post_second_factor(request: web.Request) -> web.Response:
    """`POST /dashboard/code`: `begin`, `confirm` or `remove`, with the page as its answer."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    if session.caller.holder.token_id is not None:
        return await _page(services, session)
    if form.get("action") == "begin":
        return await _begin(services, session)
    await count_code(services, session.caller.holder.moderator_id)
    if form.get("action") == "confirm":
        return await _confirm(services, session, form.get("code", ""))
    return await _remove(services, session, form.get("code", ""))


async def count_code(services: Services, moderator_id: int) -> None:
    """Count a try at somebody's code.

    Raises:
        Problem: 429, it is one too many.
    """
    decision = await services.limiter.take({f"second-factor:{moderator_id}": CODE_TRIES})
    if not decision.allowed:
        raise Problem(429, "too-fast", "Too many tries", "Try again later.", headers=retry_after())


async def _begin(services: Services, session: DeskSession) -> web.Response:
    who = session.caller.holder

    async def begin(held: Connection) -> bytes | None:
        return await services.second_factors.begin(held, who.moderator_id)

    secret = await in_time(services, in_transaction(services.moderation, begin))
    return await _page(services, session, secret=secret)


async def _confirm(services: Services, session: DeskSession, typed: str) -> web.Response:
    who = session.caller.holder

    async def confirm(held: Connection) -> tuple[list[str], bytes | None]:
        codes = await services.second_factors.confirm(held, who.moderator_id, who.name, typed)
        if codes:  # whoever came in without a code is out
            await sessions.end_own(held, who.moderator_id, None, secret_digest(session.secret))
            return codes, None
        return [], await services.second_factors.begun(held, who.moderator_id)

    codes, secret = await in_time(services, in_transaction(services.moderation, confirm))
    if codes:
        log.info("second factor added", moderator=who.moderator_id)
    return await _page(services, session, codes=codes, secret=secret, error=None if codes else _WRONG)


async def _remove(services: Services, session: DeskSession, typed: str) -> web.Response:
    who = session.caller.holder

    async def remove(held: Connection) -> bool:
        return await services.second_factors.remove(held, who.moderator_id, who.name, typed)

    removed = await in_time(services, in_transaction(services.moderation, remove))
    return await _page(
        services, session, notice=_DONE if removed else None, error=None if removed else _WRONG
    )


async def _page(
    services: Services, session: DeskSession, *, secret: bytes | None = None, **said: Any
) -> web.Response:
    who = session.caller.holder
    async with connection(services.moderation) as held:
        is_on = await services.second_factors.is_asked_for(held, who.moderator_id)
        left = await second_factors.count_recovery_codes(held, who.moderator_id)
    text = render(
        "dashboard_second_factor.html",
        site=None,
        moderator={"name": who.name, "role": who.role},
        chosen=None,
        csrf=csrf_token(services, session.secret),
        is_on=is_on,
        left=left,
        refusal=_TOKEN if who.token_id is not None else None,
        secret=spelt(secret) if secret else None,
        uri=setup_uri(secret, who.name) if secret else None,
        **{"codes": [], "error": None, "notice": None} | said,
    )
    return html_page(text, status=422 if said.get("error") else 200)
