"""Where requests provoke the answers that the OpenAPI document lists: a scene, and the list of probes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from aiohttp import ClientResponse, ClientSession

from service.storage import sites
from tests.web.harness import PAGE, CheckAll, StartWeb, Submit, WebProcess
from tests.web.openapi_check import Reference

NOBODY = "019cad01-8f3e-7c4a-b1d2-5e6f70819203"


@dataclass
class Scene:
    """A site `paper` that publishes by itself, a demo, a moderator, a viewer, and what a probe needs more."""

    reference: Reference
    web: WebProcess
    database: asyncpg.Connection
    tokens: dict[str, str]
    submit: Submit
    check_all: CheckAll
    start_web: StartWeb

    async def ask(
        self,
        operation_id: str,
        *,
        role: str | None = None,
        client: ClientSession | None = None,
        headers: dict[str, str] | None = None,
        parts: dict[str, str] | None = None,
        **request: Any,
    ) -> ClientResponse:
        """Send one request; `parts` fill in the path."""
        operation = self.reference.operations[operation_id]
        sent = dict(headers or {})
        if role:
            sent["Authorization"] = "Bearer " + self.tokens[role]
        url = operation.url(**{"site": "paper"} | (parts or {}))
        return await (client or self.web.client).request(
            operation.method.upper(), url, headers=sent, allow_redirects=False, **request
        )

    async def published(self, **fields: Any) -> str:
        """The id of a published comment."""
        accepted = await self.submit(**fields)
        await self.check_all()
        return str(accepted["id"])

    async def held(self, text: str = "See http://a.example http://b.example http://c.example") -> str:
        """The id of a held comment, at version 2."""
        return await self.published(comment=text, author=f"Mina {await self._count()}")

    async def closed_page(self) -> str:
        """The address of a page that is closed."""
        await self.submit(page_url=PAGE + "/closed", comment="The first and last.")
        await self.database.execute("UPDATE page SET open = false WHERE url = $1", PAGE + "/closed")
        return PAGE + "/closed"

    async def receipt(self) -> str:
        """The receipt of a new comment."""
        return str((await self.submit())["receipt_url"]).rpartition("/")[2]

    async def erased(self) -> str:
        """The id of an erased comment."""
        comment_id = await self.held()
        async with self.database.transaction():
            await self.database.execute(
                """
                INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)
                SELECT site_id, id, version + 1, status, 'erased', 'request', 'erase'
                FROM comment WHERE id = $1
                """,
                UUID(comment_id),
            )
            await self.database.execute(
                "UPDATE comment SET status = 'erased', version = version + 1 WHERE id = $1", UUID(comment_id)
            )
        return comment_id

    async def claimed_by_another(self) -> str:
        """The id of a held comment that another moderator has leased."""
        comment_id = await self.held()
        answer = await self.ask("claimComments", role="other", json={"limit": 50})
        assert comment_id in [one["id"] for one in (await answer.json())["comments"]]
        return comment_id

    @asynccontextmanager
    async def second_pair(self) -> AsyncIterator[None]:
        """Meanwhile the site `paper` wants a second pair of eyes for rejections and bans."""
        found = await sites.find_site(self.database, "paper")
        assert found is not None
        wanting = found.policy.model_copy(update={"second_pair_of_eyes": ("rejection", "ban")})
        for policy in (wanting, found.policy):
            async with self.database.transaction():
                await sites.insert_policy(self.database, found.id, policy)
            self.web.forget_sites()
            if policy is wanting:
                yield

    async def _count(self) -> int:
        count: int = await self.database.fetchval("SELECT count(*) FROM comment")
        return count


Send = Callable[[Scene], Awaitable[ClientResponse]]


@dataclass(frozen=True)
class Probe:
    """A request and the answer that it must provoke; `code` is that of a problem."""

    operation_id: str
    status: int
    code: str | None
    send: Send


PROBES: list[Probe] = []


def provokes(operation_id: str, status: int, code: str | None = None) -> Callable[[Send], Send]:
    """Enter a probe into the list."""

    def enter(send: Send) -> Send:
        PROBES.append(Probe(operation_id, status, code, send))
        return send

    return enter


def plain(operation_id: str, status: int, code: str | None = None, **request: Any) -> None:
    """Enter a probe that is one request."""
    provokes(operation_id, status, code)(lambda scene: scene.ask(operation_id, **request))
