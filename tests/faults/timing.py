"""`python -m tests.faults.timing`: does the time of an answer tell whether an address, or a name, is known?

Submissions with an address that has commented before and with one that never has, in random order on one
connection; then sign-ins with a moderator's name and with nobody's, each with a wrong password. The answers
must be the same, and so must their times: it fails when the medians are more than 1 ms apart and a rank test
says that this is no chance.

Environment: SUBMISSIONS (2000 of each kind), SIGN_INS (60 of each kind), SEED.
"""

import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from aiohttp import ClientResponse, ClientSession

from tests.equipment.rank_test import Comparison, compare
from tests.faults.run import SCRATCH, say
from tests.faults.shape import Shape
from tests.faults.system import ORIGIN, SITE, System, web_url
from tests.faults.timings import QUICK

CHANCE = 1e-6
MOST_MS = 1.0
KNOWN_ADDRESS = "known@reader.example"
KNOWN_NAME = "Ruth"
PASSWORD = "a long enough pass phrase"
SHAPE = Shape(webs=1, schedulers=1, settings={"REPLYDESK_LIMIT_SIGN_IN": "off"})

Ask = Callable[[bool], Awaitable[ClientResponse]]
"""Asks once, about what is known or what is not; the whole answer was read."""


@dataclass
class Timed:
    """One question, asked many times of each kind."""

    what: str
    comparison: Comparison | None = None
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For people."""
        found = self.comparison
        if found is None:
            return [f"{self.what}: not measured", *self.faults]
        known, unknown = found.medians
        return [
            f"{self.what}: {found.sizes[0]} of each, known {known:.2f} ms, unknown {unknown:.2f} ms",
            f"  difference {found.difference:.3f} ms, p = {found.p:.2g}",
            *(f"  {fault}" for fault in self.faults),
        ]


async def run(system: System, *, submissions: int = 2000, sign_ins: int = 60, seed: str = "1") -> list[Timed]:
    """Measure on a running system of `SHAPE`."""
    url = web_url(system, system.webs[0])
    await asyncio.to_thread(
        system.command,
        "moderator",
        "password",
        KNOWN_NAME,
        "--role",
        "viewer",
        "--site",
        SITE,
        typed=PASSWORD,
    )
    async with ClientSession(url) as client:
        return [
            await measured("submitting", submissions, seed, _submitter(client)),
            await measured("signing in", sign_ins, seed, _signer(client)),
        ]


async def measured(what: str, each: int, seed: str, ask: Ask) -> Timed:
    """Ask so many times of each kind, mixed, and compare what came back and when."""
    timed = Timed(what)
    order = [True, False] * each
    Random(f"{seed} {what}").shuffle(order)
    for known in (True, False) * 10:  # whatever is slow for the first time
        await ask(known)
    times: dict[bool, list[float]] = {True: [], False: []}
    answers: dict[bool, set[tuple[object, ...]]] = defaultdict(set)
    for known in order:
        began = time.perf_counter()
        response = await ask(known)
        times[known].append((time.perf_counter() - began) * 1000)
        answers[known].add(_shape(response))
    if answers[True] != answers[False] or len(answers[True]) != 1:
        timed.faults.append(f"the answers differ: {answers[True] ^ answers[False] or answers[True]}")
    timed.comparison = compare(times[True], times[False])
    if timed.comparison.p < CHANCE and timed.comparison.difference > MOST_MS:
        timed.faults.append("the time tells them apart")
    return timed


def _shape(response: ClientResponse) -> tuple[object, ...]:
    """What an answer must have in common with every other: its status and the names of its headers."""
    return (response.status, *sorted(response.headers))


def _submitter(client: ClientSession) -> Ask:
    count = iter(range(10**9))

    async def submit(known: bool) -> ClientResponse:
        number = next(count)
        address = KNOWN_ADDRESS if known else f"reader-{number:07}@new.example"
        document = {
            "page_url": f"{ORIGIN}/timing",
            "author": "Mina",
            "email": address,
            "comment": f"The ferry was late again, for the {number:07}th time.",
        }
        async with client.post(f"/api/v1/sites/{SITE}/comments", json=document) as response:
            await response.read()
            return response

    return submit


def _signer(client: ClientSession) -> Ask:
    async def sign_in(known: bool) -> ClientResponse:
        name = KNOWN_NAME if known else "Nona"
        form = {"name": name, "password": "another long enough phrase"}
        async with client.post("/dashboard/sign-in", data=form, allow_redirects=False) as response:
            await response.read()
            return response

    return sign_in


async def main() -> int:
    """The exit code: 1 when something can be told apart."""
    system = System(SCRATCH / f"timing-{os.getpid()}", QUICK, SHAPE)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    try:
        await system.start()
        results = await run(
            system,
            submissions=int(os.environ.get("SUBMISSIONS") or 2000),
            sign_ins=int(os.environ.get("SIGN_INS") or 60),
            seed=os.environ.get("SEED") or "1",
        )
    finally:
        await system.stop()
    for result in results:
        say("\n".join(result.lines()))
    return 1 if any(result.faults for result in results) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
