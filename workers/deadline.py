"""Stops a check that takes too long, from inside its own process."""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from service.moderation.pipeline import CheckTimedOut, Deadline


def alarm(seconds: float) -> Deadline:
    """A deadline that interrupts Python code in the main thread by SIGALRM.

    Code that does not come back from C is stopped by Celery's hard time limit, which ends the process.
    """

    def within() -> AbstractContextManager[None]:
        return _alarm(seconds)

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
