"""A web process for each test, on a real Postgres and Redis, and what a test fills it with."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.domain.policy import Policy
from service.domain.site import ReasonText, Site
from tests.web.browsing import desk, held, make_moderator
from tests.web.desk import make_desk
from tests.web.harness import (
    COMMENT,
    ORIGIN,
    CheckAll,
    MakeSite,
    MakeToken,
    StartWeb,
    Submit,
    WebProcess,
    check_pending,
    insert_site,
    insert_token,
    running_web,
)

__all__ = ["desk", "held", "make_desk", "make_moderator"]  # fixtures


@dataclass
class _Started:
    processes: list[WebProcess] = field(default_factory=list)


@pytest.fixture
def _started() -> _Started:
    return _Started()


@pytest.fixture
async def start_web(database_url: str, redis_url: str, _started: _Started) -> AsyncIterator[StartWeb]:
    """`await start_web(limit_network="2/60", …)`: a web process with settings of one's own."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> WebProcess:
            values = {"database_url": database_url, "redis_url": redis_url} | settings
            process = await stack.enter_async_context(running_web(**values))
            _started.processes.append(process)
            return process

        yield start


@pytest.fixture
async def web_app(start_web: StartWeb) -> WebProcess:
    """The web process of this test: `url`, `client`, `settings`, `services`."""
    return await start_web()


@pytest.fixture
def client(web_app: WebProcess) -> ClientSession:
    """A client of that process: `await client.get("/readyz")`; it keeps cookies."""
    return web_app.client


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The test's database, as its owner: for what no API does."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
def make_site(database: asyncpg.Connection, _started: _Started) -> MakeSite:
    """`await make_site("paper", publish="auto", …)`: a site whose origin is `ORIGIN`.

    Keywords: `origins`, `post_url`, `own_reasons` (of `ReasonText`), and every field of `Policy`.
    """

    async def make(
        slug: str = "paper",
        *,
        origins: tuple[str, ...] = (ORIGIN,),
        post_url: str | None = None,
        own_reasons: tuple[ReasonText, ...] = (),
        **policy: Any,
    ) -> Site:
        site = await insert_site(
            database,
            slug,
            origins=origins,
            post_url=post_url,
            own_reasons=own_reasons,
            policy=Policy.model_validate(policy),
        )
        for process in _started.processes:
            process.forget_sites()
        return site

    return make


@pytest.fixture
def make_token(database: asyncpg.Connection) -> MakeToken:
    """`await make_token("moderator", ("paper",))`: a token; `sites=None` reaches every site."""

    async def make(
        role: str = "moderator",
        sites: tuple[str, ...] | None = None,
        *,
        name: str = "Ruth",
        lasts: timedelta = timedelta(days=1),
        loopback_only: bool = False,
    ) -> str:
        return await insert_token(database, role, sites, name=name, lasts=lasts, loopback_only=loopback_only)

    return make


@pytest.fixture
def check_all(database_url: str) -> CheckAll:
    """`await check_all()`: the checks decide every pending comment now, here; how many they decided."""

    async def check(*, author_limit: str = "off") -> int:
        return await check_pending(database_url, author_limit)

    return check


@pytest.fixture
def submit(client: ClientSession) -> Submit:
    """`await submit(comment="…", …)`: posts a comment as JSON; the accepted answer.

    The fields are those of `COMMENT` and what is given; `site` is the slug, `headers` go along.
    """

    async def post(
        site: str = "paper", headers: dict[str, str] | None = None, **fields: Any
    ) -> dict[str, Any]:
        url = f"/api/v1/sites/{site}/comments"
        async with client.post(url, json=COMMENT | fields, headers=headers) as response:
            assert response.status == 202, await response.text()
            accepted: dict[str, Any] = await response.json()
            return accepted

    return post
