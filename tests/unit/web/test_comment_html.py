"""Comment text becomes safe HTML."""

import time

import html5lib
import pytest

from service.web.comment_html import comment_html
from tests.unit.web.hostile import PATTERNS, active_content, elements, needs_corpora, rows, storable

REL = 'rel="nofollow ugc noopener noreferrer" dir="ltr"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One line.", '<p dir="auto">One line.</p>'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>'),
        ("a\n\nb", '<p dir="auto">a</p>\n<p dir="auto">b</p>'),
        ("a\n \t\n\n\nb", '<p dir="auto">a</p>\n<p dir="auto">b</p>'),
        ("<b>&'\"", '<p dir="auto">&lt;b&gt;&amp;&#39;&#34;</p>'),
        ("", ""),
        ("see http://a.example/x.", f'<p dir="auto">see <a href="http://a.example/x" {REL}>http://a.example/x</a>.</p>'),
        ("(https://a.example/?q=1&r=2)", f'<p dir="auto">(<a href="https://a.example/?q=1&amp;r=2" {REL}>https://a.example/?q=1&amp;r=2</a>)</p>'),
    ],
)  # fmt: skip
def test_text_becomes_paragraphs_lines_and_links(text: str, html: str) -> None:
    assert comment_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "write to someone@paper.example",
        "mailto:someone@paper.example",
        "javascript:alert(1)",
        "//evil.example/x",
        "ftp://files.example/x",
        "data:text/html,hello",
        "www.paper.example and paper.example",
        "https://bank.example@evil.example/",
        "https://user:secret@evil.example/",
        "http://\u202eevil.example/",
        "http://evil.example\u200b.org/\u202e",
        "http:///path",
        "http://[::1/",
        "http://x.example:99999/",
    ],
)
def test_what_is_not_a_plain_web_address_is_not_linked(text: str) -> None:
    assert "href" not in comment_html(text)


def test_a_quote_in_an_address_stays_inside_its_attribute() -> None:
    html = comment_html("http://x.example/?'onmouseover='alert(1)'x='")
    assert active_content(html) == []
    assert {name for node in elements(html) for name in node.attrib} <= {"href", "rel", "dir"}


def test_an_override_cannot_turn_the_next_paragraph_around() -> None:
    assert comment_html("\u202eone\n\ntwo").count('<p dir="auto">') == 2


@pytest.mark.parametrize(
    "text",
    [
        "http://a" * 2500,
        "http://" * 2800,
        "http://a.example/" + "(" * 20_000,
        "http://a.example/ " * 1100,
        "http://" + "a." * 10_000,
        "\n\n" * 10_000,
        "\n \t" * 6_600 + "x",
        "a@" * 10_000,
        "&" * 20_000,
    ],
    ids=lambda text: repr(text[:18]),
)
def test_the_longest_hostile_text_takes_less_than_a_quarter_second(text: str) -> None:
    started = time.process_time()
    comment_html(text)
    assert time.process_time() - started < 0.25


@needs_corpora
@pytest.mark.corpora
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_row_of_the_corpora_comes_out_active(pattern: str) -> None:
    texts = [storable(row) for row in rows(pattern)]
    assert texts
    for start in range(0, len(texts), 100):
        batch = texts[start : start + 100]
        html = "\n".join(f"<div>{comment_html(text)}</div>" for text in batch)
        assert active_content(html) == []
        nodes = list(elements(html))
        assert {node.tag for node in nodes} <= {"div", "p", "br", "a"}
        assert {name for node in nodes for name in node.attrib} <= {"href", "rel", "dir"}
        assert sum(node.tag == "div" for node in nodes) == len(batch)


@needs_corpora
@pytest.mark.corpora
def test_every_visible_character_of_the_corpora_is_still_there() -> None:
    for row in rows("xss_fuzzdb") + rows("blns"):
        text = storable(row)
        tree = html5lib.parseFragment(comment_html(text), namespaceHTMLElements=False)
        assert "".join("".join(tree.itertext()).split()) == "".join(text.split())
