"""Who is asking: bearer tokens for the API, sessions for the dashboard."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from service.domain.rights import reaches
from service.domain.site import Site
from service.storage import moderators, sessions
from service.storage.moderators import Holder
from service.storage.pool import Connection, connection
from service.tokens import secret_digest
from service.usecases.decide import Judge
from service.web.client_ip import is_loopback
from service.web.problems import Problem
from service.web.services import Services, in_time

_MAX_TOKEN_LENGTH = 200


FindHolder = Callable[[Connection], Awaitable[Holder | None]]


@dataclass(frozen=True, slots=True)
class Caller:
    """A moderator at work, and the sites at which the role that is needed is had.

    `too_low` are the other sites that the caller knows of.
    """

    holder: Holder
    sites: dict[int, Site]
    too_low: Mapping[int, Site] = field(default_factory=dict)

    @property
    def judge(self) -> Judge:
        """The same as the use cases know it: who decides only where the role allows that."""
        deciding = {one: site for one, site in self.sites.items() if reaches(self.role_at(one), "moderator")}
        reads = frozenset({*self.sites, *self.too_low} - set(deciding))
        return Judge(self.holder.moderator_id, deciding, reads)

    def role_at(self, site_id: int) -> str | None:
        """The caller's role there."""
        return self.holder.roles.get(site_id)

    def must_be(self, role: str) -> None:
        """Raise a 403 for whoever has a lower role everywhere."""
        if not reaches(self.holder.rights.highest(), role):
            raise role_too_low(role)

    def where(self, role: str) -> "Caller":
        """The same at those sites alone at which the role is high enough; a 403 where it is nowhere."""
        self.must_be(role)
        high = {one: site for one, site in self.sites.items() if reaches(self.role_at(one), role)}
        low = {one: site for one, site in self.sites.items() if one not in high}
        return Caller(self.holder, high, {**self.too_low, **low})

    def sites_named(self, slug: str | None) -> list[int]:
        """The caller's site of that slug, or all of them; an unknown one is none.

        Raises:
            Problem: 403 for a site at which the role is too low.
        """
        if slug is not None and any(site.slug == slug for site in self.too_low.values()):
            raise role_too_low()
        return [site.id for site in self.sites.values() if slug is None or site.slug == slug]


async def authenticate(request: web.Request, services: Services) -> Caller:
    """The caller behind `Authorization: Bearer …`; cookies count for nothing here.

    Raises:
        Problem: 401 for a missing, unknown, expired or revoked token, or one that is not for there.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise unauthenticated()
    caller = await caller_of_secret(request, services, secret.strip())
    if caller is None:
        raise unauthenticated()
    return caller


async def caller_of_secret(request: web.Request, services: Services, secret: str) -> Caller | None:
    """The caller who holds this token."""
    if len(secret) > _MAX_TOKEN_LENGTH:
        return None

    async def find(held: Connection) -> Holder | None:
        holder = await moderators.find_token_holder(held, secret_digest(secret))
        if holder is not None and holder.token_id is not None:
            await moderators.touch_token(held, holder.token_id)
        return holder

    return await in_time(services, _caller(request, services, find))


async def caller_of_session(
    request: web.Request, services: Services, secret: str, idle: timedelta
) -> Caller | None:
    """The caller of this session, which is over when it was not used for `idle`."""
    digest = secret_digest(secret)

    async def find(held: Connection) -> Holder | None:
        return await sessions.find_session_holder(held, digest, idle)

    return await in_time(services, _caller(request, services, find))


async def look_again_at_token(request: web.Request, services: Services) -> Caller | None:
    """The same caller as `authenticate` found, as of now: null where the token holds no more."""
    secret = request.headers.get("Authorization", "").partition(" ")[2].strip()
    return await caller_of_secret(request, services, secret)


async def look_again_at_session(
    request: web.Request, services: Services, secret: str, idle: timedelta
) -> Caller | None:
    """The caller of a session as of now; that somebody listens is no use of it, so it can run out."""
    digest = secret_digest(secret)

    async def find(held: Connection) -> Holder | None:
        return await sessions.find_session_holder(held, digest, idle)

    return await in_time(services, _caller(request, services, find))


async def _caller(request: web.Request, services: Services, find: FindHolder) -> Caller | None:
    async with connection(services.moderation) as held:
        holder = await find(held)
    if holder is None or (holder.loopback_only and not _is_loopback(request, services)):
        return None
    return Caller(holder, await services.directory.of_ids(holder.site_ids))


def _is_loopback(request: web.Request, services: Services) -> bool:
    forwarded = request.headers.getall("X-Forwarded-For", ())
    return is_loopback(request.remote, forwarded, services.settings.trusted_proxies)


def unauthenticated() -> Problem:
    """A 401 that says how to come in."""
    return Problem(
        401,
        "unauthenticated",
        "A moderator's token is needed",
        "Send it as Authorization: Bearer <token>.",
        headers={"WWW-Authenticate": 'Bearer realm="replydesk"'},
    )


def role_too_low(role: str | None = None) -> Problem:
    """A 403 that names the role where that is known."""
    needed = f"It needs the role {role}." if role else ""
    return Problem(403, "role-too-low", "Your role does not allow this", needed)


def csrf_token(services: Services, session: str) -> str:
    """A value that only pages of this session carry."""
    key = services.signing.derive("csrf")
    return hmac.new(key, session.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_csrf_token(services: Services, session: str, given: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(csrf_token(services, session).encode(), given.encode("utf-8", "replace"))
