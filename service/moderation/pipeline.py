"""Runs every check that a site has on, in listed order; a check that fails is itself a finding."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.checks import (
    blocked_words,
    flood,
    honeypot,
    links,
    personal_data,
    repeats,
    shouting,
    time_to_fill,
)
from service.moderation.evidence import Evidence

Deadline = Callable[[], AbstractContextManager[None]]
"""Makes the guard that one check runs inside; it may raise `CheckTimedOut` there."""


class CheckTimedOut(Exception):
    """A check took longer than its deadline."""


class InvalidFinding(Exception):
    """A check answered something that is not a finding about this text."""


class Check(Protocol):
    """What every module in `checks` is."""

    NAME: str
    VERSION: int

    def check(self, evidence: Evidence, policy: Policy, /) -> Finding:
        """What this check says; always a finding, a pass included."""
        ...


CHECKS: tuple[Check, ...] = (
    honeypot, blocked_words, personal_data, links, repeats, flood, time_to_fill, shouting,
)  # fmt: skip
"""In the order in which they run and are shown; of several that hold, the first gives the reason."""


def check_names() -> list[str]:
    """The names under which a policy knows the checks."""
    return [check.NAME for check in CHECKS]


def run_checks(
    evidence: Evidence, policy: Policy, deadline: Deadline, checks: Sequence[Check] = CHECKS
) -> tuple[Finding, ...]:
    """One finding for each check that the policy has on, its action applied.

    Never raises an `Exception`: a check that does, that runs out of its deadline, or that answers
    nonsense gives `UNKNOWN` with reason `check_failed` and the exception's class as detail.
    """
    return tuple(
        _with_action(_run(check, evidence, policy, deadline), policy)
        for check in checks
        if policy.of_check(check.NAME).on
    )


def _run(check: Check, evidence: Evidence, policy: Policy, deadline: Deadline) -> Finding:
    try:
        with deadline():
            finding = check.check(evidence, policy)
        _require_valid(finding, check, evidence)
    except Exception as failure:  # noqa: BLE001  (whatever it is, a person must look)
        detail = type(failure).__name__
        return Finding(check.NAME, check.VERSION, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=detail)
    return finding


def _require_valid(finding: Finding, check: Check, evidence: Evidence) -> None:
    """Raises `InvalidFinding`, or what comes of a finding that is none."""
    if (finding.check, finding.version) != (check.NAME, check.VERSION):
        raise InvalidFinding
    if finding.score is not None and not 0 <= finding.score <= 1:
        raise InvalidFinding
    if not all(0 <= span.start < span.end <= len(evidence.text) for span in finding.spans):
        raise InvalidFinding
    if finding.outcome is not Outcome.PASS and finding.reason is None:
        raise InvalidFinding


def _with_action(finding: Finding, policy: Policy) -> Finding:
    """A site may say what a hit leads to; a pass and a failed check stay what they are."""
    action = policy.of_check(finding.check).action
    if action is None or finding.outcome in {Outcome.PASS, Outcome.UNKNOWN}:
        return finding
    return replace(finding, outcome=action)
