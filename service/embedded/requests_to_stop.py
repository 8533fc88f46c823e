"""When to stop: a signal, the end of the process that started us, or that one waiting for us to end."""

import os
import signal
from pathlib import Path

from service.processes import die_with_parent

_MAKES = {"make", "gmake"}


class Stopped(Exception):
    """Somebody asked to stop while something was being waited for."""


class StopRequests:
    """Remembers that a stop was asked for; looked at by every wait."""

    def __init__(self) -> None:
        self.asked = False
        self._parent = os.getppid()
        self._caught_by_make = _caught(self._parent) if _is_make(self._parent) else 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup's wish
            signal.signal(signal.SIGHUP, self._note)
        die_with_parent(signal.SIGTERM)

    def check(self) -> None:
        """Raise `Stopped` if it is time to stop."""
        if self.asked or self._parent_is_done():
            self.asked = True
            raise Stopped

    def _note(self, _number: int, _frame: object) -> None:
        self.asked = True

    def _parent_is_done(self) -> bool:
        """Gone, or make that was interrupted alone: it then no longer catches the signal and waits for us."""
        gone = os.getppid() != self._parent
        return gone or bool(self._caught_by_make & ~_caught(self._parent))


def _is_make(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip() in _MAKES
    except OSError:
        return False


def _caught(pid: int) -> int:
    """Which of SIGHUP and SIGINT that process catches, as bits (SigCgt of proc(5))."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
        bits = int(next(line for line in status.splitlines() if line.startswith("SigCgt:")).split()[1], 16)
    except (OSError, StopIteration, ValueError):
        return 0
    return bits & (1 << (signal.SIGINT - 1) | 1 << (signal.SIGHUP - 1))
