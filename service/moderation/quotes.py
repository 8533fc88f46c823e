"""Finds what a text quotes: lines after `>`, words between quotation marks, quote tags.

Who quotes an insult to answer it has not insulted anybody. What stands in quotes weighs less with the word
lists and the abuse classifier: it goes to a person where it would have been rejected.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from service.domain.finding import Span

_MOST = 1000
"""Characters between two marks; a mark without its twin quotes nothing."""

_LINE = re.compile(r"^[ \t]*(?:>|&gt;|＞)[^\n]*", re.MULTILINE)
_TAG = re.compile(
    r"<(?P<html>blockquote|q)\b[^<>]{0,200}>|\[(?P<bb>quote)\b[^\[\]]{0,200}\]|</(?P<html_end>blockquote|q)\s*>|\[/(?P<bb_end>quote)\]",
    re.IGNORECASE,
)


def _between(opening: str, closing: str) -> str:
    within = re.escape(opening + closing)
    return rf"{re.escape(opening)}[^{within}]{{1,{_MOST}}}[{re.escape(closing)}]"


_MARKS = re.compile(
    "|".join(
        (
            _between("“", "”"),
            _between("„", "“”"),
            _between("«", "»"),
            # German books open with » and close with «, French ones the other way about.
            _between("»", "«"),
            _between("‹", "›"),
            _between("「", "」"),
            _between("『", "』"),
            # A straight mark opens before a word and closes behind one; 5" is a length.
            rf'(?<![^\W_])"(?=\S)[^"\n]{{1,{_MOST}}}(?<=\S)"(?![^\W_])',
            # The closing mark is an apostrophe too: it closes only where no letter follows.
            rf"(?<![^\W_])‘(?=\S)[^‘\n]{{1,{_MOST}}}?’(?![^\W_])",
            rf"(?<![^\W_])''(?=\S)[^'\n]{{1,{_MOST}}}''(?![^\W_])",
        )
    )
)


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Every quotation with its marks, in order of the text, none overlapping; linear.

    The spans are code points of `text`. Single words between marks count: who puts an insult in quotes
    mostly speaks about the word.
    """
    if not any(mark in text for mark in _SIGNS):
        return ()
    found = [*_lines(text), *_tagged(text), *(match.span() for match in _MARKS.finditer(text))]
    return tuple(Span(start, end) for start, end in _merged(found))


_SIGNS = ('"', "“", "„", "«", "»", "‹", "「", "『", "‘", "''", ">", "＞", "&gt;", "[")


def is_quoted(span: Span, quoted: Sequence[Span]) -> bool:
    """Whether all of `span` lies in one of the quotations, which stand as `quoted_spans` gives them."""
    return lies_in(span, quoted)


def lies_in(span: Span, places: Sequence[Span]) -> bool:
    """Whether all of `span` lies in one of these, which stand in order and do not overlap.

    Found by halving: a text of a thousand hits may have a thousand quotations.
    """
    before = bisect_right(places, span.start, key=attrgetter("start"))
    return before > 0 and span.end <= places[before - 1].end


def without_quotes(text: str) -> str:
    """The text with each quotation replaced by a space: what the author says in the own words."""
    pieces = []
    done = 0
    for span in quoted_spans(text):
        pieces.append(text[done : span.start])
        done = span.end
    return " ".join([*pieces, text[done:]])


def _lines(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _LINE.finditer(text))


def _tagged(text: str) -> Iterator[tuple[int, int]]:
    """From an opening quote tag to the next closing one of its kind."""
    opened: dict[str, int] = {}
    for match in _TAG.finditer(text):
        kind = str(match.lastgroup).removesuffix("_end")
        if match["html_end"] or match["bb_end"]:
            if kind in opened:
                yield opened.pop(kind), match.end()
        else:
            opened.setdefault(kind, match.start())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
