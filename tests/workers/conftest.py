"""A publication, its database, the pools of both roles, and a worker as a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import Paper
from tests.paper_fixtures import owner, paper, policy, web, worker
from tests.workers.processes import WorkerProcess
from tests.workers.waiting import decided

__all__ = ["owner", "paper", "policy", "web", "worker"]


@pytest.fixture
def settings() -> dict[str, str]:
    """Override it for other settings of the worker."""
    return {}


@pytest.fixture
def process(
    database_url: str, redis_url: str, tmp_path: Path, settings: dict[str, str]
) -> Iterator[WorkerProcess]:
    """A worker that was started and may not listen yet."""
    process = WorkerProcess(database_url, redis_url, tmp_path, settings).start()
    yield process
    process.end()


@pytest.fixture
async def ready(process: WorkerProcess, paper: Paper) -> WorkerProcess:
    """The worker, when it has decided its first comment: the bell that it rings itself at its start."""
    first = await paper.post(text="First comment of all.")
    await decided(paper, first, process=process, ring=False)
    return process
