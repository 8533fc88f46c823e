"""A page on which several comments were held or rejected for abuse a moment ago: a quarrel goes on there."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "thread_heat"
VERSION = 1
READS: tuple[str, ...] = ()

HEATED_BY = tuple(
    map(str, (Reason.ABUSIVE, Reason.HATE, Reason.HARASSMENT, Reason.ILLEGAL, Reason.BLOCKED_WORD))
)
"""Reasons of other comments that count; what this check itself has held does not keep the heat up."""

NOTE_FROM = 3
HOTTEST = 8
"""Comments in ten minutes; from there on the note is as strong as it gets."""

MOST = 0.3


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Note how many there were: alone it holds nobody back, with another doubt it may."""
    nearby = evidence.heated_nearby
    if nearby < NOTE_FROM:
        return Finding(NAME, VERSION, Outcome.PASS)
    score = round(MOST * min(nearby, HOTTEST) / HOTTEST, 3)
    detail = f"{nearby} comments on this page were held or rejected for abuse within ten minutes"
    return Finding(NAME, VERSION, Outcome.PASS, score=score, detail=detail)
