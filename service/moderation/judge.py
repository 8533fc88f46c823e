"""Findings become one verdict, and the strictest one wins; nothing is published unless every check passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.weighing import weigh

_STRICTEST_FIRST = (
    (Outcome.SPAM, Status.SPAM),
    (Outcome.REJECT, Status.REJECTED),
    (Outcome.HOLD, Status.HELD),
    (Outcome.UNKNOWN, Status.HELD),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks decide: a status, why, and the check that tipped it (None: no single one did).

    `rule` is the line of the policy that decided, such as `max_links`, `checks.links.action` or `publish`;
    empty where no line did: a check failed, or there was none.
    """

    status: Status
    reason: Reason | None = None
    decided_by: str | None = None
    rule: str = ""


def is_open(verdict: Verdict) -> bool:
    """Whether nothing speaks against it so far: outside services are asked only then."""
    return verdict.status is Status.PUBLISHED or (verdict.status is Status.HELD and verdict.reason is None)


def judge(findings: Sequence[Finding], policy: Policy) -> Verdict:
    """The first finding, in listed order, of the strictest outcome decides.

    No finding at all means that nothing was checked: held as a failed check. All passed: held where their
    notes weigh as much as `policy.hold_from`; otherwise published, or, where the site reviews everything,
    held without a reason: it waits for a person.
    """
    for outcome, status in _STRICTEST_FIRST:
        for finding in findings:
            if finding.outcome == outcome:
                return Verdict(status, finding.reason, finding.check, rule_of(finding, policy))
    if not findings or any(finding.outcome is not Outcome.PASS for finding in findings):
        return Verdict(Status.HELD, Reason.CHECK_FAILED)
    notes = weigh(findings, policy)
    if notes is not None and notes.outcome is Outcome.HOLD:
        return Verdict(Status.HELD, notes.reason, notes.check, notes.rule)
    if policy.publish != "review":
        return Verdict(Status.PUBLISHED, rule="publish")
    return Verdict(Status.HELD, rule="publish")


def rule_of(finding: Finding, policy: Policy) -> str:
    """The line of the policy by which this finding is what it is; empty where the check failed."""
    if finding.outcome is Outcome.UNKNOWN:
        return ""
    if policy.of_check(finding.check).action is not None:
        return f"checks.{finding.check}.action"
    return finding.rule or f"checks.{finding.check}"
