"""Guesses which listed words stand behind a mask (f**k) or behind letters that changed places (fcuk)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.finding import Span
from service.moderation.language_words import WORDS as SMALL_WORDS
from service.moderation.text.masks import MASK, mask_matches, swap_key
from service.moderation.text.seen import SeenText
from service.moderation.text.vocabulary import is_known

_MASKED = re.compile(r"[^\W\d_]+(?:\*+[^\W\d_]*)+")
_WORD = re.compile(r"[^\W\d_]{4,30}")
_FEWEST_SHOWN = 2
_MOST_MASKS, _MOST_WORDS = 100, 1_000
"""Of one text, that are looked at."""


@dataclass(frozen=True, slots=True)
class SingleWords:
    """Listed words that are one word each, folded.

    Attributes:
        entries: their places in the list.
        swapped: the same by their swap keys.
        shapes: the words by first letter and length.
    """

    entries: Mapping[str, int]
    swapped: Mapping[str, int]
    shapes: Mapping[tuple[str, int], tuple[str, ...]]


def index_words(entries: Mapping[str, int]) -> SingleWords:
    """The words, ready to be guessed."""
    shapes: dict[tuple[str, int], list[str]] = {}
    for word in entries:
        shapes.setdefault((word[0], len(word)), []).append(word)
    swapped = {swap_key(word): entry for word, entry in entries.items()}
    return SingleWords(entries, swapped, {shape: tuple(words) for shape, words in shapes.items()})


def guess_words(seen: SeenText, words: SingleWords) -> Iterator[tuple[Span, int]]:
    """Where in the original a listed word may be meant, and its place in the list."""
    if words.entries:
        yield from _behind_masks(seen, words)
        yield from _swapped(seen, words)


def _behind_masks(seen: SeenText, words: SingleWords) -> Iterator[tuple[Span, int]]:
    """Half of the letters must be shown, the first one among them."""
    if not seen.disguises.masked:
        return
    for _, match in zip(range(_MOST_MASKS), _MASKED.finditer(seen.meant.text), strict=False):
        masked = match[0]
        shown = len(masked) - masked.count(MASK)
        if shown >= max(_FEWEST_SHOWN, len(masked) / 2):
            for word in mask_matches(masked, words.shapes.get((masked[0], len(masked)), ()))[:1]:
                yield seen.meant.span(*match.span()), words.entries[word]


def _swapped(seen: SeenText, words: SingleWords) -> Iterator[tuple[Span, int]]:
    """A word that is known is itself, whatever its letters could be too."""
    for _, match in zip(range(_MOST_WORDS), _WORD.finditer(seen.meant.text), strict=False):
        word = match[0]
        entry = words.swapped.get(swap_key(word))
        if entry is not None and word not in words.entries and not _is_known(word):
            yield seen.meant.span(*match.span()), entry


def _is_known(word: str) -> bool:
    return is_known(word) or word in SMALL_WORDS
