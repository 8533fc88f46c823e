"""One process that the supervisor runs: started, watched, started again with back-off, stopped in time."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from service import processes
from service.embedded.account import Account
from service.embedded.leftovers import forget, remember

LONGEST_PAUSE: Final = 5.0  # seconds between two starts of a process that keeps dying
LARGEST_LOG: Final = 16 * 2**20  # bytes; a larger one is put aside at the next start


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, as whom, and how it is asked to end: signals, each with the seconds it is given."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    pid_file: Path | None = None
    folder: Path = Path("/")
    account: Account = field(default_factory=Account)
    stdin: str = ""
    orphaned: int = signal.SIGKILL  # what the kernel sends when we are killed
    stops: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 2.0),)


class Child:
    """A `Program` that runs or ran."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.deaths: deque[float] = deque(maxlen=50)
        self._process: subprocess.Popen[bytes] | None = None
        self._next_start = 0.0

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C of the terminal does not reach it, the supervisor does.

        Raises:
            OSError: the log cannot be written or the program not be started.
        """
        program = self.program
        with open_log(program.log) as log:
            self._process = subprocess.Popen(
                tied(program.argv, program.orphaned, program.account),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=program.folder,
                env=dict(program.env),
                start_new_session=True,
                umask=0o077,
            )
        assert self._process.stdin is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(program.stdin.encode())
        if program.pid_file:
            remember(program.pid_file, self._process.pid)

    def died(self) -> int | None:
        """Its return code, once, when it has ended since the last look (negative: the signal)."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._sweep()
        self._process = None
        self.count_death()
        return code

    def count_death(self) -> None:
        """Put the next start off: it died, or could not even be started."""
        now = time.monotonic()
        self.deaths.append(now)
        self._next_start = now + self.pause()

    def pause(self) -> float:
        """Seconds to wait before the next start: 0.1 after the first death, doubled with each recent one."""
        deaths = min(self.deaths_within(30.0), 10)
        return min(0.1 * 2.0 ** max(0, deaths - 1), LONGEST_PAUSE)

    def deaths_within(self, seconds: float) -> int:
        """How often it died lately."""
        return sum(1 for moment in self.deaths if time.monotonic() - moment < seconds)

    def is_due(self) -> bool:
        """Whether it is down and its pause is over."""
        return self._process is None and time.monotonic() >= self._next_start

    def ask_to_end(self) -> None:
        """Send the first of the stop signals and do not wait."""
        self._send(self.program.stops[0][0])

    def stop(self, *, asked: bool = False) -> None:
        """End it: each stop signal in turn with its time, then SIGKILL to its whole group."""
        for place, (number, seconds) in enumerate(self.program.stops):
            if not (asked and place == 0):
                self._send(number)
            if self._ended_within(seconds):
                break
        self._sweep()
        self._process = None
        if self.program.pid_file:
            forget(self.program.pid_file)

    def wait(self, seconds: float) -> int | None:
        """Its return code if it ends in that time."""
        return self._process.returncode if self._process and self._ended_within(seconds) else None

    def last_words(self, lines: int = 8) -> list[str]:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return self.program.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return []

    def _send(self, number: int) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def _ended_within(self, seconds: float) -> bool:
        if self._process is None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def _sweep(self) -> None:
        """Kill what is left of its group, such as the pool of a worker that was killed."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(5.0)


def tied(argv: Sequence[str], orphaned: int, account: Account) -> list[str]:
    """The command line that starts `argv` tied to this process (see service.processes)."""
    launcher = [sys.executable, "-I", "-S", processes.__file__, str(os.getpid()), str(int(orphaned))]
    return [*launcher, str(account.uid), str(account.gid), *argv]


def open_log(path: Path) -> BinaryIO:
    """The end of a log file that only its owner reads."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_name(f"{path.name}.old"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return open(descriptor, "ab")  # noqa: PTH123  (a descriptor)
