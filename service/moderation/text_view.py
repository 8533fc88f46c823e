"""A text as a matcher should see it, with the way back to where each letter stands in the original."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from service.domain.finding import Span

_ACCENT_BLOCKS = (
    *range(0x0300, 0x0370), *range(0x0483, 0x0488), *range(0x0591, 0x05C8), *range(0x0610, 0x061B),
    *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00),
    *range(0x20D0, 0x2100), *range(0xFE20, 0xFE30),
)  # fmt: skip
"""Accents, points and vowel signs that may go; those of Indic and South-East Asian scripts are letters."""

_INVISIBLE = (
    0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800,
    *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000),
)  # fmt: skip
"""Default_Ignorable_Code_Point (DerivedCoreProperties.txt) beyond category Cf, and the blank Braille cell."""

_DROPPED = frozenset(
    [chr(point) for point in _ACCENT_BLOCKS if unicodedata.category(chr(point)) in {"Mn", "Me"}]
    + [chr(point) for point in _INVISIBLE]
)
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Me"})
_PUNCTUATION = str.maketrans("‘’ʼ‐‑‒–—", "'''-----")

_LONGEST_PIECE = 6
"""A ligature of a whole phrase (U+FDFA is 18 letters) stays one character: 5,000 of them would be 90,000."""

_OWN_LETTERS = {"n\u0303": "ñ", "и\u0306": "й"}
"""Letters of their own in their alphabets: año and й without the mark are other words."""

_SECOND_HALVES = frozenset(
    (
        *map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3), *range(0x3099, 0x309B))),
        *"\u093c\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf\u0ddf",
        *"\u102e\u1b35\U000110ba\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930",
    )
)
"""What NFC joins to the letter before it and folding keeps: Hangul jamo, kana voicing, some Indic signs."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """The folded `text` and, for each of its characters, where in the original it came from."""

    text: str
    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)

    def span(self, start: int, end: int) -> Span:
        """The code points of the original behind `text[start:end]`, what was dropped inside included."""
        return Span(self.starts[start], self.ends[end - 1])


def fold_text(text: str) -> FoldedText:
    """Fold case, width, accents and whitespace, and drop what cannot be seen; linear in the text.

    Each character is folded alone: sorting a run of marks, as NFKC over the whole text would, is quadratic.
    """
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return FoldedText(text.lower(), range(len(text)), range(1, len(text) + 1))
    folding = _Folding()
    done = 0
    for uneven in _UNEVEN.finditer(text.translate(_EVENNESS)):
        folding.extend(text[done : uneven.start()].translate(_FOLDS), done)
        done = uneven.end()
        for at in range(uneven.start(), done):
            folding.fold(text[at], at)
    folding.extend(text[done:].translate(_FOLDS), done)
    return folding.finish()


def fold(text: str) -> str:
    """The folded text alone.

    >>> fold("  Ｐａｙ\u200bPál \\n  ﬁne ")
    'paypal fine'
    """
    return fold_text(text).text


def fingerprint(text: str) -> bytes:
    """SHA-256 (32 bytes) of the folded text: the same for texts that differ in dress only."""
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).digest()


class _Folding:
    """The folded characters so far, and where they came from."""

    __slots__ = ("_chars", "_ends", "_starts")

    def __init__(self) -> None:
        self._chars: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def extend(self, folded: str, at: int) -> None:
        """Characters that became one each, from `at` on; a space among them has no other beside it."""
        if folded[:1] == " ":
            self.add(" ", at)
            folded, at = folded[1:], at + 1
        self._chars += folded
        self._starts += range(at, at + len(folded))
        self._ends += range(at + 1, at + len(folded) + 1)

    def fold(self, char: str, at: int) -> None:
        """One character, whatever becomes of it."""
        piece = _fold_char(char)
        for unit in piece:
            self.add(unit, at)
        if not piece:
            self.absorb(char, at)

    def add(self, unit: str, at: int) -> None:
        if unit == " " and (not self._chars or self._chars[-1] == " "):
            self._stretch(at)
        elif unit not in _SECOND_HALVES or not self._join(unit, at):
            self._chars.append(unit)
            self._starts.append(at)
            self._ends.append(at + 1)

    def absorb(self, dropped: str, at: int) -> None:
        """What is dropped belongs to the letter before it, so that a span shows it."""
        self._stretch(at)
        if self._chars and (letter := _OWN_LETTERS.get(self._chars[-1] + dropped)):
            self._chars[-1] = letter

    def finish(self) -> FoldedText:
        if self._chars and self._chars[-1] == " ":
            for kept in (self._chars, self._starts, self._ends):
                kept.pop()
        return FoldedText("".join(self._chars), self._starts, self._ends)

    def _join(self, unit: str, at: int) -> bool:
        joined = unicodedata.normalize("NFC", self._chars[-1] + unit) if self._chars else unit
        if len(joined) != 1 or not self._chars:
            return False
        self._chars[-1] = joined
        self._stretch(at)
        return True

    def _stretch(self, at: int) -> None:
        if self._ends:
            self._ends[-1] = at + 1


@lru_cache(maxsize=16_384)
def _fold_char(char: str) -> str:
    """One character folded; nothing where it is dropped.

    Marks go before the case is folded: the case folding of a Greek iota below is a letter.
    """
    if char.isspace():
        return " "
    if char in "ñÑйЙ":
        return char.lower()
    plain = _without_marks(unicodedata.normalize("NFKD", char))
    plain = _without_marks(unicodedata.normalize("NFKD", plain.casefold()))
    piece = unicodedata.normalize("NFC", plain.translate(_PUNCTUATION))
    return piece if len(piece) <= _LONGEST_PIECE else char


def _without_marks(decomposed: str) -> str:
    return "".join(
        char
        for char in decomposed
        if char not in _DROPPED and (char.isspace() or unicodedata.category(char) not in _DROPPED_CATEGORIES)
    )


_MOST_REMEMBERED = 20_000


class _Remembered(dict[int, str]):
    """A table for `str.translate`, filled as characters are met, emptied when there are too many."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, point: int) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[point] = self._work_out(chr(point))
        return found


def _evenness(char: str) -> str:
    """A space, `a` for what folds to one character of its own, `x` for all else."""
    piece = _fold_char(char)
    if piece == " ":
        return " "
    return "a" if len(piece) == 1 and piece not in _SECOND_HALVES else "x"


_FOLDS = _Remembered(_fold_char)
_EVENNESS = _Remembered(_evenness)
_UNEVEN = re.compile(r"x+| {2,}|\A +| +\Z")
