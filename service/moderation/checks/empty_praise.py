"""Praise that would fit under any article: "Great post, thanks for sharing!" - and a website beside it."""

import re

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.link_finder import find_links
from service.moderation.praise_words import FILLERS, PRAISE, THINGS
from service.moderation.text_view import fold

NAME = "empty_praise"
VERSION = 1
READS: tuple[str, ...] = ()

SCORE = 0.15
LONGEST = 500  # characters, links included
MOST_WORDS = 20
"""Longer praise has something to say."""

_LINKS = 3
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold empty praise with a website or a link; without them it is a kind word, and a note."""
    if not is_empty_praise(evidence.text):
        return Finding(NAME, VERSION, Outcome.PASS)
    if evidence.website or find_links(evidence.text) or find_links(evidence.author):
        detail = "praise that would fit under any article, with a link"
        return Finding(NAME, VERSION, Outcome.HOLD, Reason.SPAM, score=0.7, detail=detail)
    detail = "praise that would fit under any article"
    return Finding(NAME, VERSION, Outcome.PASS, score=SCORE, detail=detail)


def is_empty_praise(text: str) -> bool:
    """Whether it is made of praise, of what is praised, and of small words, and of nothing else."""
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS + _LINKS:
        return False
    for link in reversed(find_links(text)):
        text = f"{text[: link.start]} {text[link.end :]}"
    words = _WORD.findall(fold(text))
    if not 0 < len(words) <= MOST_WORDS:
        return False
    kinds = set(words)
    return bool(kinds & PRAISE) and bool(kinds & THINGS) and kinds <= PRAISE | THINGS | FILLERS
