"""The workers' own app with one more check, which does to its process what the text says.

Started by tests as `celery -A tests.workers.slow_app`; TEST_REPLYDESK_FOLDER is where it meets them.
"""

import ctypes
import os
import signal
import time
from functools import partial
from pathlib import Path

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CHECKS, run_checks
from service.usecases import check as checking
from workers.app import app

__all__ = ["app"]

FOLDER = Path(os.environ["TEST_REPLYDESK_FOLDER"])
NAME = "nasty"
VERSION = 1


class Nasty:
    """Leaves a trace of each look, then passes, dawdles, waits, hangs or dies."""

    NAME = NAME
    VERSION = VERSION

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
        return Finding(NAME, VERSION, Outcome.PASS)


checking.run_checks = partial(run_checks, checks=(*CHECKS, Nasty()))
