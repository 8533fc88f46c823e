"""Characters that nobody sees and that change what is read: reversed text, tags, gaps inside words.

Joiners of emoji and of Arabic, Persian and Indic words, soft hyphens, marks of direction beside right-to-left
letters, and the flags of England, Scotland and Wales are what they should be.
"""

import re

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "hidden_characters"
VERSION = 1
READS: tuple[str, ...] = ()

NOTE = 0.3
"""For one or two gaps in words: text pasted from elsewhere has such."""

HOLD_FROM = 3

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_OVERRIDES = re.compile("[\u202d\u202e]")
_EMBEDDINGS = re.compile("[\u202a\u202b\u2066\u2067\u2068]")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,6}\U000e007f")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("[\U000e0100-\U000e01ef]{2,}|[\ufe00-\ufe0d]{2,}")
"""More than one variation selector in a row carries a message of its own."""

_GAPS = re.compile(
    "(?<=[A-Za-z\u00c0-\u024f])[\u200b\u200c\u200d\u2060-\u2064\ufeff\u180e]+(?=[A-Za-z\u00c0-\u024f])"
)


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what reverses, hides a message, or parts words again and again; note a gap or two."""
    text, name = evidence.text, evidence.author
    if text.isascii() and name.isascii():
        return Finding(NAME, VERSION, Outcome.PASS)
    hidden = _hidden(text)
    if hidden or _hidden(name):
        return _finding(hidden, "characters that reverse the text or hide a message")
    gaps = tuple(Span(*match.span()) for match in _GAPS.finditer(text))
    if len(gaps) >= HOLD_FROM or _GAPS.search(name):
        return _finding(gaps, "words parted by characters that nobody sees")
    if gaps:
        detail = f"{len(gaps)} characters that nobody sees, inside words"
        return Finding(NAME, VERSION, Outcome.PASS, score=NOTE, detail=detail, spans=gaps)
    return Finding(NAME, VERSION, Outcome.PASS)


def _hidden(text: str) -> tuple[Span, ...]:
    """Overrides of direction anywhere, other controls of it where nothing runs from right to left; tags."""
    found = [*_TAGS.finditer(_FLAG.sub(lambda match: " " * len(match[0]), text)), *_SELECTORS.finditer(text)]
    found += _OVERRIDES.finditer(text)
    if not _RIGHT_TO_LEFT.search(text):
        found += _EMBEDDINGS.finditer(text)
    return tuple(sorted((Span(*match.span()) for match in found), key=lambda span: (span.start, span.end)))


def _finding(spans: tuple[Span, ...], detail: str) -> Finding:
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.SUSPICIOUS, score=0.9, detail=detail, spans=spans)
