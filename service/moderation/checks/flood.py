"""More submissions in the limit's window than one author, or one network, is allowed."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "flood"
VERSION = 1
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what is above a limit; the limit itself is still allowed, and null is off or not known."""
    counts = (
        (evidence.author_in_window, evidence.author_limit, "author"),
        (evidence.network_in_window, evidence.network_limit, "network"),
    )
    for count, limit, whose in counts:
        if count is not None and limit is not None and count > limit:
            detail = f"submission {count} by this {whose}, the limit is {limit}"
            return Finding(NAME, VERSION, Outcome.HOLD, Reason.FLOOD, detail=detail)
    return Finding(NAME, VERSION, Outcome.PASS)
