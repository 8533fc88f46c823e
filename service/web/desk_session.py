"""The dashboard's session: a cookie for the browser, a digest for the database, a token for the forms."""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from service.storage import sessions
from service.storage.pool import connection
from service.tokens import secret_digest
from service.web.auth import Caller, caller_of_session
from service.web.services import Services, in_time

SESSION_LASTS = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
_MAX_SECRET_LENGTH = 200


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A session that holds now, and who it speaks for."""

    secret: str
    caller: Caller

    def __repr__(self) -> str:
        return f"DeskSession({self.caller.holder.moderator_id})"


def cookie_name(services: Services) -> str:
    """`__Host-` binds a cookie to this host over TLS; browsers refuse that prefix without TLS."""
    return "__Host-replydesk" if services.settings.is_https else "replydesk_session"


async def find_session(request: web.Request, services: Services) -> DeskSession | None:
    """The session of this browser, unless it is over."""
    secret = request.cookies.get(cookie_name(services), "")
    if not secret or len(secret) > _MAX_SECRET_LENGTH:
        return None
    caller = await caller_of_session(request, services, secret, SESSION_IDLE)
    return DeskSession(secret, caller) if caller else None


async def end_session(request: web.Request, services: Services) -> None:
    """End the session of this browser on the server, whatever it is worth."""
    secret = request.cookies.get(cookie_name(services), "")
    if not secret:
        return

    async def end() -> None:
        async with connection(services.moderation) as held:
            await sessions.delete_session(held, secret_digest(secret))

    await in_time(services, end())


def give_cookie(response: web.Response, services: Services, secret: str) -> None:
    """Hand a session to this browser: out of reach of scripts, never sent along from other sites."""
    response.set_cookie(
        cookie_name(services),
        secret,
        path=_path(services),
        secure=services.settings.is_https,
        httponly=True,
        samesite="Strict",
        max_age=int(SESSION_LASTS.total_seconds()),
    )


def take_cookie(response: web.Response, services: Services) -> None:
    """Have this browser forget its session."""
    response.del_cookie(
        cookie_name(services),
        path=_path(services),
        secure=services.settings.is_https,
        httponly=True,
        samesite="Strict",
    )


def _path(services: Services) -> str:
    return "/" if services.settings.is_https else "/dashboard"
