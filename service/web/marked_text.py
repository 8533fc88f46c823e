"""Shows a moderator the text as it is: what the checks point at is marked, what hides is spelled out."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

from service.domain.finding import Span
from service.web.visible_characters import belongs, describe, is_invisible


def marked_html(text: str, spans: Iterable[Span] = ()) -> Markup:
    """The text as HTML with `<mark>` around the spans and badges for invisible characters.

    Spans may overlap, touch, or reach beyond the text; they are merged and cut. Line ends stay line ends: the
    page shows them with `white-space: pre-wrap`.
    """
    pieces: list[Markup] = []
    position = 0
    for start, end in _merged(spans, len(text)):
        pieces.append(_visible(text, position, start))
        pieces.append(Markup("<mark>{}</mark>").format(_visible(text, start, end)))
        position = end
    pieces.append(_visible(text, position, len(text)))
    return Markup("").join(pieces)


def _merged(spans: Iterable[Span], length: int) -> Iterator[tuple[int, int]]:
    """Sorted, disjoint, inside the text, none empty."""
    cut = sorted((max(span.start, 0), min(span.end, length)) for span in spans)
    current: tuple[int, int] | None = None
    for start, end in cut:
        if start >= end:
            continue
        if current and start <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def _visible(text: str, start: int, end: int) -> Markup:
    """Plain runs escaped, runs of one invisible character as one badge."""
    keys = (_hidden(text, index) for index in range(start, end))
    pieces: list[Markup] = []
    position = start
    for hidden, run in groupby(keys):
        length = sum(1 for _ in run)
        pieces.append(_badge(hidden, length) if hidden else escape(text[position : position + length]))
        position += length
    return Markup("").join(pieces)


def _hidden(text: str, index: int) -> str | None:
    """The character at `index` if it hides, else None."""
    character = text[index]
    if not is_invisible(character):
        return None
    return None if belongs(text[index - 1 : index], character, text[index + 1 : index + 2]) else character


def _badge(character: str, times: int) -> Markup:
    code, name = describe(character)
    label = code if times == 1 else f"{code} ×{times}"
    return Markup('<span class="invisible" title="{} {}">{}</span>').format(code, name, label)
