"""Evidence about a harmless comment, and policies that look at one thing."""

from dataclasses import replace
from typing import Any

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

HARMLESS = Evidence(
    text="I grew up beside that mill, and the photographs brought it back.", author="Anna Berg"
)
ANY_POLICY = Policy()


def make_evidence(text: str = HARMLESS.text, **changes: Any) -> Evidence:
    return replace(HARMLESS, text=text, **changes)


def make_finding(outcome: Outcome, check: str = "links", reason: Reason | None = Reason.LINKS) -> Finding:
    return Finding(check, 1, outcome, None if outcome is Outcome.PASS else reason)


def marked(finding: Finding, text: str) -> list[str]:
    """What the finding's spans cover."""
    return [text[span.start : span.end] for span in finding.spans]
