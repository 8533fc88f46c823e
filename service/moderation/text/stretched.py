"""Letters drawn out (moooron), and what is spelt so: laughter, German compounds."""

import re
from functools import lru_cache
from itertools import groupby, product

from service.moderation.text.draft import Draft, Edit
from service.moderation.text.vocabulary import is_known, rank_of

_DRAWN_OUT = re.compile(r"([^\W\d_])\1\1")
_STRETCHED = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
_MOST_RUNS = 4
_LONG_COMPOUND = 9
_LONGEST_ACRONYM = 5
_ROMAN = frozenset("ivxlcdm")
_VOWELS = frozenset("aeiouyаеиоуыэюя")


def shorten(draft: Draft) -> list[Edit]:
    """An edit for each word with a letter three times in a row or more."""
    if not _DRAWN_OUT.search(draft.text):
        return []
    return [
        Edit(*match.span(), *_kept(match[0], short))
        for match in _STRETCHED.finditer(draft.text)
        if (short := shortest(match[0])) != match[0] and not _is_acronym(draft, match, short)
    ]


@lru_cache(maxsize=4_096)
def shortest(word: str) -> str:
    """The word without drawn-out letters: the commonest of the words that it may be, else each letter once.

    >>> shortest("mooorooon"), shortest("cooool"), shortest("schifffahrt"), shortest("kkkkk")
    ('moron', 'cool', 'schifffahrt', 'kkkkk')
    """
    if not _DRAWN_OUT.search(word):
        return word
    runs = [(char, len(list(group))) for char, group in groupby(word)]
    if len(runs) == 1 or not all(map(str.islower, word)) or _ROMAN.issuperset(word):
        return word
    drawn = [at for at, (_, length) in enumerate(runs) if length > 2]
    if len(drawn) <= _MOST_RUNS:
        readings = [
            _spell(runs, dict(zip(drawn, sizes, strict=True))) for sizes in product((1, 2), repeat=len(drawn))
        ]
        best = min(readings, key=lambda reading: rank_of(reading) or 1_000_000)
        if is_known(best):
            return best
    return word if _is_compound(runs, word) else _spell(runs, dict.fromkeys(drawn, 1))


def _is_acronym(draft: Draft, match: re.Match[str], short: str) -> bool:
    """IEEE, СССР: a few capitals that are no word."""
    if len(match[0]) > _LONGEST_ACRONYM or (len(short) > 2 and is_known(short)):
        return False
    return draft.drawn(*match.span()).isupper()


def _spell(runs: list[tuple[str, int]], sizes: dict[int, int]) -> str:
    return "".join(char * sizes.get(at, length) for at, (char, length) in enumerate(runs))


def _is_compound(runs: list[tuple[str, int]], word: str) -> bool:
    """Three consonants where two words meet: Schifffahrt."""
    drawn = [(at, char, length) for at, (char, length) in enumerate(runs) if length > 2]
    return (
        len(word) >= _LONG_COMPOUND
        and len(drawn) == 1
        and drawn[0][2] == 3
        and drawn[0][1] not in _VOWELS
        and 0 < drawn[0][0] < len(runs) - 1
    )


def _kept(word: str, short: str) -> tuple[str, list[int]]:
    """The short word and the place of each of its letters in the long one."""
    places: list[int] = []
    at = 0
    for letter, group in groupby(short):
        kept = len(list(group))
        places += range(at, at + kept)
        while at < len(word) and word[at] == letter:
            at += 1
    return short, places
