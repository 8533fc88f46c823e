"""A moderator who decides and a reader who reads while the service is hurt: they must get through as well."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

from tests.equipment.ledger import Ledger
from tests.faults.answers import Answers
from tests.faults.load import OWN_AUTHOR, new_session, page_of, through_proxy

ACTIONS = ({"action": "approve"}, {"action": "reject", "reason": "off_topic"}, {"action": "spam"})


@dataclass
class People:
    """One moderator, one reader; `decided` and `read` count what they got done."""

    ledger: Ledger
    answers: Answers
    webs: Callable[[], list[str]]
    token: str
    seed: str
    page: str
    site: str = "paper"
    pause_s: float = 0.4
    hurt: bool = False
    proxy_tries: int = 1
    decided: int = 0
    read: int = 0
    _ending: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _turn: int = 0

    async def begin(self) -> None:
        """Let them work."""
        self._ending.clear()
        self._tasks = [asyncio.create_task(self._moderate()), asyncio.create_task(self._read())]

    async def end(self) -> None:
        """Let them finish what they are at."""
        self._ending.set()
        done = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        for failed in done:
            if isinstance(failed, BaseException):
                raise failed

    async def _moderate(self) -> None:
        random = Random(f"{self.seed}/moderator")
        async with new_session() as session:
            while not self._ending.is_set():
                status = random.choice(("held", "held", "pending", "published"))
                path = f"/api/v1/moderation/comments?status={status}&sort=newest&limit=20&site={self.site}"
                listed = await self._ask(session, "moderator", "GET", path)
                for comment in random.sample(found := self._mine(listed), min(2, len(found))):
                    await self._decide(session, comment, random.choice(ACTIONS))
                await asyncio.sleep(self.pause_s * random.uniform(0.5, 1.5))

    def _mine(self, listed: dict[str, Any] | None) -> list[dict[str, Any]]:
        """Of this scene, not a fault's own, and not decided by this moderator before."""
        found = [it for it in (listed or {}).get("comments", []) if it["page_url"].startswith(self.page)]
        others = [it for it in found if not it["author"].startswith(OWN_AUTHOR)]
        return [it for it in others if it["id"] not in self.ledger.rulings]

    async def _decide(
        self, session: aiohttp.ClientSession, comment: dict[str, Any], action: dict[str, str]
    ) -> None:
        path = f"/api/v1/moderation/comments/{comment['id']}/decision"
        body = action | {"version": comment["version"]}
        answer = await self._ask(session, "moderator", "POST", path, json=body)
        if answer is not None and answer.get("id") == comment["id"]:
            self.decided += 1
            self.ledger.ruled(answer["id"], answer["status"], answer["version"])

    async def _read(self) -> None:
        random = Random(f"{self.seed}/reader")
        async with new_session() as session:
            while not self._ending.is_set():
                path = random.choice((f"/api/v1/sites/{self.site}/comments", f"/sites/{self.site}/thread"))
                page = page_of(self.page, f"c{random.randrange(12)}")
                if await self._ask(session, "reader", "GET", path, params={"page_url": page, "limit": "20"}):
                    self.read += 1
                await asyncio.sleep(self.pause_s * random.uniform(0.5, 1.5))

    async def _ask(
        self, session: aiohttp.ClientSession, who: str, method: str, path: str, **options: Any
    ) -> dict[str, Any] | None:
        """The document of a 200; none for anything else, which is noted."""
        headers = {"Authorization": f"Bearer {self.token}"} if who == "moderator" else {}
        began = time.monotonic()
        try:
            status, heard, body = await through_proxy(
                session,
                method,
                self._next_web,
                path,
                self.proxy_tries,
                lambda: {"headers": headers, **options},
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.answers.broke(who, type(error).__name__, allowed=self.hurt)
            return None
        is_json = heard.get("content-type", "").startswith("application/json")
        document = json.loads(body) if is_json else {"page": ""}
        self.answers.took(who, time.monotonic() - began)
        self.answers.status(who, status, heard)
        self.answers.said(heard, body)
        return document if status == 200 else None

    def _next_web(self) -> str:
        self._turn += 1
        webs = self.webs()
        return webs[self._turn % len(webs)]
