"""Who is at a page of the desk about a site, and what was asked or sent there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

from service.domain.rights import reaches
from service.domain.site import Site
from service.storage.pool import Connection, connection, in_transaction
from service.web.auth import Caller, role_too_low
from service.web.desk_session import DeskSession
from service.web.problems import Problem
from service.web.services import Services, in_time

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AtSite:
    """`site` is null on pages that are about no single one, and for a caller who has none."""

    request: web.Request
    services: Services
    session: DeskSession
    caller: Caller
    site: Site | None
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def of(self) -> Site:
        """The site; a 404 where the caller has none."""
        if self.site is None:
            raise Problem(404, "site-not-found", "There is no such site")
        return self.site

    @property
    def moderator_id(self) -> int:
        """Whose act it is."""
        return self.caller.holder.moderator_id

    def may(self, role: str) -> bool:
        """Whether the caller's role at the site is high enough."""
        return self.site is not None and reaches(self.caller.role_at(self.site.id), role)

    def must(self, role: str) -> None:
        """A 403 where it is not."""
        if not self.may(role):
            raise role_too_low(role)

    def asked(self, name: str) -> str:
        """What the form says, else the address; empty where neither does."""
        return self.form.get(name, "") or self.query.get(name, "")

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Read something within the time that a request has."""

        async def once() -> T:
            async with connection(self.services.moderation) as held:
                return await work(held)

        return await in_time(self.services, once())

    async def change(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Change something in one transaction."""
        return await in_time(self.services, in_transaction(self.services.moderation, work))
