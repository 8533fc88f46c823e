"""The small part of Markdown that a site may allow: emphasis, links, quotations, lists and code."""

# ruff: noqa: ARG002  (a renderer's rules are called with all of it)

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from service.domain.site import Site
from service.web.comment_html import MAX_LINKS, comment_html, pieces
from service.web.safe_link import LINK_REL, safe_href

_RULES = ("newline", "escape", "backticks", "emphasis", "link", "blockquote", "list", "fence")
DEEPEST = 12
"""Levels of quotations and lists inside of each other, a list being two; the parser drops what is deeper."""

Env = MutableMapping[str, Any]


@lru_cache(maxsize=512)
def markdown_html(text: str) -> Markup:
    """Render what somebody typed by CommonMark, but for images, HTML, headings, rules and references.

    Addresses that are written out become links as in plain text, and a line break is one. Links lead to
    http(s) alone, a hundred of them at most. What stands too deep inside of itself is shown as plain text.
    """
    env: Env = {"links": 0, "inside": False}
    tokens = _MARKDOWN.parse(text.strip(), env)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        return comment_html(text)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env)
    return Markup(html.strip())  # noqa: S704  (our renderer escapes)


def shown_html(site: Site, text: str) -> Markup:
    """A comment as readers of that site see it."""
    return markdown_html(text) if site.policy.markup == "markdown" else comment_html(text)


class _Renderer(RendererHTML):
    """Every element that there is comes from here, and from the few that have no attributes."""

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        content = tokens[idx].content
        return str(escape(content)) if env["inside"] else "".join(pieces(content))

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return "" if tokens[idx].hidden else '<p dir="auto">'

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        env["links"] += 1
        href = str(tokens[idx].attrGet("href") or "")
        env["inside"] = env["links"] <= MAX_LINKS and safe_href(href) is not None
        return f'<a href="{escape(href)}" rel="{LINK_REL}">' if env["inside"] else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        was_inside, env["inside"] = env["inside"], False
        return "</a>" if was_inside else ""

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return f'<pre dir="auto"><code>{escape(tokens[idx].content)}</code></pre>\n'


def _is_address(url: str) -> bool:
    return safe_href(url) is not None and bool(urlsplit(url).netloc)


def _make() -> MarkdownIt:
    options = {"html": False, "breaks": True, "maxNesting": DEEPEST}
    made = MarkdownIt("zero", options, renderer_cls=_Renderer).enable(list(_RULES))
    made.validateLink = _is_address  # type: ignore[method-assign]
    return made


_MARKDOWN = _make()
