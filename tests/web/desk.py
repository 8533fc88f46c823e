"""A moderator's program: decisions, claims and lists, by one token."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.web.harness import MakeToken
from tests.web.sending import Answer, get, read

API = "/api/v1/moderation"
MISSING = "01890000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Desk:
    """One token's view of the desk."""

    client: ClientSession
    token: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str, **params: Any) -> Answer:
        return await get(self.client, API + path, params, **self.bearer)

    async def post(self, path: str, body: Any) -> Answer:
        async with self.client.post(API + path, json=body, headers=self.bearer) as response:
            return await read(response)

    async def decide(self, comment_id: str, action: str, version: Any = 1, **more: Any) -> Answer:
        return await self.post(
            f"/comments/{comment_id}/decision", {"action": action, "version": version} | more
        )

    async def undo(self, comment_id: str) -> Answer:
        return await self.post(f"/comments/{comment_id}/undo", {})

    async def claim(self, **body: Any) -> list[str]:
        answer = await self.post("/claims", body)
        assert answer.status == 200, answer.text
        return [one["id"] for one in answer.json["comments"]]


MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def make_desk(client: ClientSession, make_token: MakeToken) -> MakeDesk:
    """`await make_desk("moderator", ("paper",), name="Ruth")`: a moderator's program."""

    async def make(role: str = "moderator", sites: tuple[str, ...] | None = None, **more: Any) -> Desk:
        return Desk(client, await make_token(role, sites, **more))

    return make
