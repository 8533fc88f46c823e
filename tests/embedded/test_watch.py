"""What dies is started again; what keeps dying during a start ends it."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.conftest import Run, until

Start = Callable[..., Run]


def pools_of(worker: int) -> set[int]:
    """The children of a worker."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{worker}/task/{worker}/children").read_text(encoding="ascii")
        return {int(pid) for pid in children.split()}
    return set()


@pytest.mark.parametrize("name", ["web", "worker", "scheduler", "redis"])
def test_a_killed_process_is_started_again(running: Run, name: str) -> None:
    run = running
    until(lambda: run.pid(name) in run.processes())  # an earlier test may have ended it
    before = run.pid(name)
    os.kill(before, signal.SIGKILL)
    until(lambda: run.pid(name) not in {0, before})
    assert f"{name} ended (SIGKILL)" in run.said()
    until(run.answers)


def test_the_pool_of_a_killed_worker_goes_with_it(running: Run) -> None:
    run = running
    until(lambda: pools_of(run.pid("worker")))
    pool = pools_of(run.pid("worker"))
    os.kill(run.pid("worker"), signal.SIGKILL)
    until(lambda: not pool & run.processes())


async def test_a_killed_postgres_recovers_at_the_same_address(running: Run) -> None:
    run = running
    url, before = run.told("web")["DATABASE_URL"], run.pid("postgres")
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    connection.terminate()
    log = run.home.log_file("postgres")
    ready = log.read_text().count("database system is ready")
    os.kill(before, signal.SIGKILL)
    until(lambda: run.pid("postgres") not in {0, before})
    until(lambda: log.read_text().count("database system is ready") > ready)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT n FROM kept") == 42
    await connection.close()


def test_a_process_that_keeps_dying_ends_the_start_with_the_end_of_its_log(start: Start) -> None:
    run = start(TEST_REPLYDESK_FAIL="web")
    assert run.process.wait(20) == 1
    assert "the stand-in was told to fail" in run.said()
    assert "replydesk: web keeps ending (code 1); its log is" in run.said()
    assert run.processes() == set()
