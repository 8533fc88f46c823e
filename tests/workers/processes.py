"""A Celery worker as its own process, on the servers of the test."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from service.dispatch import CHECK_DUE, publisher
from service.embedded.account import Account
from service.embedded.child import tied
from service.embedded.layout import PROJECT


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
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self, *program: str) -> "WorkerProcess":
        """Start it; `ready` tells when it listens."""
        words = program or ("worker", "--pool=prefork", "--without-gossip", "--without-mingle")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                tied([sys.executable, "-m", "celery", "-A", self.app, *words], signal.SIGKILL, Account()),
                cwd=PROJECT,
                env={
                    **plain_environment(),
                    "DATABASE_URL": self.database_url,
                    "REDIS_URL": self.redis_url,
                    "TEST_REPLYDESK_FOLDER": str(self.folder),
                    "REPLYDESK_LEASE_S": "1.5",
                    "REPLYDESK_CHECK_DEADLINE_S": "0.3",
                    **self.settings,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

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
        assert self._process is not None
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)

    def end(self) -> None:
        """Whatever it does and whether it runs or not, leave nothing of it."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def children(self) -> list[int]:
        """Its pool."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]

    def stop(self, seconds: float = 10) -> int:
        """SIGTERM, as an operator stops it; its return code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._process.returncode


def gone(pid: int) -> bool:
    """Whether that process has ended, reaped or not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def wait_until_gone(pid: int, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not gone(pid):
        assert time.monotonic() < until
        time.sleep(0.01)
