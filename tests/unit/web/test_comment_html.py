"""Comment text becomes safe HTML."""

import html5lib
import pytest

from service.web.comment_html import MAX_LINKS, comment_html
from tests.cpu_time import least_cpu_seconds
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
        ("[x](https://a.example/y_(z))", f'<p dir="auto">[x](<a href="https://a.example/y_(z)" {REL}>https://a.example/y_(z)</a>)</p>'),
        ("Http://[::1]:8080/?!", f'<p dir="auto"><a href="Http://[::1]:8080/" {REL}>Http://[::1]:8080/</a>?!</p>'),
        ("„https://a.example/ü“", f'<p dir="auto">„<a href="https://a.example/ü" {REL}>https://a.example/ü</a>“</p>'),
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
        "xhttp://a.example/",
        "http:// https://",
        "http://.",
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


def test_a_comment_has_so_many_links_and_loses_no_word_beyond() -> None:
    html = comment_html("https://a.example/ \n\n" * (MAX_LINKS + 1))
    assert html.count("<a ") == MAX_LINKS
    assert html.count("https://a.example/</a>") == MAX_LINKS
    assert html.endswith('<p dir="auto">https://a.example/</p>')


def _seconds(text: str, enough: float = 0.0) -> float:
    def render() -> None:
        comment_html.cache_clear()
        comment_html(text)

    return least_cpu_seconds(render, enough)


HOSTILE = [
    "http://", "http://a ", "http://a)", "http://a(", "http://a[(", "http://a.", "http://a@", "http://a\n\n",
    "a\nb\n", "a\n\n", "\n \t", "(", "://", "a@", "&",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_rendering_takes_time_in_proportion_to_the_text(unit: str) -> None:
    short, long = ((unit * size)[:size] + "x" for size in (5_000, 40_000))
    most = 24 * max(_seconds(short), 0.001)
    assert _seconds(long, most) <= most


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
