"""Signs that no page was open in a browser: the client names none, or names itself a program."""

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.moderation.evidence import Evidence

NAME = "off_form"
VERSION = 1
READS: tuple[str, ...] = ()

SCORE = 0.1

_SAID = {
    "none": "the client sent no User-Agent",
    "bot": "the client calls itself a robot",
    "curl": "the client is a command-line program",
    "python": "the client is a program",
}


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Note it, no more: apps and the site's own programs send comments too, and a robot can lie.

    The hidden field and the time that a form stood open are the checks `honeypot` and `time_to_fill`, an
    address pasted into the name is `links`. A missing form token is no sign at all.
    """
    said = _SAID.get(evidence.user_agent or "")
    if said is None:
        return Finding(NAME, VERSION, Outcome.PASS)
    return Finding(NAME, VERSION, Outcome.PASS, score=SCORE, detail=said)
