"""A field that people do not see: what fills it in is a program."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "honeypot"
VERSION = 1
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Spam where the hidden field came back filled in."""
    if evidence.honeypot_filled:
        detail = "the hidden field was filled in"
        return Finding(NAME, VERSION, Outcome.SPAM, Reason.SPAM, score=1.0, detail=detail)
    return Finding(NAME, VERSION, Outcome.PASS)
