"""The small part of Markdown becomes safe HTML, and nothing else does."""

import pytest

from service.web.comment_html import MAX_LINKS, comment_html
from service.web.markdown_html import markdown_html
from tests.cpu_time import least_cpu_seconds
from tests.unit.web.hostile import PATTERNS, active_content, elements, needs_corpora, rows, storable

REL = 'rel="nofollow ugc noopener noreferrer"'
ALLOWED = {"div", "p", "br", "a", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** _c_", '<p dir="auto"><em>a</em> <strong>b</strong> <em>c</em></p>'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>'),
        ("> a", '<blockquote>\n<p dir="auto">a</p>\n</blockquote>'),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a", "<ol>\n<li>a</li>\n</ol>"),
        ("`<b>`", '<p dir="auto"><code>&lt;b&gt;</code></p>'),
        ("```js\n<b>\n```", '<pre dir="auto"><code>&lt;b&gt;\n</code></pre>'),
        ("[a](https://a.example/)", f'<p dir="auto"><a href="https://a.example/" {REL}>a</a></p>'),
        ("see http://a.example/x.", f'<p dir="auto">see <a href="http://a.example/x" {REL} dir="ltr">http://a.example/x</a>.</p>'),
        ("[http://b.example](http://a.example)", f'<p dir="auto"><a href="http://a.example" {REL}>http://b.example</a></p>'),
        ("# a", '<p dir="auto"># a</p>'),
        ("<b>&", '<p dir="auto">&lt;b&gt;&amp;</p>'),
        ("![a](http://a.example/b.png)", f'<p dir="auto">!<a href="http://a.example/b.png" {REL}>a</a></p>'),
        ("[a](javascript:alert(1))", '<p dir="auto">[a](javascript:alert(1))</p>'),
        ("[a](/b)", '<p dir="auto">[a](/b)</p>'),
    ],
)  # fmt: skip
def test_emphasis_links_quotations_lists_and_code_and_no_more(text: str, html: str) -> None:
    assert markdown_html(text) == html


def test_what_stands_too_deep_is_plain_text_and_no_word_is_lost() -> None:
    deep = "> " * 40 + "at the bottom"
    assert markdown_html(deep) == comment_html(deep)


def test_a_comment_has_so_many_links() -> None:
    html = markdown_html("[a](https://a.example/) " * (MAX_LINKS + 5))
    assert html.count("<a ") == MAX_LINKS
    assert html.count("a") > MAX_LINKS + 5


HOSTILE = [
    "[", "*a_ ", "`", "> ", "- ", "[a](b", "](", "*", "_a", "![[", "[](", "\\", "<", "&", "a\n", "1. ",
    "~~~\n", "**a", "a**", "[x](https://a.example/ ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_rendering_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(text: str, enough: float = 0.0) -> float:
        def render() -> None:
            markdown_html.cache_clear()
            markdown_html(text)

        return least_cpu_seconds(render, enough)

    short, long = ((unit * size)[:size] + "x" for size in (5_000, 40_000))
    most = 40 * max(seconds(short), 0.002)  # eight times the text; its square would be 64
    assert seconds(long, most) <= most


@needs_corpora
@pytest.mark.corpora
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_row_of_the_corpora_comes_out_active(pattern: str) -> None:
    texts = [storable(row) for row in rows(pattern)]
    for start in range(0, len(texts), 100):
        batch = texts[start : start + 100]
        html = "\n".join(f"<div>{markdown_html(text)}</div>" for text in batch)
        assert active_content(html) == []
        nodes = list(elements(html))
        assert {node.tag for node in nodes} <= ALLOWED
        assert {name for node in nodes for name in node.attrib} <= {"href", "rel", "dir", "start"}
        assert sum(node.tag == "div" for node in nodes) == len(batch)
