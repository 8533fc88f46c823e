"""Whoever has nothing published here yet, under this address and this name."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "new_author"
VERSION = 1
READS: tuple[str, ...] = ("publish",)

SCORE = 0.1


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Note a newcomer; where the site holds first comments, hold.

    The address is not confirmed: whoever knows a regular's address and name is held no more than on a site
    that holds no first comments, and never less.
    """
    if evidence.author_known:
        return Finding(NAME, VERSION, Outcome.PASS)
    detail = "nothing is published yet under this address and name"
    if policy.publish == "first":
        return Finding(NAME, VERSION, Outcome.HOLD, Reason.OTHER, detail=detail, rule="publish")
    return Finding(NAME, VERSION, Outcome.PASS, score=SCORE, detail=detail)
