"""A word taken apart into features: itself, letter groups, meanings; remembered, as words come again."""

import re
from array import array
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from service.moderation.classifier.lexicon import load_lexicon

REMEMBERED = 16_384
"""Words in memory, about 10 MB at most."""

WORD_VALUE, GROUP_VALUE = 1.0, 0.5
"""How much a word counts, and each of its letter groups."""

SHORTEST, LONGEST = 3, 5
"""Letters in a group, the edges of the word counted."""

_LONGEST_WORD = 40
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word as the classifiers see it.

    Attributes:
        word: folded, spelt out where it was disguised, digits as 0.
        word_id: the feature of the whole word.
        group_ids: the features of its letter groups.
        meanings: numbers into the lexicon.
        was_masked: it hid behind signs or swapped letters.
        square: what it adds to the square of a text's length as a vector.
    """

    word: str
    word_id: int
    group_ids: "array[int]"
    meanings: frozenset[int]
    was_masked: bool
    square: float


def feature_id(name: str) -> int:
    """32 bits, the same in every process and on every machine (CRC-32, RFC 1952)."""
    return crc32(name.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=REMEMBERED)
def token_of(seen: str) -> Token:
    """The features of a folded word."""
    lexicon = load_lexicon()
    meant = lexicon.meant_by(seen)
    word = _DIGIT.sub("0", meant or seen)[:_LONGEST_WORD]
    groups = sorted(feature_id(f"c:{group}") for group in _groups(word))
    return Token(
        word=word,
        word_id=feature_id(f"w:{word}"),
        group_ids=array("I", groups),
        meanings=lexicon.meanings_of(meant or seen),
        was_masked=meant is not None,
        square=WORD_VALUE**2 + GROUP_VALUE**2 * len(groups),
    )


def _groups(word: str) -> set[str]:
    """Groups of neighbouring letters; one syllable or sign is a group where a script has no letters."""
    if "\u3040" <= word[0] <= "\u9fff" or "\uac00" <= word[0] <= "\ud7a3":
        return {word[at : at + size] for size in (1, 2, 3) for at in range(len(word) - size + 1)}
    if len(word) == 1:
        return set()
    edged = f"<{word}>"
    sizes = range(SHORTEST, min(LONGEST, len(edged) - 1) + 1)
    return {edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1)}
