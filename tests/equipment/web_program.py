"""The web process as operators run it: `python -m service`, a child that does not outlive the tests."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded.account import Account
from service.embedded.child import tied
from service.embedded.layout import PROJECT
from service.embedded.ports import free_port

KEYS = {
    f"REPLYDESK_{name}_KEYS": "1:" + base64.b64encode(os.urandom(32)).decode()
    for name in ("EMAIL", "INDEX", "SIGNING")
}
READY_S = 30.0


@dataclass
class WebProgram:
    """One web process on a free port; `before` are words such as `prlimit --nofile=128` to start it with."""

    database_url: str
    redis_url: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """All that it said."""
        return (self.folder / "web.log").read_text(encoding="utf-8")

    def start(self) -> "WebProgram":
        """Start it and wait until it listens."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REPLYDESK_")}
        own = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "REPLYDESK_PORT": str(self.port),
            "PYTHONPATH": str(PROJECT),
        }
        with (self.folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.before, *tied([sys.executable, "-m", "service"], signal.SIGKILL, Account())],
                cwd=PROJECT,
                env={**kept, **KEYS, **own, **self.settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: '"listening"' in self.log or self._process.poll() is not None, READY_S)  # type: ignore[union-attr]
        assert self._process.poll() is None, self.log
        return self

    def files(self) -> int:
        """How many descriptors it has open."""
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())

    def resident_mb(self) -> float:
        """How much memory it holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self, seconds: float = 15) -> int:
        """SIGTERM, as an operator stops it; its return code."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            return self._process.wait(5)


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Return as soon as it holds; fails when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it does not come to hold"
        time.sleep(0.02)
