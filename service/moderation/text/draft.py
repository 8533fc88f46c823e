"""A folded text while it is repaired: each letter knows which folded characters it came from."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.finding import Span
from service.moderation.text_view import FoldedText

CASED = "a-z\u00df-\u024f\u0370-\u052f"
"""For a character class: folded letters of the scripts that have capitals and that people disguise."""

KEPT_OUT = "\ue000"
"""Stands for each character that no repair may touch; private use, so no pattern knows it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `replacement`, whose letters came from `origins`, ascending from 0."""

    start: int
    end: int
    replacement: str
    origins: Sequence[int]


class Draft:
    """The text so far, and the way back from each of its characters into the folded one."""

    __slots__ = ("_ends", "_folded", "_is_edited", "_original", "_starts", "text")

    def __init__(self, original: str, folded: FoldedText) -> None:
        self.text = folded.text
        self._original = original
        self._is_edited = False
        self._folded = folded
        self._starts: Sequence[int] = range(len(folded.text))
        self._ends: Sequence[int] = range(1, len(folded.text) + 1)

    def span(self, start: int, end: int) -> Span:
        """The code points of the original behind `text[start:end]`."""
        return self._folded.span(self._starts[start], self._ends[end - 1])

    def drawn(self, start: int, end: int) -> str:
        """How `text[start:end]` was written."""
        span = self.span(start, end)
        return self._original[span.start : span.end]

    def letters(self, start: int, end: int) -> str:
        """For each character of `text[start:end]` the first one behind it, as it was written."""
        behind = (self._folded.starts[place] for place in self._starts[start:end])
        return "".join([self._original[place] for place in behind])

    def width(self, start: int, end: int) -> int:
        """How many characters of the original lie between."""
        folded = self._folded
        return folded.ends[self._ends[end - 1] - 1] - folded.starts[self._starts[start]]

    def apply(self, edits: Iterable[Edit]) -> None:
        """Makes the edits, which ascend and do not overlap; linear in the text."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for edit in edits:
            pieces += (self.text[done : edit.start], edit.replacement)
            starts += self._starts[done : edit.start]
            ends += self._ends[done : edit.start]
            places = [edit.start + origin for origin in edit.origins]
            starts += [self._starts[place] for place in places]
            ends += [self._ends[place - 1] for place in [*places[1:], edit.end]]
            done = edit.end
        if done:
            self._is_edited = True
            self.text = "".join([*pieces, self.text[done:]])
            self._starts = [*starts, *self._starts[done:]]
            self._ends = [*ends, *self._ends[done:]]

    def keep_out(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Hides parts of the text, as long as it is not yet shorter, from the repairs that follow."""
        pieces: list[str] = []
        done = 0
        for start, end in ranges:
            pieces += (self.text[done:start], KEPT_OUT * (end - start))
            done = end
        self.text = "".join([*pieces, self.text[done:]])

    def at(self, folded: int) -> int:
        """Where the folded character stands now; of one that is gone, the one behind it."""
        return bisect_left(self._starts, folded)

    def finish(self) -> FoldedText:
        """The repaired text; what was kept out is in it again."""
        whole = self._folded
        if not self._is_edited:
            return whole
        text = self.text
        if KEPT_OUT in text:
            text = "".join(
                whole.text[at] if char == KEPT_OUT else char
                for char, at in zip(text, self._starts, strict=True)
            )
        starts = [whole.starts[at] for at in self._starts]
        return FoldedText(text, starts, [whole.ends[at - 1] for at in self._ends])
