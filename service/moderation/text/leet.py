"""Digits and signs that stand for letters (v1agra, $h!t), and numbers that are numbers."""

import re
from collections.abc import Iterator

from service.moderation.text.draft import Draft, Edit

STAND_INS = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "+": "t",
}  # fmt: skip
_AS_LETTERS = str.maketrans(STAND_INS)
_RUN = re.compile(r"(?:[^\W_]|[@$!|€+])+")
_NUMBERED = re.compile(r"\d+[^\W\d_]{0,3}|[^\W\d_]+\d+|(?:[^\W\d_]\d+)+[^\W\d_]?|(?:\d[^\W\d_])+\d?")
"""1st, 4k, covid19, a55, h1n1, b2b: counted or named so."""

_SIGNS = frozenset("@$!|€+")


def spell_out_leet(draft: Draft) -> list[Edit]:
    """An edit for each word with stand-ins for letters."""
    return list(_spelt_out(draft.text))


def _spelt_out(text: str) -> Iterator[Edit]:
    for match in _RUN.finditer(text):
        if match[0].isalpha():
            continue
        word = match[0].rstrip("!+|")
        spelt = word.translate(_AS_LETTERS)
        if spelt != word and _is_leet(word, spelt):
            yield Edit(match.start(), match.start() + len(word), spelt, range(len(word)))


def _is_leet(word: str, spelt: str) -> bool:
    letters = sum(map(str.isalpha, word))
    return (
        spelt.isalpha()
        and len(word) > 2
        and (letters * 2 >= len(word) or not _SIGNS.isdisjoint(word))
        and letters > 0
        and not _NUMBERED.fullmatch(word)
    )
