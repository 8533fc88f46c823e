"""Housekeeping is done once a period, by whoever comes first, and no chore keeps another from being done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from service.storage.pool import Connection, Pool
from service.usecases import sweep as housekeeping
from service.usecases.sweep import BATCH, Chore, sweep
from tests.factories import Paper

HOUR = timedelta(hours=1)


class Work:
    """Stands for rows that are due: as many go in a batch as are asked for."""

    def __init__(self, rows: int = 0) -> None:
        self.rows = rows
        self.batches = 0

    async def __call__(self, _held: Connection, up_to: int) -> int:
        self.batches += 1
        gone = min(self.rows, up_to)
        self.rows -= gone
        return gone


def chore(some: Callable[[Connection, int], Awaitable[int]], name: str = "a chore") -> Chore:
    return Chore(name, HOUR, some)


async def pass_time(paper: Paper, time: timedelta) -> None:
    await paper.owner.execute("UPDATE chore SET ran_at = ran_at - $1::interval", time)


async def test_keys_past_their_day_are_dropped_by_the_chores_of_the_product(
    paper: Paper, worker: Pool
) -> None:
    await paper.accept(idempotency_key="one")
    await paper.owner.execute("UPDATE submission_key SET submitted_at = submitted_at - interval '25 hours'")
    await paper.accept(idempotency_key="two")
    kept = await paper.count("submission_key")
    done = await sweep(worker, seconds=10)
    assert done["drop old submission keys"] == 1
    assert await paper.count("submission_key") == kept - 1


async def test_a_chore_is_done_once_a_period(paper: Paper, worker: Pool) -> None:
    work = Work()
    for _ in range(3):
        await sweep(worker, seconds=10, chores=[chore(work)])
    assert work.batches == 1
    await pass_time(paper, timedelta(minutes=59))
    await sweep(worker, seconds=10, chores=[chore(work)])
    assert work.batches == 1
    await pass_time(paper, timedelta(minutes=2))
    await sweep(worker, seconds=10, chores=[chore(work)])
    assert work.batches == 2


async def test_many_at_once_do_it_once(paper: Paper, worker: Pool) -> None:
    work = Work(rows=10)
    for batches in (1, 2):
        done = await asyncio.gather(*(sweep(worker, seconds=10, chores=[chore(work)]) for _ in range(16)))
        assert work.batches == batches
        assert sum(map(len, done)) == 1
        await pass_time(paper, 2 * HOUR)


async def test_it_goes_on_in_batches_until_nothing_is_left(paper: Paper, worker: Pool) -> None:
    work = Work(rows=2 * BATCH + 7)
    assert await sweep(worker, seconds=10, chores=[chore(work)]) == {"a chore": 2 * BATCH + 7}
    assert work.batches == 3


async def test_what_is_left_when_the_time_is_up_is_due_at_once(paper: Paper, worker: Pool) -> None:
    work = Work(rows=BATCH + 5)

    async def slowly(held: Connection, up_to: int) -> int:
        await asyncio.sleep(0.02)
        return await work(held, up_to)

    assert await sweep(worker, seconds=0.01, chores=[chore(slowly)]) == {"a chore": BATCH}
    assert await sweep(worker, seconds=0.01, chores=[chore(slowly)]) == {"a chore": 5}
    assert await sweep(worker, seconds=0.01, chores=[chore(slowly)]) == {}


async def test_a_chore_that_is_not_reached_in_time_is_left_for_the_next_one(
    paper: Paper, worker: Pool
) -> None:
    work = Work()
    assert await sweep(worker, seconds=0, chores=[chore(work)]) == {}
    assert await sweep(worker, seconds=10, chores=[chore(work)]) == {"a chore": 0}


async def test_a_chore_that_never_ends_leaves_the_others_their_share_of_the_time(
    paper: Paper, worker: Pool
) -> None:
    """As when spam comes faster than it goes, or a year of it expires on one day."""
    endless, work = Work(rows=10**9), Work(rows=BATCH)
    chores = [chore(endless, "endless"), chore(work, "other")]
    done = await sweep(worker, seconds=0.5, chores=chores)
    assert done["other"] == BATCH
    assert done["endless"] > 0


@pytest.mark.parametrize("sql", ["SELECT 1 / 0", "SELECT pg_sleep(9)", "SELECT * FROM comment_email"])
async def test_a_chore_that_fails_keeps_no_other_from_being_done(
    paper: Paper, worker: Pool, sql: str
) -> None:
    async def fails(held: Connection, _up_to: int) -> int:
        await held.fetch(sql)
        return 0

    work = Work(rows=1)
    done = await sweep(worker, seconds=10, chores=[chore(fails, "bad"), chore(work, "good")])
    assert done == {"good": 1}


async def test_a_clock_that_went_back_keeps_no_chore_from_being_done(paper: Paper, worker: Pool) -> None:
    work = Work()
    await sweep(worker, seconds=10, chores=[chore(work)])
    await pass_time(paper, -24 * HOUR)
    await sweep(worker, seconds=10, chores=[chore(work)])
    await sweep(worker, seconds=10, chores=[chore(work)])
    assert work.batches == 2


async def test_only_a_worker_does_the_housekeeping(paper: Paper, web: Pool) -> None:
    with pytest.raises(Exception, match="permission denied"):
        await sweep(web, seconds=10, chores=[Chore(str(uuid4()), HOUR, Work())])


def test_every_chore_of_the_product_has_a_name_of_its_own() -> None:
    names = [one.name for one in housekeeping.CHORES]
    assert len(set(names)) == len(names) >= 1
