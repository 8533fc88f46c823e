"""An author, or a network, whose comments moderators want to see first, or no more."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "standing"
VERSION = 2
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold or reject as a moderator ordered, for the reason that was given then; a ban before the rest.

    Whoever types an author's address is taken for that author: nobody gains by it, and somebody who was
    banned is not told.
    """
    orders = (
        ("author", evidence.author_standing, evidence.standing_reason),
        ("network", evidence.network_standing, evidence.network_standing_reason),
    )
    standing = [order for order in orders if order[1] in {"premoderated", "banned"}]
    if not standing:
        return Finding(NAME, VERSION, Outcome.PASS)
    about, kind, given = next((order for order in standing if order[1] == "banned"), standing[0])
    outcome = Outcome.REJECT if kind == "banned" else Outcome.HOLD
    reason = Reason(given) if given else Reason.OTHER
    return Finding(NAME, VERSION, outcome, reason, detail=f"a moderator has this {about} {_SAID[outcome]}")


_SAID = {Outcome.REJECT: "banned", Outcome.HOLD: "pre-moderated"}
