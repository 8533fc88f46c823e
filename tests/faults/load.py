"""Readers who never stop writing: each client writes in the ledger, sends, and writes the answer down.

Two of three try again with the same key until they are answered; the third lets it be. They send JSON, forms
and multipart forms in turn, sometimes the same one twice at once, as a double click does.
"""

import asyncio
import json
import time
import uuid
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zlib import crc32

import aiohttp

from tests.equipment.ledger import Entry, Ledger, Outcome
from tests.faults.answers import Answers
from tests.faults.canaries import ADDRESSES

PATIENCE_S = 60.0
"""How long a client that tries again does so."""

PAGES = 4

SLOWER = 10
"""How much longer a client thinks while the checks are behind: F22, not every fault, is about a backlog."""

OWN_AUTHOR = "Fault"
"""Who writes what the checks, not a moderator, shall decide."""

TIMEOUT_S = 15.0
"""How long a client waits for an answer; later than I7 allows, so that a breach is measured."""

WORDS = ("ferry", "council", "bridge", "harbour", "minister", "school", "tram", "budget", "river", "mayor")
EXTRAS = (
    "",
    "",
    "",
    " «Nämlich» — 12\u00a0€ 👩\u200d🚀 e\u0301",
    "\n\ttwo\n\n lines",
    " <b>&amp; 'quotes\"</b> %00 \\u0000",
)
THREE_LINKS = " https://a.example https://b.example https://c.example"  # one more than is published unseen


@dataclass
class Load:
    """The clients of one fault; `webs` tells where web processes listen, `hurt` whether one is a victim."""

    ledger: Ledger
    answers: Answers
    webs: Callable[[], list[str]]
    tag: str
    seed: str
    page: str
    site: str = "paper"
    clients: int = 12
    pause_s: float = 0.2
    hurt: bool = False
    slowed: bool = False
    considerate: bool = True  # whether it slows down while the checks are behind
    proxy_tries: int = 1  # more: a proxy in front of the web processes tries others
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    _ending: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: int = 0
    _bursts: int = 0
    _lag: asyncio.Task[None] | None = None
    _session: aiohttp.ClientSession | None = None

    async def begin(self) -> None:
        """Let them write."""
        self._ending.clear()
        self._session = new_session()
        self._lag = asyncio.create_task(self.answers.lag.watch())
        for number in range(self.clients):
            self._tasks.append(asyncio.create_task(self._write(number)))

    async def end(self) -> None:
        """Let each finish what it is at."""
        self._ending.set()
        done = await asyncio.gather(*self._tasks, return_exceptions=True)
        failed = [it for it in done if isinstance(it, BaseException)]
        self._tasks.clear()
        if self._lag is not None:
            self._lag.cancel()
        if self._session is not None:
            await self._session.close()
        if failed:
            raise failed[0]

    def acknowledged(self) -> int:
        """How many submissions were promised."""
        return len(self.ledger.acks)

    def first_ack_after(self, moment: float) -> float | None:
        """When (monotonic) the first submission was promised after `moment`."""
        place = bisect_right(self.ledger.acks, moment)
        return self.ledger.acks[place] if place < len(self.ledger.acks) else None

    def burst(self, count: int) -> list[asyncio.Task[Entry]]:
        """So many more readers write at once, each one reply; `end` waits for them too."""
        self._bursts += 1
        name = f"b{self._bursts}"
        random = Random(f"{self.seed}/{self.tag}/{name}")
        made = [asyncio.create_task(self.submit(name, seq, random)) for seq in range(count)]
        self._tasks += made
        return made

    async def submit_words(self, words: str) -> Entry:
        """A reply that begins with these words, tried until it is acknowledged; no moderator decides it."""
        self._bursts += 1
        return await self.submit(
            f"w{self._bursts}", 1, Random(f"{self.seed}/{self.tag}/{words}"), words=words
        )

    async def submit(
        self, client: str, seq: int, random: Random, *, retrying: bool = True, words: str = ""
    ) -> Entry:
        """One submission with all its tries."""
        text = f"{words} {text_of(f'{self.tag}-{client}-{seq}', random)}".strip()
        key = uuid.UUID(int=random.getrandbits(128), version=4).hex
        entry = self.ledger.will_send(self.site, client, seq, key, text)
        kind = random.choice(("json", "json", "form", "multipart"))
        address = random.choice(ADDRESSES)
        if random.random() < 0.08:
            await asyncio.gather(*(self._try(entry, kind, address) for _ in range(2)))
        until = time.monotonic() + PATIENCE_S
        while entry.outcome is not Outcome.OK and time.monotonic() < until:
            await self._try(entry, kind, address)
            if not retrying or entry.outcome is Outcome.FAIL:
                break
            if entry.outcome is not Outcome.OK:
                await asyncio.sleep(random.uniform(0.2, 0.6))
        if entry.outcome is Outcome.OK and random.random() < 0.05:
            await self._try(entry, kind, address)  # the page was reloaded
        return entry

    async def _write(self, number: int) -> None:
        random = Random(f"{self.seed}/{self.tag}/{number}")
        await asyncio.sleep(self.pause_s * random.random())
        seq = 0
        while not self._ending.is_set():
            seq += 1
            await self.submit(f"c{number}", seq, random, retrying=number % 3 != 2)
            pause_s = self.pause_s * (SLOWER if self.slowed and self.considerate else 1)
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))

    def next_web(self) -> str:
        """As a balancer: in turn."""
        self._turn += 1
        webs = self.webs()
        return webs[self._turn % len(webs)]

    async def _try(self, entry: Entry, kind: str, address: str) -> None:
        assert self._session is not None
        path, page = f"/api/v1/sites/{self.site}/comments", page_of(self.page, entry.client)
        began = time.monotonic()
        try:
            status, headers, body = await through_proxy(
                self._session, "POST", self.next_web, path, self.proxy_tries,
                lambda: _request(entry, page, kind, address),
            )  # fmt: skip
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._broke(entry, error, time.monotonic() - began)
            return
        document = json.loads(body) if status == 202 else {}
        took = time.monotonic() - began
        self.answers.took("submission", took)
        self.answers.status("submission", status, headers)
        self.answers.said(headers, body, own_form=kind != "json")
        self.ledger.answered(entry, outcome_of(status), took, document.get("id"))

    def _broke(self, entry: Entry, error: Exception, took: float) -> None:
        self.ledger.answered(entry, Outcome.UNKNOWN, took)
        self.answers.broke("submission", type(error).__name__, allowed=self.hurt)
        if isinstance(error, TimeoutError):
            self.answers.took("submission", took)


