"""The workers' own app with one more check, which hurts its process once for each text that asks for it.

Started by faults as `celery -A tests.faults.hurtful_app`; TEST_REPLYDESK_FOLDER is where it meets them. The
word decides: `kill-child`, `kill-parent` and `kill-group` send SIGKILL, `stop-child` SIGSTOP, to oneself.
"""

import os
import re
import signal
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
ORDER = re.compile(r"\b(kill-child|kill-parent|kill-group|stop-child) ([0-9a-f]{16})\b")


class Hurtful:
    """Passes everything, at the second look at the latest."""

    NAME = "hurtful"
    VERSION = 1
    READS = ()

    def check(self, evidence: Evidence, _policy: Policy, /) -> Finding:
        """Hurt the process when the text says so and this is the first look."""
        if order := ORDER.search(evidence.text):
            trace = FOLDER / f"{order[1]}-{order[2]}"
            if not trace.exists():
                trace.write_text(str(os.getpid()), encoding="ascii")
                _hurt(order[1])
        return Finding(self.NAME, self.VERSION, Outcome.PASS)


def _hurt(word: str) -> None:
    match word:
        case "kill-child":
            os.kill(os.getpid(), signal.SIGKILL)
        case "kill-parent":
            os.kill(os.getppid(), signal.SIGKILL)
            signal.pause()  # the parent's end takes a moment, and this check must not end before it
        case "kill-group":
            os.killpg(0, signal.SIGKILL)
        case "stop-child":
            os.kill(os.getpid(), signal.SIGSTOP)


checking.run_checks = partial(run_checks, checks=(*CHECKS, Hurtful()))
