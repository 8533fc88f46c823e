"""Turns the plain text of a comment into HTML that is safe in any page."""

import re
from collections.abc import Iterator

from linkify_it import LinkifyIt
from markupsafe import Markup, escape

from service.web.safe_link import LINK_REL, safe_href

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")


def _linkifier() -> LinkifyIt:
    """Finds http and https URLs that are written out; never mail addresses, never guesses from a dot."""
    finder = LinkifyIt({}, {"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for schema in ("mailto:", "ftp:", "//"):
        finder.add(schema, None)
    return finder


_LINKIFIER = _linkifier()


def comment_html(text: str) -> Markup:
    """Render stored text: paragraphs at blank lines, `<br>` at single ones, links for http(s) URLs.

    Nothing in the text is read as markup. Each paragraph finds its own direction, so a bidirectional control
    in one cannot turn the next around.
    """
    paragraphs = (part for part in _PARAGRAPH_BREAK.split(text.strip()) if part)
    return Markup("\n").join(Markup('<p dir="auto">{}</p>').format(_lines(part)) for part in paragraphs)


def _lines(paragraph: str) -> Markup:
    return Markup("<br>\n").join(Markup("").join(_pieces(line)) for line in paragraph.split("\n"))


def _pieces(line: str) -> Iterator[Markup]:
    position = 0
    for match in _LINKIFIER.match(line) or ():
        href = safe_href(match.url)
        if href is None:
            continue
        yield escape(line[position : match.index])
        # dir isolates the address: an override before it must not make it read backwards.
        yield Markup('<a href="{}" rel="{}" dir="ltr">{}</a>').format(href, LINK_REL, match.raw)
        position = match.last_index
    yield escape(line[position:])
