"""Addresses of mailboxes in what everybody would read: the author's own by a slip, or somebody else's."""

import re
from collections.abc import Iterator

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.text_view import FoldedText, fold_text

NAME = "personal_data"
VERSION = 1
READS: tuple[str, ...] = ()

_LOCAL = re.compile(r"[\w.%+'=-]")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_MOST_OF_A_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what holds an address; the detail says where, and the spans point into the text."""
    spans = tuple(_mailboxes(fold_text(evidence.text)))
    places = [
        place
        for place, is_there in (
            ("the text", bool(spans)),
            ("the name", any(_mailboxes(fold_text(evidence.author)))),
            ("the website", any(_mailboxes(fold_text(evidence.website or "")))),
        )
        if is_there
    ]
    if not places:
        return Finding(NAME, VERSION, Outcome.PASS)
    detail = f"an email address in {' and '.join(places)}"
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.PERSONAL_DATA, detail=detail, spans=spans)


def _mailboxes(folded: FoldedText) -> Iterator[Span]:
    """Each address once; linear, as a local part is looked for in 64 characters at most."""
    ended = 0
    for at in re.finditer("@", folded.text):
        start = at.start()
        first = max(ended, start - _MOST_OF_A_LOCAL_PART)
        while start > first and _LOCAL.fullmatch(folded.text[start - 1]):
            start -= 1
        domain = _DOMAIN.match(folded.text, at.end())
        if domain and start < at.start():
            ended = domain.end()
            yield folded.span(start, ended)
