"""Submissions and decisions that a fault makes by itself, beside the load; in the same ledger."""

import asyncio
import itertools
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.equipment.ledger import Entry, Outcome
from tests.faults.canaries import ADDRESSES
from tests.faults.load import new_session, outcome_of
from tests.faults.scene import Scene


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; status 0: nothing did."""

    status: int
    document: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


NOTHING = Reply(0)
UNAVAILABLE = 503
UNAVAILABLE = 503


@dataclass
class Sender:
    """Sends for one scene; every answer counts for I6 and I7, every submission for I1 and I2."""

    scene: Scene
    session: aiohttp.ClientSession
    hurt: bool = False

    def entry(self, words: str = "Plain words", key: str | None = None) -> Entry:
        """A submission that begins with `words`, written down and not yet sent."""
        number = len(self.scene.ledger.entries) + 1  # a soak sends for one scene again and again
        text = f"{words} says {self.scene.tag}-own-{number}."
        return self.scene.ledger.will_send("paper", "own", number, key or uuid.uuid4().hex, text)

    async def send(
        self, entry: Entry, *, url: str | None = None, origin: str | None = None, **fields: Any
    ) -> Reply:
        """One try, as JSON; `origin` is the address for which a proxy says that it asks."""
        page = {"page_url": self.scene.load.page, "author": "Reader own", "email": ADDRESSES[0]}
        began = time.monotonic()
        reply = await self.ask(
            "submission",
            "POST",
            (url or self.scene.load.next_web()) + "/api/v1/sites/paper/comments",
            json={**page, "comment": entry.text, **fields},
            headers={"Idempotency-Key": entry.key} | ({"X-Forwarded-For": origin} if origin else {}),
        )
        outcome = outcome_of(reply.status) if reply.status else Outcome.UNKNOWN
        took = time.monotonic() - began
        self.scene.ledger.answered(
            entry, outcome, took, reply.document.get("id") if reply.status == 202 else None
        )
        return reply

    async def submit(self, words: str = "Plain words", seconds: float = 60, **fields: Any) -> str:
        """Send until it is acknowledged; the comment's id."""
        entry, until = self.entry(words), time.monotonic() + seconds
        while (reply := await self.send(entry, **fields)).status != 202:
            assert time.monotonic() < until, f"not acknowledged: {reply.status} {reply.document}"
            await asyncio.sleep(0.3)
        return str(reply.document["id"])

    async def decide(self, decisions: list[dict[str, Any]], token: str | None = None) -> list[dict[str, Any]]:
        """Many decisions in one request; their results, and what was decided is written down."""
        reply = await self.ask(
            "moderator",
            "POST",
            self.scene.load.next_web() + "/api/v1/moderation/decisions",
            json={"decisions": decisions},
            headers={"Authorization": f"Bearer {token or self.scene.system.token}"},
        )
        results: list[dict[str, Any]] = reply.document.get("results", [])
        for result in results:
            if result["ok"]:
                comment = result["comment"]
                self.scene.ledger.ruled(comment["id"], comment["status"], comment["version"])
        for asked, result in itertools.zip_longest(decisions, results):
            if result is None or (not result["ok"] and result["problem"]["status"] == UNAVAILABLE):
                self.scene.ledger.rulings.pop(asked["id"], None)  # made or not: nobody knows
        return results

    async def ask(self, what: str, method: str, url: str, **options: Any) -> Reply:
        """One request, whose answer is noted."""
        began = time.monotonic()
        try:
            async with self.session.request(method, url, allow_redirects=False, **options) as it:
                body = await it.read()
                document = await it.json() if it.content_type.endswith("json") else {}
                headers = {name.lower(): value for name, value in it.headers.items()}
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.scene.answers.broke(what, type(error).__name__, allowed=self.hurt)
            return NOTHING
        self.scene.answers.took(what, time.monotonic() - began)
        self.scene.answers.status(what, it.status, headers)
        self.scene.answers.said(headers, body)
        return Reply(it.status, document, headers)


@asynccontextmanager
async def sending(scene: Scene, *, hurt: bool = False) -> AsyncIterator[Sender]:
    """A sender with a session of its own; `hurt`: it may find connections broken."""
    async with new_session() as session:
        yield Sender(scene, session, hurt)


async def second_token(scene: Scene) -> str:
    """Of another moderator of the same site."""
    make = ("token", "create", "--site", "paper", "--role", "moderator", "--name", "Noor")
    return await asyncio.to_thread(scene.system.command, *make)
