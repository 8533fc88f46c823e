"""Runs a candidate beside the live policy: after the live decisions, and only on record."""

import time
from collections import deque
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from service.domain.finding import Finding
from service.domain.site import Site
from service.moderation.backtest.replay import Past, Replayer
from service.moderation.evidence import Evidence
from service.moderation.judge import Verdict
from service.moderation.learning.thresholds import Thresholds
from service.moderation.pipeline import Deadline
from service.storage import learning, shadows
from service.storage.pool import Pool, connection
from service.storage.shadows import Candidate, ShadowVerdict
from service.usecases.site_models import thresholds_of

log = structlog.get_logger(__name__)

FRESH_S = 1.0
AT_ONCE = 20
"""So many are judged before the desk looks again whether something live is due."""

MOST_WAITING = 200
"""More than this need not be watched: the oldest are forgotten, and the record is a sample."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A comment with its live verdict, and all that led to it."""

    site: Site
    comment_id: UUID
    evidence: Evidence
    findings: tuple[Finding, ...]
    verdict: Verdict


@dataclass(slots=True)
class ShadowDesk:
    """Judges by candidates what was decided; whatever goes wrong here goes on record and no further."""

    pool: Pool
    deadline: Deadline
    watchdog: Deadline
    _candidates: dict[int, Candidate] = field(default_factory=dict)
    _thresholds: dict[int, Thresholds] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _waiting: deque[Decided] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    _replayers: dict[tuple[int, int, int], Replayer] = field(default_factory=dict)

    def watch(self, decided: Decided) -> None:
        """Remember it for later; costs nothing where no candidate runs."""
        if self._waiting or decided.site.id in self._candidates or self._is_stale():
            self._waiting.append(decided)

    async def judge_some(self) -> int:
        """Judge up to `AT_ONCE` of what waits; how many there were. Whatever fails is logged and lost."""
        some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        try:
            if some and self._is_stale():
                await self._read()
            for decided in some:
                candidate = self._candidates.get(decided.site.id)
                if candidate is not None:
                    await self._judge(decided, candidate)
        except Exception as error:  # noqa: BLE001  (nothing live may fail with it)
            log.warning("a candidate's verdicts are lost", error=type(error).__name__)
        return len(some)

    def _is_stale(self) -> bool:
        return time.monotonic() - self._read_at > FRESH_S

    async def _read(self) -> None:
        async with connection(self.pool) as held:
            found = await shadows.list_candidates(held)
            standing = {one.site_id: await learning.find_learning(held, one.site_id) for one in found}
        self._candidates = {candidate.site_id: candidate for candidate in found}
        self._thresholds = {one.site_id: thresholds_of(one.policy, standing[one.site_id]) for one in found}
        self._replayers.clear()
        self._read_at = time.monotonic()

    async def _judge(self, decided: Decided, candidate: Candidate) -> None:
        try:
            with self.watchdog():
                verdict, failure = self._replay(decided, candidate), None
        except Exception as error:  # noqa: BLE001  (a candidate is there to be found wanting)
            verdict, failure = None, type(error).__name__
            log.warning("a candidate failed", site=decided.site.slug, error=type(error).__name__)
        async with connection(self.pool) as held:
            await shadows.record(held, _record(decided, candidate, verdict, failure))

    def _replay(self, decided: Decided, candidate: Candidate) -> Verdict:
        site = decided.site
        key = (site.id, candidate.id, site.policy_version)
        if key not in self._replayers:
            known_by = {site.policy_version: site.policy}
            self._replayers[key] = Replayer(
                candidate.policy,
                known_by,
                deadline=self.deadline,
                is_whole=True,
                thresholds=self._thresholds[site.id],
            )
        findings = {finding.check: finding for finding in decided.findings}
        return self._replayers[key].replay(Past(decided.evidence, site.policy_version, findings)).verdict


def _record(
    decided: Decided, candidate: Candidate, verdict: Verdict | None, failure: str | None
) -> ShadowVerdict:
    live = decided.verdict
    return ShadowVerdict(
        site_id=decided.site.id,
        comment_id=decided.comment_id,
        candidate_id=candidate.id,
        live_status=str(live.status),
        live_decided_by=live.decided_by,
        live_rule=live.rule or None,
        status=str(verdict.status) if verdict else None,
        reason=str(verdict.reason) if verdict and verdict.reason else None,
        decided_by=verdict.decided_by if verdict else None,
        rule=(verdict.rule or None) if verdict else None,
        failure=failure,
    )
