"""Parts of a text become a mark; nothing else of it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import NothingLeft, SpanOutside
from service.domain.finding import Span
from service.domain.redaction import MARK, PassageNotFound, redacted, spans_of

TEXT = "Call Mara on 0123 456, she knows."


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([(13, 21)], "Call Mara on […], she knows."),
        ([(13, 21), (5, 9)], "Call […] on […], she knows."),
        ([(5, 9), (9, 21)], "Call […], she knows."),
        ([(5, 12), (7, 21), (6, 8)], "Call […], she knows."),
        ([(0, 22)], "[…] she knows."),
        ([(22, 33)], "Call Mara on 0123 456,[…]"),
    ],
)
def test_a_mark_stands_where_a_part_was(spans: list[tuple[int, int]], said: str) -> None:
    assert redacted(TEXT, [Span(*one) for one in spans]) == said


@pytest.mark.parametrize("span", [(0, 0), (5, 4), (-1, 3), (0, 34), (33, 34), (40, 50)])
def test_a_span_that_does_not_lie_in_the_text_is_named(span: tuple[int, int]) -> None:
    with pytest.raises(SpanOutside) as caught:
        redacted(TEXT, [Span(0, 4), Span(*span)])
    assert caught.value.number == 1


@pytest.mark.parametrize("text", ["all of it", "  all of it\n", "all[…]of it"])
def test_something_must_be_left(text: str) -> None:
    with pytest.raises(NothingLeft):
        redacted(text, [Span(0, text.index("a") + 3), Span(text.index("a") + 3, len(text))])


@given(
    st.text(min_size=1, max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)
)
def test_what_is_left_is_the_text_in_its_order(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [Span(start, end) for start, end in pairs if start < end <= len(text)]
    gone = {at for span in spans for at in range(span.start, span.end)}
    left = "".join(character for at, character in enumerate(text) if at not in gone)
    if not left.strip():
        with pytest.raises(NothingLeft):
            redacted(text, spans)
    elif MARK not in text:
        assert redacted(text, spans).replace(MARK, "") == left


def test_a_passage_is_taken_out_wherever_it_stands() -> None:
    assert redacted("Bo, and Bo.", spans_of("Bo, and Bo.", ["Bo"])) == "[…], and […]."


def test_a_passage_that_stands_nowhere_is_named() -> None:
    with pytest.raises(PassageNotFound) as caught:
        spans_of(TEXT, ["Mara", "mara"])
    assert caught.value.passage == "mara"
