"""Processes of a test: started in a group of their own, hurt by signal, looked at in /proc."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded.account import Account
from service.embedded.child import tied
from service.embedded.layout import PROJECT


@dataclass
class Process:
    """A program in a session of its own, tied to this process: the kernel ends it when we are killed.

    Start it from the main thread: the tie is to the thread.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    folder: Path = PROJECT
    starts: int = 0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> "Process":
        """Start it, again if need be; its words go to the end of its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                tied(self.argv, signal.SIGKILL, Account()),
                cwd=self.folder,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1
        return self

    @property
    def pid(self) -> int:
        """Its number, also after its end."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended: negative is the signal; none while it runs."""
        return None if self._process is None else self._process.poll()

    def signal(self, number: int) -> None:
        """To this process alone."""
        assert self._process is not None
        self._process.send_signal(number)

    def signal_group(self, number: int) -> None:
        """To it and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def freeze(self) -> None:
        """Stop the whole group where it stands: connections stay, nothing answers."""
        self.signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the group go on."""
        self.signal_group(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9 the whole group, as the kernel or an operator would."""
        self.signal_group(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(10)

    def end(self) -> None:
        """Whatever it does and whether it runs or not, leave nothing of it."""
        if self._process is not None:
            self.kill()

    def wait(self, seconds: float) -> int | None:
        """Its return code, if it ends in that time."""
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def children(self) -> list[int]:
        """The processes that it started and that run."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        with contextlib.suppress(OSError):
            return [int(pid) for pid in path.read_text(encoding="ascii").split() if not gone(int(pid))]
        return []

    def text(self) -> str:
        """All that it said."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def gone(pid: int) -> bool:
    """Whether that process has ended, reaped or not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in {"Z", "X"}


def wait_until_gone(pid: int, seconds: float = 10) -> None:
    """Until that process has ended; fails when it has not by then."""
    until = time.monotonic() + seconds
    while not gone(pid):
        assert time.monotonic() < until, f"process {pid} still runs"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Uses:
    """What one process holds: `rss_kb` is its memory in KiB, `files` the number of its open descriptors."""

    rss_kb: int
    files: int


def uses(pid: int) -> Uses:
    """What that process holds now; nothing, when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        return Uses(pages * os.sysconf("SC_PAGESIZE") // 1024, len(os.listdir(f"/proc/{pid}/fd")))  # noqa: PTH208
    except OSError:
        return Uses(0, 0)
