"""A Redis that has no room for a message is no reason to end."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from service.domain.policy import Policy
from tests.equipment.processes import uses
from tests.factories import Paper, until
from tests.workers.processes import WorkerProcess
from tests.workers.waiting import decided


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


@pytest.fixture
def full(redis_url: str) -> Iterator[Redis]:
    """The Redis of this test, which takes no write until its limit is raised."""
    with Redis.from_url(redis_url) as client:
        before = client.config_get("maxmemory")["maxmemory"]
        client.config_set("maxmemory", "1mb")
        yield client
        client.config_set("maxmemory", before)


@pytest.fixture
def worker(full: Redis, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A worker that is started while Redis is full."""
    settings = {"REPLYDESK_SWEEP_S": "0.3"}
    process = WorkerProcess(database_url, redis_url, tmp_path, settings, app="workers.app").start()
    yield process
    process.end()


async def test_a_worker_that_meets_a_full_redis_checks_without_rings_and_listens_once_there_is_room(
    worker: WorkerProcess, full: Redis, paper: Paper
) -> None:
    await decided(paper, await paper.post(text="words while Redis is full"), process=worker, ring=False)
    assert "OutOfMemoryError" in worker.log()
    assert worker.process.runs
    full.config_set("maxmemory", 0)
    ends = time.monotonic() + 80
    while '"task": "replydesk.check_due"' not in worker.log():
        await decided(paper, await paper.post(text=f"words at {time.monotonic()}"), process=worker)
        assert time.monotonic() < ends, worker.log()[-3000:]


async def test_no_try_to_reach_a_full_redis_costs_a_socket(worker: WorkerProcess) -> None:
    await until(lambda: _tried(worker, 6), seconds=60)
    before = uses(worker.pid).files
    await until(lambda: _tried(worker, 20), seconds=60)
    assert uses(worker.pid).files < before + 10


async def _tried(worker: WorkerProcess, times: int) -> bool:
    return worker.log().count("Cannot connect") >= times
