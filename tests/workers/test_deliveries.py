"""What the broker may do to messages, and what a stopped worker may do with its lease: nothing twice."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from service.dispatch import QUEUE
from service.domain.policy import Policy
from tests.factories import Paper, until
from tests.workers.processes import WorkerProcess
from tests.workers.waiting import SECONDS, decided, seen


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


@pytest.fixture
def second(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[WorkerProcess]:
    """Another worker beside `ready`, not started."""
    folder = tmp_path / "second"
    folder.mkdir()
    process = WorkerProcess(database_url, redis_url, folder)
    yield process
    process.end()


async def test_every_message_thrice_and_out_of_order_is_every_comment_once(
    ready: WorkerProcess, second: WorkerProcess, paper: Paper
) -> None:
    await asyncio.to_thread(ready.stop)
    ids = []
    for number in range(25):
        ids.append(await paper.post(text=f"plain words number {number}"))
        await asyncio.to_thread(ready.ring)
    with Redis.from_url(ready.redis_url) as client:
        messages = client.lrange(QUEUE, 0, -1)
        assert isinstance(messages, list)
        assert len(messages) >= len(ids)
        again = [*messages, *messages]
        random.Random(7).shuffle(again)  # noqa: S311
        client.rpush(QUEUE, *again)
        ready.start()
        second.start()
        await decided(paper, *ids, process=ready, ring=False)
    assert [await paper.status(one) for one in ids] == [("published", None)] * len(ids)
    assert [len(await paper.decisions(one)) for one in ids] == [1] * len(ids)
    assert len(ready.seen("plain")) + len(second.seen("plain")) == len(ids)


async def test_a_frozen_worker_finds_its_lease_gone_and_its_verdict_is_not_taken(
    ready: WorkerProcess, second: WorkerProcess, paper: Paper
) -> None:
    """Stopped in the middle of a check for longer than its lease, while another one decides."""
    comment_id = await paper.post(text="wait until the test says go")
    ready.ring()
    await seen(ready, "wait")
    os.killpg(ready.pid, signal.SIGSTOP)
    (second.folder / "go-on").touch()
    second.start()
    await decided(paper, comment_id, process=second)
    assert await paper.status(comment_id) == ("published", None)
    (ready.folder / "go-on").touch()
    os.killpg(ready.pid, signal.SIGCONT)
    later = await paper.post(text="plain words for whoever is awake")
    await decided(paper, later, process=ready)
    await until(lambda: _says(ready, "decided by another"), seconds=SECONDS)
    assert [row["version"] for row in await paper.decisions(comment_id)] == [2]
    assert (await paper.row(comment_id))["attempts"] == 2


async def _says(process: WorkerProcess, words: str) -> bool:
    return words in process.log()