async def through_proxy(
    session: aiohttp.ClientSession,
    method: str,
    next_web: Callable[[], str],
    path: str,
    tries: int,
    options: Callable[[], dict[str, Any]],
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer; a connection that breaks before it is tried with the next web.

    Raises:
        aiohttp.ClientError, TimeoutError, OSError: what the last try met.
    """
    while True:
        tries -= 1
        try:
            async with session.request(method, next_web() + path, allow_redirects=False, **options()) as it:
                return it.status, {name.lower(): value for name, value in it.headers.items()}, await it.read()
        except (aiohttp.ClientConnectionError, OSError) as error:
            if tries <= 0 or isinstance(error, TimeoutError):
                raise


def page_of(page: str, client: str) -> str:
    """Where this client writes: decisions about one page wait for each other, so that there are several."""
    return f"{page}-{crc32(client.encode()) % PAGES}"


def outcome_of(status: int) -> Outcome:
    """What an answer promises."""
    if status in {202, 303}:
        return Outcome.OK
    return Outcome.FAIL if 400 <= status < 500 else Outcome.UNKNOWN


def text_of(name: str, random: Random) -> str:
    """A text that nobody sends twice, with characters that a careless hand would change."""
    words = " ".join(random.choices(WORDS, k=random.randint(4, 40)))
    links = THREE_LINKS if random.random() < 0.15 else ""
    return f"{random.getrandbits(64):016x} {words}, says {name}.{random.choice(EXTRAS)}{links}"


def new_session() -> aiohttp.ClientSession:
    """A connection for each request, so that a broken one always says something about this request."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _author(entry: Entry) -> str:
    return f"{OWN_AUTHOR if entry.client.startswith('w') else 'Reader'} {entry.client}"


def _request(entry: Entry, page: str, kind: str, address: str) -> dict[str, Any]:
    fields = {"page_url": page, "author": _author(entry), "email": address, "comment": entry.text}
    if kind == "json":
        return {"json": fields, "headers": {"Idempotency-Key": entry.key}}
    form = aiohttp.FormData(default_to_multipart=kind == "multipart")
    for name, value in {**fields, "submission_key": entry.key}.items():
        form.add_field(name, value)
    return {"data": form, "headers": {"Accept": "text/html"}}
