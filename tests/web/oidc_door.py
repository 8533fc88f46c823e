"""A browser in front of a desk that has an OpenID provider, and somebody whom the provider knows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
from aiohttp import ClientSession

from service.storage import identities, moderators, passwords
from tests.equipment.openid_provider import CLIENT_ID, OpenIdProvider
from tests.web.browsing import is_in
from tests.web.harness import MakeSite, StartWeb, WebProcess
from tests.web.sending import Answer, page_of, read


@dataclass
class Door:
    """A browser in front of the desk, and the provider behind it."""

    provider: OpenIdProvider
    web: WebProcess
    client: ClientSession

    async def get(self, path: str) -> Answer:
        async with self.client.get(path, allow_redirects=False) as response:
            return await read(response)

    async def begin(self) -> str:
        """The link is followed; where the provider sends the browser back to."""
        answer = await self.get("/dashboard/oidc")
        assert answer.status == 303, answer.text
        async with self.client.get(answer.headers["Location"], allow_redirects=False) as response:
            assert response.status == 302
            return response.headers["Location"].removeprefix(self.web.url)

    async def come(self) -> Answer:
        return await self.get(await self.begin())


@pytest.fixture
async def provider() -> AsyncIterator[OpenIdProvider]:
    async with OpenIdProvider(secret="a secret of both") as made:
        yield made


@pytest.fixture
async def door(
    provider: OpenIdProvider, start_web: StartWeb, make_site: MakeSite, database: asyncpg.Connection
) -> Door:
    """Ruth has a role and an account at the provider, and no password."""
    web = await start_web(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=provider.secret,
        oidc_name="Paper account", outbound_networks="127.0.0.0/8", limit_sign_in="off",
    )  # fmt: skip
    await make_site("paper")
    ruth = await moderators.ensure_moderator(database, "Ruth")
    await passwords.set_access(database, ruth, "moderator", None)
    assert await identities.link(database, ruth, provider.issuer, provider.subject)
    return Door(provider, web, web.client)


async def assert_refused(door: Door, answer: Answer, status: int = 401) -> None:
    assert answer.status == status
    assert page_of(answer).has_id("token")  # the way in, with the password beside
    assert not await is_in(door.client)
