"""Characters that nobody sees or that hide others: reversed text, tags, gaps inside words, towers of marks.

Joiners of emoji and of Arabic, Persian and Indic words, soft hyphens, marks of direction beside right-to-left
letters, and the flags of England, Scotland and Wales are what they should be.
"""

import re
import unicodedata

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.text_rules import MAX_MARKS_ON_ONE_BASE, UNSEEN
from service.moderation.evidence import Evidence

NAME = "hidden_characters"
VERSION = 2
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
_SELECTORS = re.compile("[\U000e0100-\U000e01ef]{2,}|[\ufe00-\ufe0d]{2,}|[\ufe00-\ufe0f]{4,}")
"""More than one variation selector in a row carries a message of its own; those of emoji get doubled."""

UNSEEN_TIMES = 2
"""So many times as many characters that nobody sees as others; the eye in a speech bubble has 3 on 2."""

FEWEST_UNSEEN = 10

HIGH = 5
"""Marks on one letter; IPA and polytonic Greek, taken apart, have up to four."""

HOLD_FROM_TOWERS = 3

_OF_ANY_SCRIPT = re.compile(
    "[\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Combining marks that sit on whatever stands before them; those of one script are piled up as it needs."""

_TOWERS = re.compile(f"[m*]{{{MAX_MARKS_ON_ONE_BASE + 1},}}|\\*{{{HIGH},}}")

_GAPS = re.compile(
    "(?<=[A-Za-z\u00c0-\u024f])[\u200b\u200c\u200d\u2060-\u2064\ufeff\u180e]+(?=[A-Za-z\u00c0-\u024f])"
)


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what reverses, hides a message, or parts words again and again; note a gap or two."""
    text, name = evidence.text, evidence.author
    if text.isascii() and name.isascii():
        return Finding(NAME, VERSION, Outcome.PASS)
    if reason_to_hold := _what_deceives(text, name):
        return _finding(*reason_to_hold)
    gaps = tuple(Span(*match.span()) for match in _GAPS.finditer(text))
    if len(gaps) >= HOLD_FROM or _GAPS.search(name):
        return _finding(gaps, "words parted by characters that nobody sees")
    if gaps:
        detail = f"{len(gaps)} characters that nobody sees, inside words"
        return Finding(NAME, VERSION, Outcome.PASS, score=NOTE, detail=detail, spans=gaps)
    return Finding(NAME, VERSION, Outcome.PASS)


def _what_deceives(text: str, name: str) -> tuple[tuple[Span, ...], str] | None:
    """The places in the text and what is wrong with it or with the name."""
    hidden = _hidden(text)
    if hidden or _hidden(name):
        return hidden, "characters that reverse the text or hide a message"
    if unseen := _mostly_unseen(text):
        return unseen, "mostly characters that nobody sees"
    towers = _towers(text)
    if _hide(towers) or _towers(name):
        return towers, "towers of marks on letters"
    return None


def _hidden(text: str) -> tuple[Span, ...]:
    """Overrides of direction anywhere, other controls of it where nothing runs from right to left; tags."""
    found = [*_TAGS.finditer(_without_flags(text)), *_SELECTORS.finditer(text)]
    found += _OVERRIDES.finditer(text)
    if not _RIGHT_TO_LEFT.search(text):
        found += _EMBEDDINGS.finditer(text)
    return tuple(sorted((Span(*match.span()) for match in found), key=lambda span: (span.start, span.end)))


def _without_flags(text: str) -> str:
    """The text with blanks in their places."""
    return _FLAG.sub(lambda match: " " * len(match[0]), text)


def _mostly_unseen(text: str) -> tuple[Span, ...]:
    """The rows that nobody sees, where they are more than `UNSEEN_TIMES` what is seen."""
    rows = tuple(Span(*match.span()) for match in UNSEEN.finditer(_without_flags(text)))
    unseen = sum(row.end - row.start for row in rows)
    seen = sum(map(len, _without_flags(text).split())) - unseen
    return rows if unseen >= FEWEST_UNSEEN and unseen > UNSEEN_TIMES * seen else ()


def _towers(text: str) -> tuple[Span, ...]:
    """Letters under more marks than a language has; a mark of one script counts where there are nine."""
    kinds = "".join(map(_kind, text))
    return tuple(Span(*match.span()) for match in _TOWERS.finditer(kinds))


def _kind(character: str) -> str:
    if unicodedata.category(character) not in {"Mn", "Me"}:
        return "."
    return "*" if _OF_ANY_SCRIPT.match(character) else "m"


def _hide(towers: tuple[Span, ...]) -> bool:
    highest = max((tower.end - tower.start for tower in towers), default=0)
    return len(towers) >= HOLD_FROM_TOWERS or highest > MAX_MARKS_ON_ONE_BASE


def _finding(spans: tuple[Span, ...], detail: str) -> Finding:
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.SUSPICIOUS, score=0.9, detail=detail, spans=spans)
