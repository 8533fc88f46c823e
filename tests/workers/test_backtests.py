"""A backtest that was asked for is done by a process beside the checks, as the role of a worker."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from service.domain.policy import Policy
from service.embedded.layout import PROJECT
from service.storage import backtests
from service.storage.backtests import Backtest, Claimed
from service.storage.pool import Pool, in_transaction
from service.usecases import backtest_jobs as module
from service.usecases.backtest import BacktestFailed
from service.usecases.backtest_jobs import LEASE, MOST_ATTEMPTS, do_backtests
from tests.cli.conftest import environment
from tests.factories import Paper, until
from tests.usecases.checking import run
from tests.workers.processes import WorkerProcess

HOLDS = Policy(publish="auto", held_words=("mill",))


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def ask(paper: Paper, wanted: int = 100, most: int = 5) -> UUID | None:
    async def insert(held: Any) -> UUID | None:
        by = paper.mina.moderator_id
        return await backtests.insert_backtest(
            held, paper.site.id, HOLDS, wanted=wanted, moderator_id=by, most=most
        )

    return await in_transaction(paper.web, insert)


async def state(paper: Paper, asked: UUID | None) -> Backtest:
    assert asked is not None
    async with paper.web.acquire() as held:
        found = await backtests.find_backtest(held, paper.site.id, asked)
    assert found is not None
    return found


async def claim(worker: Pool, lease: timedelta = LEASE) -> Claimed | None:
    async with worker.acquire() as held:
        return await backtests.claim_backtest(held, lease=lease, most_attempts=MOST_ATTEMPTS)


async def test_the_process_does_what_waits_and_ends(paper: Paper, worker: Pool, database_url: str) -> None:
    await paper.post()
    await run(worker)
    asked = await ask(paper)
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "workers.backtests"],
        env=environment(database_url), cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = await state(paper, asked)
    assert (found.status, found.done, found.failure) == ("done", 1, None)
    assert found.report is not None
    assert found.report["comments"] == 1
    assert await paper.status(await paper.owner.fetchval("SELECT id FROM comment")) == ("held", None)


async def test_one_at_a_time_the_oldest_first_and_each_once(paper: Paper, worker: Pool) -> None:
    first, second = await ask(paper), await ask(paper)
    claimed = [await claim(worker) for _ in range(3)]
    assert [one.id if one else None for one in claimed] == [first, second, None]


async def test_what_somebody_began_and_left_is_done_by_the_next_and_not_for_ever(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    asked = await ask(paper)
    for _ in range(MOST_ATTEMPTS):
        assert await claim(worker, lease=timedelta(seconds=-1))
    assert await do_backtests(worker, threads) == 0
    found = await state(paper, asked)
    assert (found.status, found.failure) == ("failed", "begun too often")


async def test_a_failure_is_told_to_the_one_who_asked(
    paper: Paper, worker: Pool, threads: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = [BacktestFailed("a process died"), ZeroDivisionError("secret")]

    async def fail(*_: object, **__: object) -> None:
        raise failures.pop(0)

    monkeypatch.setattr(module, "backtest", fail)
    asked = [await ask(paper), await ask(paper)]
    assert await do_backtests(worker, threads) == 2
    found = [(await state(paper, one)) for one in asked]
    assert [(one.status, one.failure) for one in found] == [
        ("failed", "a process died"), ("failed", "ZeroDivisionError"),
    ]  # fmt: skip


async def test_a_site_has_a_few_unfinished_ones_and_no_more(paper: Paper, worker: Pool) -> None:
    assert await ask(paper, most=2)
    assert await ask(paper, most=2)
    assert await ask(paper, most=2) is None
    claimed = await claim(worker)
    assert claimed
    async with worker.acquire() as held:
        await backtests.finish(held, claimed, {})
    assert await ask(paper, most=2)


async def test_it_is_forgotten_after_a_month(paper: Paper, worker: Pool) -> None:
    await ask(paper)
    async with worker.acquire() as held:
        assert await backtests.delete_old(held, timedelta(days=30), limit=10) == 0
        await paper.owner.execute("UPDATE backtest SET asked_at = asked_at - interval '31 days'")
        assert await backtests.delete_old(held, timedelta(days=30), limit=10) == 1


async def test_a_worker_looks_for_what_was_asked_and_starts_the_process(
    paper: Paper, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    asked = await ask(paper)
    settings = {"REPLYDESK_SWEEP_S": "0.3"}
    alone = WorkerProcess(database_url, redis_url, tmp_path, settings, app="workers.app").start()

    async def is_done() -> bool:
        return (await state(paper, asked)).status == "done"

    try:
        await until(is_done, seconds=40)
    finally:
        alone.end()
