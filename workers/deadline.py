"""Stops a check that takes too long: from inside its process, and where that does not help, with it."""

import faulthandler
import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType

from service.moderation.pipeline import CheckTimedOut, Deadline


def alarm(seconds: float) -> Deadline:
    """A deadline that interrupts Python code in the main thread by SIGALRM.

    Code that does not come back from C hears no alarm: `watchdog` ends its process.
    """

    def within() -> AbstractContextManager[None]:
        return _alarm(seconds)

    return within


def watchdog(seconds: float) -> Deadline:
    """A deadline that ends this process: a thread of the interpreter's own C code waits, without its lock.

    The attempt counts, and the comment goes to a person after the last one.
    """

    def within() -> AbstractContextManager[None]:
        return _watchdog(seconds)

    return within


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise CheckTimedOut


@contextmanager
def _watchdog(seconds: float) -> Iterator[None]:
    # It would print where the process stood, which is no line of JSON.
    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
