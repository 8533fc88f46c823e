"""The desk shows what the checks point at and what hides."""

import pytest

from service.domain.finding import Span
from service.web.marked_text import marked_html
from tests.unit.web.hostile import PATTERNS, active_content, elements, needs_corpora, rows, storable


@pytest.mark.parametrize(
    ("text", "spans", "html"),
    [
        ("plain", [], "plain"),
        ("<b>", [], "&lt;b&gt;"),
        ("one two", [Span(4, 7)], "one <mark>two</mark>"),
        ("abcdef", [Span(3, 5), Span(1, 4)], "a<mark>bcde</mark>f"),
        ("abcdef", [Span(1, 2), Span(2, 3)], "a<mark>bc</mark>def"),
        ("abcdef", [Span(1, 5), Span(2, 3)], "a<mark>bcde</mark>f"),
        ("abc", [Span(-4, 1), Span(2, 99)], "<mark>a</mark>b<mark>c</mark>"),
        ("abc", [Span(1, 1), Span(2, 1), Span(9, 12)], "abc"),
        ("<i>&", [Span(0, 3)], "<mark>&lt;i&gt;</mark>&amp;"),
        ("a\n\tb", [], "a\n\tb"),
        ("😀x", [Span(1, 2)], "😀<mark>x</mark>"),
    ],
)
def test_spans_are_marked(text: str, spans: list[Span], html: str) -> None:
    assert marked_html(text, spans) == html


@pytest.mark.parametrize(
    ("text", "badge"),
    [
        ("a\u202eb", '<span class="invisible" title="U+202E RIGHT-TO-LEFT OVERRIDE">U+202E</span>'),
        ("a\u200bb", '<span class="invisible" title="U+200B ZERO WIDTH SPACE">U+200B</span>'),
        ("a\u200b\u200b\u200bb", '<span class="invisible" title="U+200B ZERO WIDTH SPACE">U+200B ×3</span>'),
        ("a\U000e0041b", '<span class="invisible" title="U+E0041 TAG LATIN CAPITAL LETTER A">U+E0041</span>'),
        ("a\x07b", '<span class="invisible" title="U+0007 CONTROL CHARACTER">U+0007</span>'),
        ("a\u3164b", '<span class="invisible" title="U+3164 HANGUL FILLER">U+3164</span>'),
        ("a\u200db", '<span class="invisible" title="U+200D ZERO WIDTH JOINER">U+200D</span>'),
        ("a\ufe0fb", '<span class="invisible" title="U+FE0F VARIATION SELECTOR-16">U+FE0F</span>'),
        ("a\u2028b", '<span class="invisible" title="U+2028 LINE SEPARATOR">U+2028</span>'),
    ],
)
def test_what_hides_is_spelled_out(text: str, badge: str) -> None:
    assert marked_html(text) == f"a{badge}b"


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "❤\ufe0f\u200d🔥",
        "👩🏽\u200d🚀",
        "نمی\u200cخواهم",
        "क्\u200dष",
        "e\u0301",
    ],
)
def test_characters_that_do_honest_work_are_left_alone(text: str) -> None:
    assert "invisible" not in marked_html(text)


def test_a_badge_inside_a_mark_stays_inside_it() -> None:
    html = marked_html("via\u200bgra", [Span(0, 7)])
    assert html.startswith("<mark>via<span")
    assert html.endswith("</span>gra</mark>")


@needs_corpora
@pytest.mark.corpora
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_row_of_the_corpora_is_active_on_the_desk(pattern: str) -> None:
    for start in range(0, len(texts := [storable(row) for row in rows(pattern)]), 100):
        batch = texts[start : start + 100]
        html = "\n".join(f"<div>{marked_html(text, [Span(1, len(text) - 1)])}</div>" for text in batch)
        assert active_content(html) == []
        assert {node.tag for node in elements(html)} <= {"div", "mark", "span"}
