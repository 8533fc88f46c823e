"""The same text again: posted twice by one author, or spread by many."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.text_view import fold

NAME = "repeats"
VERSION = 1
READS: tuple[str, ...] = ()

COMMON_BELOW = 20
"""Folded characters; shorter texts ("Thanks!", "I agree") are written by many who never met."""

HOLD_FROM = 2
SPAM_FROM = 5


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold an author's own repetition; hold, then call spam, a longer text that others sent before."""
    others = evidence.repeats_by_others
    if others >= HOLD_FROM and len(fold(evidence.text)) >= COMMON_BELOW:
        outcome = Outcome.SPAM if others >= SPAM_FROM else Outcome.HOLD
        return _finding(outcome, f"{others} comments by others have the same text")
    if evidence.repeats_by_author >= 1:
        return _finding(Outcome.HOLD, "the author sent the same text before")
    return Finding(NAME, VERSION, Outcome.PASS)


def _finding(outcome: Outcome, detail: str) -> Finding:
    return Finding(NAME, VERSION, outcome, Reason.DUPLICATE, detail=detail)
