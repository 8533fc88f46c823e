"""What another policy would have said about one comment, with as little checked again as can be."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from typing import Any, cast

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.moderation.checks import abuse, spam
from service.moderation.evidence import Evidence
from service.moderation.judge import Verdict, is_open, judge
from service.moderation.learning.thresholds import Thresholds
from service.moderation.pipeline import CHECKS, Check, Deadline, run_checks, with_action

STILL_KNOWN = frozenset({"text", "author", "website", "honeypot_filled", "seconds_to_fill"})
"""The evidence that is stored with a comment; everything else was counted at the moment and is gone."""

NOTE = "note"

_BY_THRESHOLDS = {spam.NAME: spam.under_thresholds, abuse.NAME: abuse.under_thresholds}


@dataclass(frozen=True, slots=True)
class Past:
    """A comment as it was checked under version `policy_version`: evidence, and what each check said."""

    evidence: Evidence
    policy_version: int
    findings: Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What another policy would have decided.

    `missing` are the checks and services whose answer needs what nobody knows any more, or may not be
    asked for; their old answer stands in where there is one.
    """

    verdict: Verdict
    reused: int
    run: int
    missing: tuple[str, ...]


class Replayer:
    """Judges the past by `policy`; `known_by` are the versions under which it was checked.

    `thresholds` are those that the models' checks would have under this policy; None leaves what they said.
    `is_whole` is true where the evidence is the very one that the findings came from: no check misses any
    then. Outside services are never asked: what they said is used again, or missing.
    """

    def __init__(
        self,
        policy: Policy,
        known_by: Mapping[int, Policy],
        *,
        checks: Sequence[Check] = CHECKS,
        deadline: Deadline = nullcontext,
        is_whole: bool = False,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._policy = policy
        self._checks = [check for check in checks if policy.of_check(check.NAME).on]
        self._services = {name: service for name, service in policy.services.items() if service.on}
        self._deadline = deadline
        self._is_whole = is_whole
        self._thresholds = thresholds
        self._known_by = known_by
        self._same: dict[int, frozenset[str]] = {}

    def replay(self, past: Past) -> Replayed:
        """What the policy makes of it."""
        same = self._same_under(past.policy_version)
        findings: list[Finding] = []
        # Another promise means other thresholds of the models, found on decisions that were not made yet.
        is_promised = self._known_by[past.policy_version].promise == self._policy.promise
        missing: list[str] = [] if is_promised else ["promise"]
        reused = 0
        for check in self._checks:
            stored = past.findings.get(check.NAME)
            if stored is not None and check.NAME in same and _is_good(stored, check):
                findings.append(self._stored(stored))
                reused += 1
            else:
                finding, is_missing = self._again(check, past.evidence, stored)
                findings.append(finding)
                missing += [check.NAME] * is_missing
        verdict = judge(findings, self._policy)
        if is_open(verdict) and self._services:
            said, unasked = self._outside(past)
            verdict = judge([*findings, *said], self._policy)
            missing += unasked
        return Replayed(verdict, reused, len(findings) - reused, tuple(missing))

    def _again(self, check: Check, evidence: Evidence, stored: Finding | None) -> tuple[Finding, bool]:
        """The check's answer to what is still known; its old one where that is not enough."""
        seen = _Seen(evidence, _ALL if self._is_whole else _known(evidence))
        finding = run_checks(cast("Evidence", seen), self._policy, self._deadline, (check,))[0]
        if not seen.missed:
            return self._stored(finding), False
        if stored is None or stored.outcome is Outcome.UNKNOWN:
            return self._stored(finding), True
        return self._stored(stored), True

    def _stored(self, stored: Finding) -> Finding:
        """An old answer under this policy's thresholds and actions."""
        again = _BY_THRESHOLDS.get(stored.check)
        if again and self._thresholds:
            stored = again(stored, self._thresholds)
        return with_action(stored, self._policy)

    def _outside(self, past: Past) -> tuple[list[Finding], list[str]]:
        """What services said, as far as the policy has them on, and those that were not asked, or not so."""
        old = self._known_by[past.policy_version].services
        said = [past.findings[name] for name in self._services if name in past.findings]
        unasked = [
            str(name)
            for name, wanted in self._services.items()
            if name not in past.findings or old.get(name) != wanted
        ]
        return said, unasked

    def _same_under(self, version: int) -> frozenset[str]:
        """The checks that say under this policy what they said under that version."""
        if version not in self._same:
            old = self._known_by[version]
            self._same[version] = frozenset(
                check.NAME for check in self._checks if _reads_the_same(check, old, self._policy)
            )
        return self._same[version]


_ALL = frozenset(one.name for one in fields(Evidence))
_AND_BROWSER = STILL_KNOWN | {"user_agent"}


def _known(evidence: Evidence) -> frozenset[str]:
    """What is still known of it: the browser's family goes after a while."""
    return STILL_KNOWN if evidence.user_agent is None else _AND_BROWSER


class _Seen:
    """Evidence that notes what was asked for and is not known any more."""

    __slots__ = ("_evidence", "_known", "missed")

    def __init__(self, evidence: Evidence, known: frozenset[str]) -> None:
        self._evidence = evidence
        self._known = known
        self.missed = False

    def __getattr__(self, name: str) -> Any:
        if name not in self._known:
            self.missed = True
        return getattr(self._evidence, name)


def _reads_the_same(check: Check, old: Policy, new: Policy) -> bool:
    """Whether the lines that it reads are the same, and the old action left enough of what it said."""
    if any(getattr(old, name) != getattr(new, name) for name in check.READS):
        return False
    before, after = old.of_check(check.NAME).action, new.of_check(check.NAME).action
    # A note no longer tells what it would have been; what a site's action replaced, nobody knows either.
    return before in {after, None} or (before != NOTE and after is not None)


def _is_good(stored: Finding, check: Check) -> bool:
    return stored.version == check.VERSION and stored.outcome is not Outcome.UNKNOWN
