"""The workers' own app with one more check, which asks an outside service about texts that begin with `ask`.

Started by faults as `celery -A tests.faults.asking_app`; the file `service` in TEST_REPLYDESK_FOLDER says
where. A check is a pure function in the product; this one asks on an event loop of its own, in a thread.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_network
from pathlib import Path

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CHECKS, run_checks
from service.outbound.breaker import CircuitBreaker
from service.outbound.bucket import TokenBucket
from service.outbound.client import Rules, post_json
from service.outbound.outside_service import OutsideService
from service.usecases import check as checking
from tests.workers.drain_of import also_in_drains
from workers.app import app

__all__ = ["app"]

FOLDER = Path(os.environ["TEST_REPLYDESK_FOLDER"])
RULES = Rules(networks=[ip_network("127.0.0.0/8")], deadline_s=0.6)


async def _ask(document: object) -> object:
    return await post_json((FOLDER / "service").read_text(encoding="ascii"), document, RULES)


class Asking:
    """Passes what the service calls clean; whatever else it says, or does not, is unknown."""

    NAME = "asking"
    VERSION = 1
    READS = ()

    def __init__(self) -> None:
        self._service = OutsideService("spam", _ask, TokenBucket(100, 100), CircuitBreaker(3, 0.3, 0.6))

    def check(self, evidence: Evidence, _policy: Policy, /) -> Finding:
        """Asks about texts that begin with `ask`."""
        if not evidence.text.startswith("ask "):
            return Finding(self.NAME, self.VERSION, Outcome.PASS)
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(asyncio.run, self._service.answer({"text": evidence.text})).result()
        if answer == {"verdict": "clean"}:
            return Finding(self.NAME, self.VERSION, Outcome.PASS)
        return Finding(self.NAME, self.VERSION, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail="no verdict")


checking.run_checks = partial(run_checks, checks=(*CHECKS, Asking()))
also_in_drains("tests.faults.asking_app")
