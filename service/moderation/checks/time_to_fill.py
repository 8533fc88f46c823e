"""The time between handing out the form and sending it: no one writes a reply in two seconds."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "time_to_fill"
VERSION = 1
READS: tuple[str, ...] = ()

TOO_FAST_S = 2.0


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what was sent within `TOO_FAST_S`; the score is 1 for at once, falling to 0.

    No token is no evidence and passes, and so does a form that stood open for days. A clock that ran
    backwards between two servers counts as no time at all.
    """
    if evidence.seconds_to_fill is None or evidence.seconds_to_fill >= TOO_FAST_S:
        return Finding(NAME, VERSION, Outcome.PASS)
    seconds = max(0.0, evidence.seconds_to_fill)
    score = round(1 - seconds / TOO_FAST_S, 3)
    detail = f"sent {seconds:.1f} s after the form was handed out"
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.SUSPICIOUS, score=score, detail=detail)
