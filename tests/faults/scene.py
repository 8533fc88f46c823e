"""What a fault holds in its hands: the system, its load, seeded choices, and what must hold."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

import asyncpg

from tests.equipment.conditions import until
from tests.equipment.ledger import Ledger
from tests.equipment.processes import Process
from tests.faults.answers import Answers
from tests.faults.load import Load
from tests.faults.people import People
from tests.faults.system import ORIGIN, SITE, System
from tests.faults.timings import Timings

BACKLOG = 250

Check = Callable[[], Awaitable[None]]


@dataclass
class Scene:
    """One fault on one system; `tag` begins the name of every client, `faults` is what did not hold."""

    system: System
    ledger: Ledger
    answers: Answers
    load: Load
    people: People
    random: Random
    tag: str
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    healed_at: float | None = None
    spared: frozenset[str] = frozenset()  # names of processes that no fault may end
    later: list[Check] = field(default_factory=list)

    @classmethod
    def on(cls, system: System, tag: str, seed: str, *, hurts_web: bool) -> "Scene":
        """A scene whose load has not begun; `tag` is unique on this system."""
        ledger = Ledger(system.home.root / f"ledger-{tag}.jsonl")
        answers, page = Answers(), f"{ORIGIN}/{tag.lower()}"
        load = Load(ledger, answers, system.web_urls, tag, seed, page, SITE, hurt=hurts_web)
        people = People(
            ledger, answers, system.web_urls, system.token, f"{seed}/{tag}", page, SITE, hurt=hurts_web
        )
        return cls(system, ledger, answers, load, people, Random(f"{seed}/{tag}"), tag)

    @property
    def timings(self) -> Timings:
        """How long things take in this run."""
        return self.system.timings

    @property
    def webs(self) -> list[Process]:
        """The web processes that a fault may end."""
        return [process for process in self.system.webs if process.name not in self.spared]

    @property
    def workers(self) -> list[Process]:
        """The same of the workers."""
        return [process for process in self.system.workers if process.name not in self.spared]

    @property
    def patience_s(self) -> float:
        """How long a comment may wait for its check while everything is in order, or for its next one."""
        return self.timings.lease_s + self.timings.sweep_s + 30

    def must(self, condition: object, what: str) -> None:
        """Note that `what` does not hold, unless it does."""
        if not condition:
            self.faults.append(what)

    def note(self, what: str) -> None:
        """A figure worth a place in the table."""
        self.notes.append(what)

    def healed(self) -> None:
        """From now on the service has no excuse; the recovery time begins."""
        if self.healed_at is None:
            self.healed_at = time.monotonic()

    def afterwards(self, check: Check) -> None:
        """Run this when the load has ended and the backlog is drained."""
        self.later.append(check)

    async def rest_of_load(self) -> None:
        """Let everybody finish what they are at; the fault ends without load."""
        await asyncio.gather(self.load.end(), self.people.end())

    async def hold(self, seconds: float) -> None:
        """Keep things as they are for so long, while the load goes on."""
        await asyncio.sleep(seconds)

    async def until(
        self, what: str, holds: Callable[[], object | Awaitable[object]], seconds: float = 60.0
    ) -> float:
        """Wait for a condition; how long it took. Raises `WaitedInVain` after `seconds`."""
        return await until(what, holds, seconds=seconds)

    async def acknowledged(self, more: int, seconds: float = 60.0) -> float:
        """Wait until the load has so many more acknowledged submissions; how long it took."""
        wanted = self.load.acknowledged() + more
        return await self.until(
            f"{more} more acknowledged submissions", lambda: self.load.acknowledged() >= wanted, seconds
        )

    async def pending(self) -> int:
        """How many comments of the whole system wait for the checks."""
        rows = await self.system.sql("SELECT count(*) AS n FROM comment WHERE status = 'pending'")
        return int(rows[0]["n"])

    async def mind_backlog(self) -> None:
        """Let the clients think longer while more waits than a busy machine checks in T_recover."""
        while True:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self.load.slowed = await self.pending() > BACKLOG
            await asyncio.sleep(1)

    async def is_done(self, moment: datetime) -> bool:
        """Whether nothing that was submitted before `moment` is pending."""
        query = "SELECT count(*) AS n FROM comment WHERE status = 'pending' AND submitted_at < $1"
        return not (await self.system.sql(query, moment))[0]["n"]

    def taken_again(self) -> float | None:
        """When (monotonic) the first submission after the heal was acknowledged."""
        return self.load.first_ack_after(self.healed_at or 0)

    async def decided_by_checks(self) -> int:
        """How many verdicts the checks have recorded."""
        rows = await self.system.sql("SELECT count(*) AS n FROM decision WHERE source = 'checks'")
        return int(rows[0]["n"])

    def slowest(self, what: str, since: int = 0) -> float:
        """The longest that such an answer (submission, moderator, reader) took, from the `since`-th on."""
        return max(self.answers.times.get(what, [])[since:], default=0.0)

    def count(self, what: str) -> int:
        """How many answers there were of that kind, as `submission 503` or `reader broken`."""
        return self.answers.statuses.get(what, 0)
