"""A text in capitals throughout, or letters and marks drawn out far beyond emphasis."""

import re

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence

NAME = "shouting"
VERSION = 1
READS: tuple[str, ...] = ()

SHARE = 0.7
"""Of the cased letters; German nouns and a sentence's acronyms stay far below."""

FEWEST_LETTERS = 20
"""Cased letters; shorter texts are names of parties, shops and broadcasters."""

_DRAWN_OUT = re.compile(r"[!?！？]{8,}|([^\W\d_])\1{7,}", re.IGNORECASE)
_LAUGHTER = frozenset("kwx")
"""kkkkkkkk is how Brazil laughs, wwwwwwww Japan; xxxxxxxx are kisses, or a blank to fill in."""


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what shouts; scripts without case cannot, and neither can their drawn-out laughter."""
    share = _share_of_capitals(evidence.text)
    runs = _drawn_out(evidence.text)
    if share >= SHARE:
        return _finding(f"{share:.0%} of the letters are capitals", share, runs)
    if runs:
        return _finding("letters or marks repeated 8 times or more", None, runs)
    return Finding(NAME, VERSION, Outcome.PASS)


def _finding(detail: str, score: float | None, spans: tuple[Span, ...]) -> Finding:
    rounded = None if score is None else round(score, 3)
    return Finding(NAME, VERSION, Outcome.HOLD, Reason.SUSPICIOUS, score=rounded, detail=detail, spans=spans)


def _share_of_capitals(text: str) -> float:
    """Between 0 and 1; 0 where there are too few cased letters to tell."""
    upper = sum(map(str.isupper, text))
    cased = upper + sum(map(str.islower, text))
    return upper / cased if cased >= FEWEST_LETTERS else 0.0


def _drawn_out(text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in _DRAWN_OUT.finditer(text) if _is_loud(match[1]))


def _is_loud(letter: str | None) -> bool:
    if letter is None:
        return True
    return (letter.isupper() or letter.islower()) and letter.lower() not in _LAUGHTER
