"""Without a bell the work is found all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain.policy import Policy
from service.settings import Settings
from tests.factories import Paper, until
from tests.workers.processes import WorkerProcess
from workers.patrol import Patrol


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


@pytest.fixture
def deaf(database_url: str, unused_tcp_port: int, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A worker whose Redis does not exist."""
    settings = {"REPLYDESK_SWEEP_S": "0.3"}
    nowhere = f"redis://127.0.0.1:{unused_tcp_port}/0"
    process = WorkerProcess(database_url, nowhere, tmp_path, settings, app="workers.app").start()
    yield process
    process.end()


async def test_while_redis_is_away_comments_are_decided_without_a_ring(
    deaf: WorkerProcess, paper: Paper
) -> None:
    first = await paper.post(text="the first words while nobody can ring")

    async def is_decided() -> bool:
        return await paper.status(first) == ("published", None)

    await until(is_decided, seconds=40)
    second = await paper.post(text="the second words, found by the next look")

    async def is_decided_too() -> bool:
        return await paper.status(second) == ("published", None)

    await until(is_decided_too, seconds=40)
    assert "drained without a ring" in deaf.log()


def test_a_look_that_fails_is_not_the_last_one() -> None:
    looks: list[int] = []

    def rings() -> int:
        looks.append(len(looks))
        if len(looks) == 2:
            raise RuntimeError("an odd error")
        if len(looks) == 4:
            patrol.end()
        return len(looks)

    environ = {"DATABASE_URL": "postgresql://127.0.0.1/", "REDIS_URL": "redis://127.0.0.1/"}
    patrol = Patrol(Settings.read(environ | {"REPLYDESK_SWEEP_S": "0.01"}), rings, limit_s=1)
    patrol.start()
    patrol.join(20)
    assert not patrol.is_alive()
    assert len(looks) == 4


async def test_without_a_scheduler_old_keys_are_dropped_by_a_worker(
    database_url: str, redis_url: str, tmp_path: Path, paper: Paper
) -> None:
    await paper.post(text="sent more than a day ago")
    await paper.owner.execute("UPDATE submission_key SET submitted_at = submitted_at - interval '25 hours'")
    alone = WorkerProcess(
        database_url, redis_url, tmp_path, {"REPLYDESK_SWEEP_S": "0.3"}, app="workers.app"
    ).start()

    async def is_dropped() -> bool:
        alone.ring()  # a web process rings on, which says nothing about the scheduler
        return await paper.count("submission_key") == 0

    try:
        await until(is_dropped, seconds=40)
    finally:
        alone.end()
