"""A desk that checks, with one check that says what a test tells it to."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.limits.limit import Limit
from service.moderation.evidence import Evidence
from service.moderation.pipeline import run_checks
from service.storage.pool import Pool
from service.usecases import check
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.directory import SiteDirectory
from tests.factories import Paper

LEASE = timedelta(minutes=1)
AUTO = Policy(publish="auto")


def rules(**fields: Any) -> Policy:
    """A policy that publishes by itself and asks no model, so that no training changes what it decides."""
    off = {"spam_model": {"on": False}, "abuse_model": {"on": False}}
    return Policy.model_validate({"publish": "auto"} | fields | {"checks": off | fields.get("checks", {})})


@dataclass
class FakeCheck:
    """A check that says what it is told to, and remembers whom it saw."""

    says: Callable[[Evidence], Finding] | None = None
    seen: list[Evidence] = field(default_factory=list)
    NAME = "fake"
    VERSION = 7
    READS = ()

    def check(self, evidence: Evidence, _policy: Policy, /) -> Finding:
        self.seen.append(evidence)
        return self.says(evidence) if self.says else Finding(self.NAME, self.VERSION, Outcome.PASS)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeCheck:
    """The only check there is."""
    fake = FakeCheck()
    monkeypatch.setattr(check, "run_checks", partial(run_checks, checks=(fake,)))
    return fake


def make_desk(worker: Pool, **changes: Any) -> CheckDesk:
    rules = {
        "lease": LEASE,
        "batch": 20,
        "deadline": nullcontext,
        "author_limit": Limit(10, 60),
        "network_limit": Limit(30, 60),
    } | changes
    return CheckDesk(worker, worker, SiteDirectory(worker), CheckRules(**rules))


def never() -> bool:
    return False


async def run(worker: Pool, **changes: Any) -> int:
    return await make_desk(worker, **changes).check_due(never)


async def let_leases_end(paper: Paper) -> None:
    await paper.owner.execute("UPDATE comment SET due_at = clock_timestamp() WHERE status = 'pending'")


async def findings_of(paper: Paper, comment_id: UUID) -> dict[str, dict[str, Any]]:
    (decision,) = await paper.decisions(comment_id)
    return {finding["check"]: finding for finding in orjson.loads(decision["findings"])}
