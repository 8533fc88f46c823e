"""Judges the latest comments of a site by a candidate policy, in processes beside this one."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from typing import Any

from service.domain.learning import Learning
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.backtest.part import Comparison, compare
from service.moderation.backtest.report import report_of
from service.moderation.backtest.tally import Tally
from service.processes import die_with_parent
from service.storage import learning, past
from service.storage.past import PastPage
from service.storage.pool import Connection
from service.usecases.site_models import thresholds_of

PART = 500
"""Comments that one process judges at a time."""

PART_LASTS_S = 120.0
LEAST_NICE = 19

Read = Callable[[Callable[[Connection], Awaitable[Any]]], Awaitable[Any]]
"""Runs a read on a connection that is given back at once."""


class BacktestFailed(Exception):
    """A part of it did not come back; the message says why and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be tried: a candidate, on the latest so many comments of a site."""

    site: Site
    candidate: Policy
    last: int

    def comparison(self, standing: Learning) -> Comparison:
        """The two policies as they travel, with what the site's decisions let each promise."""
        return Comparison(
            self.site.policy.model_dump_json(),
            self.candidate.model_dump_json(),
            thresholds_of(self.site.policy, standing),
            thresholds_of(self.candidate, standing),
        )


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """So many processes that give way to everything else and end with this one."""
    others = set(active_children())
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_settle)
    try:
        yield pool
    finally:
        for child in set(active_children()) - others:
            child.kill()  # one that does not come back would be waited for
        pool.shutdown(wait=False, cancel_futures=True)


def _settle() -> None:
    die_with_parent()
    os.nice(LEAST_NICE)


async def backtest(
    read: Read, pool: Executor, wish: Wish, *, at_once: int, progress: Callable[[int], Awaitable[None]]
) -> dict[str, Any]:
    """The report (see `report_of`); `progress` is told how many comments were read so far.

    Raises:
        BacktestFailed: a process died, or a part took longer than two minutes.
        StorageUnavailable: Postgres went away.
    """
    tally, read_so_far = Tally(), 0
    running: set[asyncio.Future[Tally]] = set()
    standing = await read(lambda held: learning.find_learning(held, wish.site.id))
    comparison = wish.comparison(standing)
    try:
        async for page in _pages(read, wish):
            tally.skipped += page.skipped
            read_so_far += len(page.rows) + page.skipped
            running.add(await _begin(read, pool, wish.site.id, comparison, page))
            running = await _take(running, tally, below=at_once)
            await progress(read_so_far)
        await _take(running, tally, below=1)
    except BrokenProcessPool:
        raise BacktestFailed("a process that judged died; a check may have used too much") from None
    finally:
        for part in running:
            part.cancel()
    return report_of(tally) | {"live_version": wish.site.policy_version, "last": wish.last}


async def _pages(read: Read, wish: Wish) -> AsyncIterator[PastPage]:
    """The comments, a part at a time, the newest first."""
    left, before = wish.last, None
    while left > 0:
        page: PastPage = await read(
            lambda held: past.list_past(held, wish.site.id, before=before, limit=min(PART, left))  # noqa: B023
        )
        yield page
        left -= PART
        before = page.next_before
        if before is None:
            return


async def _begin(
    read: Read, pool: Executor, site_id: int, comparison: Comparison, page: PastPage
) -> "asyncio.Future[Tally]":
    versions = {row.policy_version for row in page.rows}
    documents = await read(lambda held: past.list_documents(held, site_id, versions))
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(pool, compare, comparison, documents, page.rows)


async def _take(
    running: "set[asyncio.Future[Tally]]", tally: Tally, *, below: int
) -> "set[asyncio.Future[Tally]]":
    """Wait until fewer than `below` parts run, and add up those that are done."""
    while len(running) >= max(below, 1):
        done, running = await asyncio.wait(running, timeout=PART_LASTS_S, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise BacktestFailed(f"a part of {PART} comments took longer than {PART_LASTS_S:.0f} s")
        for part in done:
            tally.add(part.result())
    return running
