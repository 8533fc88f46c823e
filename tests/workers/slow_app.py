"""The workers' own app with one more check, which does to its process what the text says.

Started by tests as `celery -A tests.workers.slow_app`; TEST_REPLYDESK_FOLDER is where it meets them.
"""

import ctypes
import os
import signal
import time
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import cast

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CHECKS, run_checks
from service.usecases import check as checking
from tests.workers.drain_of import also_in_drains
from workers.app import app

__all__ = ["app"]

FOLDER = Path(os.environ["TEST_REPLYDESK_FOLDER"])
MIB = 1024 * 1024
NAME = "nasty"
VERSION = 1


class Odd(BaseException):
    """No `Exception`, as nobody expects it."""


def _raise(kind: type[BaseException]) -> Finding:
    raise kind


def _grow() -> Finding:
    hoard: list[bytes] = []
    while True:
        hoard.append(bytes(64 * MIB))  # all zeros: reserved, not yet touched


def _recurse() -> Finding:
    return _recurse()


def _spin() -> Finding:
    """Stay in C with the interpreter's lock: no signal's handler runs, no thread of Python's."""
    deque(repeat(None), maxlen=0)
    raise AssertionError("that never ends")


def _says(**answer: object) -> Finding:
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.OTHER, **answer)  # type: ignore[arg-type]


POISONS: dict[str, Callable[[], Finding]] = {
    "hoard": lambda: _says(detail=str(len(bytearray(2048 * MIB)))),
    "grow": _grow,
    "recurse": _recurse,
    "spin": _spin,
    "quit": partial(_raise, SystemExit),
    "interrupt": partial(_raise, KeyboardInterrupt),
    "cancel": partial(_raise, CancelledError),
    "close": partial(_raise, GeneratorExit),
    "odd": partial(_raise, Odd),
    "object": lambda: _says(detail=object()),
    "surrogate": lambda: _says(detail="\ud800"),
    "zero": lambda: _says(detail="\0"),
    "endless": lambda: _says(spans=repeat(Span(0, 1))),
    "nothing": lambda: cast("Finding", None),
}


class Nasty:
    """Leaves a trace of each look, then passes, dawdles, waits, hangs or dies."""

    NAME = NAME
    VERSION = VERSION
    READS = ()

    def check(self, evidence: Evidence, _policy: Policy, /) -> Finding:
        word = evidence.text.split()[0]
        (FOLDER / f"seen-{word}-{time.time_ns()}").write_text(str(os.getpid()), encoding="ascii")
        match word:
            case "exit":
                os._exit(7)
            case "crash":
                ctypes.string_at(0)
            case "dawdle":
                while True:
                    time.sleep(0.01)
            case "wait" | "stuck":
                if word == "stuck":  # as in C code that does not come back: no alarm gets through
                    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
                while not (FOLDER / "go-on").exists():
                    time.sleep(0.01)
            case "fail":
                raise ValueError("mara.canary@mail.example")
            case _ if word in POISONS:
                return POISONS[word]()
        return Finding(NAME, VERSION, Outcome.PASS)


checking.run_checks = partial(run_checks, checks=(*CHECKS, Nasty()))
also_in_drains("tests.workers.slow_app")
