"""Stops a check that takes too long: from inside its process, and where that does not help, with it."""

import faulthandler
import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType

from service.moderation.pipeline import CheckTimedOut, Deadline

PATIENCE = 4
"""How much longer than its deadline a check may wait for the processor."""


def alarm(seconds: float) -> Deadline:
    """A deadline that interrupts Python code in the main thread: `seconds` of the processor's time (SIGPROF).

    Checks are pure functions, so on a machine that others keep busy an innocent comment is not held for
    its wait. A check that waits all the same is interrupted by the clock (SIGALRM), four times as late. Code
    that does not come back from C hears no alarm: `watchdog` ends its process.
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
    before = {number: signal.signal(number, _ring) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


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
