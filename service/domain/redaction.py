"""What a moderator takes out of a text: parts become a mark, and no word is put into anybody's mouth."""

from collections.abc import Sequence

from service.domain.errors import NothingLeft, SpanOutside
from service.domain.finding import Span

MARK = "[…]"
"""What readers see in place of a part."""

MOST_SPANS = 50


def redacted(text: str, spans: Sequence[Span]) -> str:
    """The text with `MARK` in place of each span, in code points; spans that touch or overlap are one.

    Raises:
        SpanOutside: a span is empty or does not lie in the text; it has the number of the span.
        NothingLeft: no word would be left.
    """
    for number, span in enumerate(spans):
        if not 0 <= span.start < span.end <= len(text):
            raise SpanOutside(number)
    left: list[str] = []
    at = 0
    for span in merged(spans):
        left += [text[at : span.start], MARK]
        at = span.end
    left.append(text[at:])
    if not any(part.strip() and part != MARK for part in left):
        raise NothingLeft
    return "".join(left)


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same places in order and apart."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def spans_of(text: str, passages: Sequence[str]) -> list[Span]:
    """Everywhere that one of the passages stands; a passage that stands nowhere raises PassageNotFound."""
    found: list[Span] = []
    for passage in passages:
        at = text.find(passage)
        if at < 0:
            raise PassageNotFound(passage)
        while at >= 0:
            found.append(Span(at, at + len(passage)))
            at = text.find(passage, at + len(passage))
    return found


class PassageNotFound(Exception):
    """The text has no such words."""

    def __init__(self, passage: str) -> None:
        self.passage = passage
        super().__init__()
