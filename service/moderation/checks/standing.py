"""An author whose comments moderators want to see first, or no more."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "standing"
VERSION = 1
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold or reject as a moderator ordered, for the reason that was given then.

    Whoever types an author's address is taken for that author: nobody gains by it, and somebody who was
    banned is not told.
    """
    if evidence.author_standing is None:
        return Finding(NAME, VERSION, Outcome.PASS)
    outcome = Outcome.REJECT if evidence.author_standing == "banned" else Outcome.HOLD
    reason = Reason(evidence.standing_reason) if evidence.standing_reason else Reason.OTHER
    return Finding(NAME, VERSION, outcome, reason, detail=f"a moderator has this author {_SAID[outcome]}")


_SAID = {Outcome.REJECT: "banned", Outcome.HOLD: "pre-moderated"}
