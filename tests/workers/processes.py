"""A Celery worker as its own process, on the servers of the test."""

import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from service.dispatch import CHECK_DUE, publisher
from service.embedded.layout import PROJECT
from tests.equipment.processes import Process


def plain_environment() -> dict[str, str]:
    """What every process needs, and no setting."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR")}
    return kept | {"PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8"}


@dataclass
class WorkerProcess:
    """`celery worker` (prefork) in a process group of its own; `folder` is where its checks meet the test."""

    database_url: str
    redis_url: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    app: str = "tests.workers.slow_app"
    _process: Process | None = None

    def start(self, *program: str) -> "WorkerProcess":
        """Start it; `ready` tells when it listens."""
        words = program or ("worker", "--pool=prefork", "--without-gossip", "--without-mingle")
        env = {
            **plain_environment(),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "TEST_REPLYDESK_FOLDER": str(self.folder),
            "REPLYDESK_LEASE_S": "1.5",
            "REPLYDESK_CHECK_DEADLINE_S": "0.3",
            **self.settings,
        }
        argv = [sys.executable, "-m", "celery", "-A", self.app, *words]
        self._process = Process("worker", argv, env, self.folder / "log").start()
        return self

    @property
    def process(self) -> Process:
        """The one that was started last."""
        assert self._process is not None
        return self._process

    @property
    def pid(self) -> int:
        """The number of the worker's first process."""
        return self.process.pid

    def log(self) -> str:
        """All that it said."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def seen(self, word: str) -> list[int]:
        """The processes that looked at a comment beginning with `word`, in the order of time."""
        return [
            int(path.read_text(encoding="ascii") or 0) for path in sorted(self.folder.glob(f"seen-{word}-*"))
        ]

    def ring(self) -> None:
        """As the scheduler does."""
        with publisher(self.redis_url) as app:
            app.send_task(CHECK_DUE, queue="replydesk", ignore_result=True)

    def kill(self) -> None:
        """kill -9 the whole group."""
        self.process.kill()

    def end(self) -> None:
        """Whatever it does and whether it runs or not, leave nothing of it."""
        if self._process is not None:
            self._process.end()

    def children(self) -> list[int]:
        """Its pool."""
        return self.process.children()

    def stop(self, seconds: float = 10) -> int | None:
        """SIGTERM, as an operator stops it; its return code."""
        if self.process.runs:
            self.process.signal(signal.SIGTERM)
            if self.process.wait(seconds) is None:
                self.process.kill()
        return self.process.exit_code
