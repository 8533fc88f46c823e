"""What became of an author's earlier comments here: many refused ones make the next one a doubt."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "author_record"
VERSION = 1
READS: tuple[str, ...] = ()

NOTE_FROM = 2
HOLD_FROM = 5
"""Refused comments (rejected or spam) among the latest fifty."""

HELD_SHARE = 2 / 3
"""Of those that were published or refused; what waits says nothing yet."""

MOST = 0.4


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold whom people or checks refused most of the time, note whom they refused now and then.

    A good record earns nothing: the address is not confirmed.
    """
    refused = evidence.author_refused
    if refused < NOTE_FROM:
        return Finding(NAME, VERSION, Outcome.PASS)
    share = refused / (refused + evidence.author_published)
    detail = f"{refused} of this author's latest comments were refused, {evidence.author_published} published"
    if refused >= HOLD_FROM and share >= HELD_SHARE:
        score = round(share, 3)
        return Finding(NAME, VERSION, Outcome.HOLD, Reason.SUSPICIOUS, score=score, detail=detail)
    return Finding(NAME, VERSION, Outcome.PASS, score=round(MOST * share, 3), detail=detail)
