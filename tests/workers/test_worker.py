"""A real worker on real servers: killed, starved of messages and poisoned, it decides everything once."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from redis import Redis

from service.domain.policy import Policy
from tests.equipment.processes import gone, wait_until_gone
from tests.factories import Paper
from tests.workers.processes import WorkerProcess
from tests.workers.waiting import decided, seen


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


async def test_a_ring_leads_to_a_decision_and_every_odd_check_to_a_person(
    ready: WorkerProcess, paper: Paper
) -> None:
    """One worker's life in one test, because its start takes longest."""
    plain = await paper.post(text="plain words about the mill")
    dawdling = await paper.post(text="dawdle until somebody stops it")
    failing = await paper.post(text="fail with a message")
    ready.ring()  # once
    await decided(paper, plain, dawdling, failing, process=ready, ring=False)
    assert await paper.status(plain) == ("published", None)
    for comment_id, detail in ((dawdling, "CheckTimedOut"), (failing, "ValueError")):
        assert await paper.status(comment_id) == ("held", "check_failed")
        (decision,) = await paper.decisions(comment_id)
        assert f'"detail": "{detail}"' in decision["findings"]

    flushed = await paper.post(text="plain words after the messages were lost")
    with Redis.from_url(ready.redis_url) as client:
        client.flushall()
    await decided(paper, flushed, process=ready)

    assert "canary" not in ready.log()
    assert await asyncio.to_thread(ready.stop) == 0, ready.log()[-6000:]


async def test_a_killed_child_costs_one_attempt_and_no_comment(ready: WorkerProcess, paper: Paper) -> None:
    waiting = await paper.post(text="wait until the test says go")
    ready.ring()
    (child,) = await seen(ready, "wait")
    assert child != ready.pid
    assert (await paper.row(waiting))["attempts"] == 1
    os.kill(child, signal.SIGKILL)
    (ready.folder / "go-on").touch()
    await decided(paper, waiting, process=ready)
    assert await paper.status(waiting) == ("published", None)
    assert (await paper.row(waiting))["attempts"] == 2
    assert len(await paper.decisions(waiting)) == 1


async def test_a_worker_killed_in_the_middle_is_followed_by_one_that_decides_everything_once(
    ready: WorkerProcess, paper: Paper
) -> None:
    ids = [await paper.post(text="wait until the test says go")]
    ids += [await paper.post(text=f"plain words number {n}") for n in range(10)]
    ready.ring()
    (child,) = await seen(ready, "wait")
    await asyncio.to_thread(ready.kill)
    assert await paper.owner.fetchval("SELECT count(*) FROM comment WHERE status = 'pending'") > 0
    (ready.folder / "go-on").touch()
    ready.start()
    await decided(paper, *ids, process=ready)
    assert [await paper.status(one) for one in ids] == [("published", None)] * len(ids)
    assert [len(await paper.decisions(one)) for one in ids] == [1] * len(ids)
    assert gone(child)


@pytest.mark.parametrize("settings", [{"REPLYDESK_CHECK_DEADLINE_S": "30"}])
async def test_no_child_outlives_a_worker_that_was_killed(ready: WorkerProcess, paper: Paper) -> None:
    """Not even one in the middle of a check, which does not look at its pipes, long before its deadline."""
    await paper.post(text="stuck until the test says go")
    ready.ring()
    await seen(ready, "stuck")
    children = ready.children()
    assert children
    os.kill(ready.pid, signal.SIGKILL)
    for pid in children:
        await asyncio.to_thread(wait_until_gone, pid)


async def test_the_scheduler_rings_for_what_nobody_rang_for(
    database_url: str, redis_url: str, tmp_path: Path, paper: Paper
) -> None:
    """Both processes, as they run in production, and no ring of ours."""
    for name in ("worker", "beat"):
        (tmp_path / name).mkdir()
    worker = WorkerProcess(database_url, redis_url, tmp_path / "worker")
    beat = WorkerProcess(database_url, redis_url, tmp_path / "beat", {"REPLYDESK_SWEEP_S": "0.3"})
    beat.app = "workers.app"
    try:
        worker.start()
        first = await paper.post()
        await decided(paper, first, process=worker, ring=False)
        beat.start("beat", "--schedule", str(tmp_path / "schedule"))
        for _ in range(2):
            comment_id = await paper.post()
            with Redis.from_url(redis_url) as client:
                client.flushall()
            await decided(paper, comment_id, process=worker, ring=False)
        assert await asyncio.to_thread(beat.stop) != -signal.SIGKILL, beat.log()[-3000:]
    finally:
        beat.end()
        worker.end()
