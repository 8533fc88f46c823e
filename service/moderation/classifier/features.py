"""A text as sparse features: words, pairs, letter groups, meanings, marks; the same in every process."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from zlib import crc32

from service.moderation.classifier.lexicon import WORD, load_lexicon
from service.moderation.classifier.marks import marks_of
from service.moderation.classifier.tokens import GROUP_VALUE, WORD_VALUE, Token, feature_id, token_of
from service.moderation.text.seen import SeenText

SPEC = "words-2"
"""Raised when the same text gives other features: a model knows only those that it was trained on."""

PAIR_VALUE, MARK_VALUE = 0.7, 0.2
_REACH = 3
"""Words between which two meanings count as a pair: "you are a complete …"."""

_MOST_WORDS = 2_000
"""A text of more words is known by its first ones."""


@dataclass(frozen=True)
class Features:
    """What the classifiers know of a text.

    Attributes:
        matches: every word in the meant text.
        placed: its token; as many.
        meanings: what it means there, phrases that begin with it included; as many.
        tokens: the different ones, each once.
        pair_ids: neighbouring words, each pair once.
        marks: names of what is true of the text as a whole, meanings included.
        norm: what the values of words, pairs and groups are multiplied with; all texts weigh the same.
    """

    matches: tuple[re.Match[str], ...] = field(repr=False)
    placed: tuple[Token, ...] = field(repr=False)
    meanings: tuple[frozenset[int], ...] = field(repr=False)
    tokens: tuple[Token, ...] = field(repr=False)
    pair_ids: frozenset[int] = field(repr=False)
    marks: tuple[str, ...] = field(repr=False)
    norm: float

    @cached_property
    def values(self) -> dict[int, float]:
        """Every feature's value by its id; what two words share counts twice."""
        found: dict[int, float] = {}
        for token in self.tokens:
            found[token.word_id] = found.get(token.word_id, 0.0) + WORD_VALUE * self.norm
            for group in token.group_ids:
                found[group] = found.get(group, 0.0) + GROUP_VALUE * self.norm
        for pair in self.pair_ids:
            found[pair] = found.get(pair, 0.0) + PAIR_VALUE * self.norm
        for mark in self.marks:
            found[mark_id(mark)] = found.get(mark_id(mark), 0.0) + MARK_VALUE
        return found


@lru_cache(maxsize=8_192)
def mark_id(mark: str) -> int:
    """The feature of a mark; its name never meets a word's."""
    return feature_id(f"m:{mark}")


def features_of(seen: SeenText) -> Features:
    """Linear in the text."""
    matches = tuple(islice(WORD.finditer(seen.meant.text), _MOST_WORDS))
    words = [match[0] for match in matches]
    placed = tuple([token_of(word) for word in words])
    tokens = tuple({token.word_id: token for token in placed}.values())
    meanings = _meanings(words, placed)
    pairs = _pair_ids(placed)
    weight = sum([token.square for token in tokens]) + PAIR_VALUE**2 * len(pairs)
    return Features(
        matches=matches,
        placed=placed,
        meanings=meanings,
        tokens=tokens,
        pair_ids=pairs,
        marks=(*marks_of(seen, words), *_meaning_marks(meanings), *_masks(tokens)),
        norm=1 / math.sqrt(weight or 1),
    )


def _pair_ids(placed: Sequence[Token]) -> frozenset[int]:
    """CRC-32 of "b:first second"; nothing stands before the first word."""
    before = ["", *[token.word for token in placed[:-1]]]
    return frozenset(
        [
            crc32(f"b:{first} {token.word}".encode("utf-8", "surrogatepass"))
            for first, token in zip(before, placed, strict=False)
        ]
    )


def _meanings(words: list[str], placed: Sequence[Token]) -> tuple[frozenset[int], ...]:
    lexicon = load_lexicon()
    starts = lexicon.phrase_sizes
    return tuple(
        [
            token.meanings | lexicon.phrase_at(words, at) if word in starts else token.meanings
            for at, (word, token) in enumerate(zip(words, placed, strict=True))
        ]
    )


def _meaning_marks(meanings: Sequence[frozenset[int]]) -> list[str]:
    """How often each meaning occurs, how much of the text it is, and which meanings stand close together."""
    marks: list[str] = []
    for number, count in Counter([one for those in meanings for one in those]).items():
        marks += _of_count(number, min(count, 4), _percent(count, len(meanings)))
    close: set[tuple[int, int]] = set()
    told = [(at, those) for at, those in enumerate(meanings) if those]
    for place, (at, those) in enumerate(told):
        for earlier_at, earlier in told[max(0, place - _REACH) : place]:
            if at - earlier_at <= _REACH:
                close.update([(first, second) for first in earlier for second in those if first != second])
    return marks + [_close(*pair) for pair in sorted(close)]


def _percent(count: int, of: int) -> int:
    return 25 if count * 4 > of else 10 if count * 10 > of else 0


@lru_cache(maxsize=2_048)
def _of_count(number: int, count: int, percent: int) -> tuple[str, ...]:
    name = load_lexicon().meanings[number]
    marks = [f"meaning:{name}:{least}" for least in (1, 2, 4) if count >= least]
    return (*marks, *(f"share:{name}:{least}" for least in (10, 25) if percent >= least))


@lru_cache(maxsize=8_192)
def _close(first: int, second: int) -> str:
    names = load_lexicon().meanings
    return f"close:{names[first]}>{names[second]}"


def _masks(tokens: Iterable[Token]) -> list[str]:
    return ["disguise:spelt_otherwise"] if any(token.was_masked for token in tokens) else []
