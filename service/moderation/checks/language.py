"""A text that is certainly in none of the languages that the site expects."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.language import read_language

NAME = "language"
VERSION = 1
READS: tuple[str, ...] = ("languages",)


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Hold it; short texts, mixed ones, and those of kin of an expected language pass."""
    if not policy.languages:
        return Finding(NAME, VERSION, Outcome.PASS)
    other = read_language(evidence.text).rules_out(frozenset(policy.languages))
    if other is None:
        return Finding(NAME, VERSION, Outcome.PASS)
    detail = f"the text is in another language than expected: {other}"
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.OTHER, detail=detail, rule="languages")
