"""Words whose letters stand apart (v i a g r a, v.i.a.g.r.a), and what merely looks so."""

import re
from collections.abc import Iterator
from itertools import pairwise

from service.moderation.text.draft import Draft, Edit
from service.moderation.words import SPACED_LETTER

_ITEM = rf"(?:{SPACED_LETTER}|[@$!])"
_APART = r"[ .,\-_*·/~]{1,3}"
_RUN = re.compile(rf"(?<![^\W_]){_ITEM}(?:{_APART}{_ITEM}){{3,}}(?![^\W_])")
_WORDS_BY_THEMSELVES = frozenset("aeiouyàéèówzuавикосуя")
"""Letters that are words in one language or another: е и в, e o a; a run of these alone is no disguise."""


def join_letters(draft: Draft) -> list[Edit]:
    """An edit for each run of single letters that reads as a word."""
    return list(_joined(draft))


def _joined(draft: Draft) -> Iterator[Edit]:
    for match in _RUN.finditer(draft.text):
        origins = [at for at, char in enumerate(match[0]) if char.isalnum() or char in "@$!"]
        letters = "".join(match[0][at] for at in origins)
        is_acronym = "." in match[0] and draft.drawn(*match.span()).isupper()
        if not is_acronym and _reads_as_word(letters, match[0]):
            yield Edit(*match.span(), letters, origins)


def _reads_as_word(letters: str, run: str) -> bool:
    apart = {char for char in run if not char.isalnum()}
    if sum(map(str.isalpha, letters)) * 2 < len(letters) or (len(apart) > 2 and " " not in apart):
        return False
    steps = {ord(later) - ord(letter) for letter, later in pairwise(letters)}
    return steps not in ({1}, {0}) and not _WORDS_BY_THEMSELVES.issuperset(letters)
