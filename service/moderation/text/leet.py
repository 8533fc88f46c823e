"""Digits and signs that stand for letters (v1agra, $h!t), and numbers that are numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from service.moderation.text.draft import CASED, Draft, Edit
from service.moderation.text.stretched import shortest
from service.moderation.text.vocabulary import is_known, rank_of

SIGNS = frozenset("@$!|€+")
_STAND_INS = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "+": "t",
}  # fmt: skip
_AS_LETTERS = str.maketrans(_STAND_INS)
_AS_CYRILLIC = str.maketrans("03469@$€", "озчбдасе")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_TWO_READINGS = frozenset("1!|")
"""Each is an i or an l."""

_MOST_READINGS = 3
_RUN = re.compile(r"(?:[^\W_]|[@$!|€+])+")
_EDGES = "!+|€"
"""At either end of a word these are signs of the sentence, unless only so a word is had (evi!)."""

_COUNTED = re.compile(r"\d+[^\W\d_]{0,2}|[^\W\d_]\d+|[^\W\d_]*\d+(?:st|nd|rd|th)|[0-9a-f]{6,}")
"""1st, 4k, a55, and colours and digests in hexadecimal."""

_NAMED = re.compile(r"([^\W\d_]+)\d+|\d+([^\W\d_]+)")
"""covid19, cat5, 2day: a word with a number is no other word."""

_CASED = re.compile(f"[{CASED}]")
_OTHERS = re.compile("[^\x00-\u052f€]")
_SURELY = frozenset("013457@$")
_CLEARLY = frozenset("@$")
_SHORTEST = 3
_LONGEST_RUN = 40
_LONGEST_GUESS = 14


@lru_cache(maxsize=4_096)
def as_letters(word: str) -> str:
    """The likeliest reading of a folded word with stand-ins, as long as it; itself where it has none.

    >>> as_letters("f0110w"), as_letters("w1nner")
    ('follow', 'winner')
    """
    if _CYRILLIC.search(word):
        return word.translate(_AS_CYRILLIC)
    plain = word.translate(_AS_LETTERS)
    if "@" in word and not is_known(plain):
        return _with_vowel(word, plain)
    places = [at for at, char in enumerate(word) if char in _TWO_READINGS]
    if not places or len(places) > _MOST_READINGS:
        return plain
    readings = (_with(plain, places, letters) for letters in product("il", repeat=len(places)))
    best = min(readings, key=lambda reading: rank_of(shortest(reading)) or 1_000_000)
    return best if is_known(shortest(best)) else plain


def _with_vowel(word: str, plain: str) -> str:
    """An @ that is no a may hide another vowel (f@ck): the commonest of the words that come out."""
    readings = [plain, *(word.replace("@", vowel).translate(_AS_LETTERS) for vowel in "eiou")]
    best = min(readings, key=lambda reading: rank_of(reading) or 1_000_000)
    return best if is_known(best) else plain


def spell_out_leet(draft: Draft) -> list[Edit]:
    """An edit for each word with stand-ins for letters."""
    return list(_spelt_out(draft.text))


def _with(plain: str, places: list[int], letters: tuple[str, ...]) -> str:
    chars = list(plain)
    for place, letter in zip(places, letters, strict=True):
        chars[place] = letter
    return "".join(chars)


def _spelt_out(text: str) -> Iterator[Edit]:
    for match in _RUN.finditer(text):
        run = match[0]
        if not run.isalpha() and not run.isdecimal() and len(run) <= _LONGEST_RUN and (word := _leet_in(run)):
            start = match.start() + run.index(word)
            yield Edit(start, start + len(word), as_letters(word), range(len(word)))


@lru_cache(maxsize=4_096)
def _leet_in(run: str) -> str | None:
    """The part of a run of letters, digits and signs that is a word in leet."""
    if _OTHERS.search(run) or not _CASED.search(run):
        return None
    word = run.strip(_EDGES)
    if _is_leet(word, as_letters(word)):
        return word
    return run if _needs_its_edge(run, word) else None


def _needs_its_edge(run: str, word: str) -> bool:
    """One sign at an end without which it is no word: evi!."""
    if len(run) - len(word) != 1 or len(word) < _SHORTEST or is_known(shortest(word)):
        return False
    return is_known(as_letters(run))


def _edit(start: int, word: str) -> Edit:
    return Edit(start, start + len(word), as_letters(word), range(len(word)))


def _is_leet(word: str, spelt: str) -> bool:
    if (
        len(word) < _SHORTEST
        or spelt == word
        or not spelt.isalpha()
        or (word[0] == "@" and is_known(word[1:]))
    ):
        return False
    if is_known(shortest(spelt)):
        return not _is_named(word) and not _COUNTED.fullmatch(word)
    return _is_surely_leet(word) and not _COUNTED.fullmatch(word)


def _is_named(word: str) -> bool:
    match = _NAMED.fullmatch(word)
    return match is not None and is_known(match[1] or match[2])


def _is_surely_leet(word: str) -> bool:
    """A word of no list: single digits between letters, and far more letters; or signs among letters."""
    strange = [at for at, char in enumerate(word) if not char.isalpha()]
    if (
        not 4 <= len(word) <= _LONGEST_GUESS
        or word[0] == "@"
        or not _SURELY.issuperset(word[at] for at in strange)
    ):
        return False
    if not _CLEARLY.isdisjoint(word):
        return word[-1].isalpha() and len(strange) * 2 <= len(word)
    between = all(word[max(at - 1, 0)].isalpha() and word[at + 1 : at + 2].isalpha() for at in strange)
    return between and len(strange) * 3 <= len(word)
