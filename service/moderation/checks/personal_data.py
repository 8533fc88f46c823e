"""Addresses of mailboxes in what everybody would read: the author's own by a slip, or somebody else's."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.mailboxes import find_mailboxes

NAME = "personal_data"
VERSION = 1
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what holds an address; the detail says where, and the spans point into the text."""
    spans = tuple(find_mailboxes(evidence.text))
    places = [
        place
        for place, is_there in (
            ("the text", bool(spans)),
            ("the name", any(find_mailboxes(evidence.author))),
            ("the website", any(find_mailboxes(evidence.website or ""))),
        )
        if is_there
    ]
    if not places:
        return Finding(NAME, VERSION, Outcome.PASS)
    detail = f"an email address in {' and '.join(places)}"
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.PERSONAL_DATA, detail=detail, spans=spans)
