"""A text as sparse features: words, pairs, letter groups, meanings, marks; the same in every process."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from service.moderation.classifier.lexicon import WORD, load_lexicon
from service.moderation.classifier.marks import marks_of
from service.moderation.classifier.tokens import Token, feature_id, token_of
from service.moderation.text.seen import SeenText

SPEC = "words-1"
"""Raised when the same text gives other features: a model knows only those that it was trained on."""

WORD_VALUE, PAIR_VALUE, GROUP_VALUE, MARK_VALUE = 1.0, 0.7, 0.5, 0.2
_REACH = 3
"""Words between which two meanings count as a pair: "you are a complete …"."""

_MOST_WORDS = 2_000
"""A text of more words is known by its first ones."""


@dataclass(frozen=True)
class Features:
    """What the classifiers know of a text.

    Attributes:
        tokens: its different words, each once, in order.
        places: start and end of every word in the meant text, with its token.
        pair_ids: neighbouring words, each pair once.
        marks: names of what is true of the text as a whole, meanings included.
        meanings: for each place the meanings that count there, phrases included.
        norm: what the values of words, pairs and groups are multiplied with; all texts weigh the same.
    """

    tokens: tuple[Token, ...]
    places: tuple[tuple[int, int, Token], ...] = field(repr=False)
    pair_ids: frozenset[int] = field(repr=False)
    marks: tuple[str, ...] = field(repr=False)
    meanings: tuple[frozenset[int], ...] = field(repr=False)
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
    matches = [match for _, match in zip(range(_MOST_WORDS), WORD.finditer(seen.meant.text), strict=False)]
    words = [match[0] for match in matches]
    placed = [token_of(word) for word in words]
    tokens = tuple({token.word: token for token in placed}.values())
    meanings = _meanings(words, placed)
    pairs = frozenset(_pair_ids(placed))
    weight = sum(WORD_VALUE**2 + GROUP_VALUE**2 * len(token.group_ids) for token in tokens)
    return Features(
        tokens=tokens,
        places=tuple((*match.span(), token) for match, token in zip(matches, placed, strict=True)),
        pair_ids=pairs,
        marks=(*marks_of(seen, words), *_meaning_marks(meanings, len(words)), *_masks(tokens)),
        meanings=meanings,
        norm=1 / math.sqrt(weight + PAIR_VALUE**2 * len(pairs) or 1),
    )


def _pair_ids(placed: Sequence[Token]) -> Iterable[int]:
    before = ""
    for token in placed:
        yield feature_id(f"b:{before} {token.word}")
        before = token.word


def _meanings(words: list[str], placed: Sequence[Token]) -> tuple[frozenset[int], ...]:
    lexicon = load_lexicon()
    starts = lexicon.phrase_starts
    return tuple(
        token.meanings | lexicon.phrase_at(words, at) if word in starts else token.meanings
        for at, (word, token) in enumerate(zip(words, placed, strict=True))
    )


def _meaning_marks(meanings: Sequence[frozenset[int]], words: int) -> list[str]:
    """How often each meaning occurs, how much of the text it is, and which meanings stand close together."""
    names = load_lexicon().meanings
    marks = []
    for number, count in Counter(one for those in meanings for one in those).items():
        name, share = names[number], count / words
        marks += [f"meaning:{name}:{least}" for least in (1, 2, 4) if count >= least]
        marks += [f"share:{name}:{percent}" for percent in (10, 25) if share > percent / 100]
    close: set[tuple[int, int]] = set()
    told = [(at, those) for at, those in enumerate(meanings) if those]
    for place, (at, those) in enumerate(told):
        for earlier_at, earlier in told[max(0, place - _REACH) : place]:
            if at - earlier_at <= _REACH:
                close.update((first, second) for first in earlier for second in those if first != second)
    return marks + [_close(*pair) for pair in sorted(close)]


@lru_cache(maxsize=8_192)
def _close(first: int, second: int) -> str:
    names = load_lexicon().meanings
    return f"close:{names[first]}>{names[second]}"


def _masks(tokens: Iterable[Token]) -> list[str]:
    return ["disguise:spelt_otherwise"] if any(token.was_masked for token in tokens) else []
