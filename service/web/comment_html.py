"""Turns the plain text of a comment into HTML that is safe in any page."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from markupsafe import Markup, escape

from service.web.safe_link import LINK_REL, safe_href

MAX_LINKS = 100
"""Further addresses of a comment stay text: no reader follows them, and every reader pays for them."""

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")

# Nobody types these inside an address. Brackets belong to it in pairs only: (see https://a.example/x_(y)).
_INSIDE = r"[^\s\"<>\\^`{|}()\[\]\x00-\x20\x7f…“”„«»。，、；：！？「」『』《》【】（）]"
# Possessive: each character is looked at once or twice, whatever the text is.
_ADDRESS = re.compile(rf"(?<!\w)https?://(?:{_INSIDE}|\({_INSIDE}*+\)|\[{_INSIDE}*+\])++", re.IGNORECASE)
_ENDS_A_SENTENCE = ".,;:!?'*‘’‚"


@lru_cache(maxsize=512)
def comment_html(text: str) -> Markup:
    """Render stored text: paragraphs at blank lines, `<br>` at single ones, links for http(s) URLs.

    Nothing in the text is read as markup. Only addresses that are written out become links: never mail
    addresses, never guesses from a dot. Each paragraph finds its own direction, so a bidirectional control
    in one cannot turn the next around.
    """
    # Escaping and links neither add nor take line breaks. A Markup per line or paragraph is slow.
    html = "".join(pieces(text.strip()))
    paragraphs = [part.replace("\n", "<br>\n") for part in _PARAGRAPH_BREAK.split(html) if part]
    return Markup("\n".join(f'<p dir="auto">{part}</p>' for part in paragraphs))  # noqa: S704  (pieces escapes)


def pieces(text: str) -> Iterator[str]:
    position = 0
    matches = _ADDRESS.finditer(text) if "://" in text else ()
    for match in islice(matches, MAX_LINKS):
        address = match.group().rstrip(_ENDS_A_SENTENCE)
        if safe_href(address) is None:
            continue
        yield escape(text[position : match.start()])
        # dir isolates the address: an override before it must not make it read backwards.
        yield f'<a href="{escape(address)}" rel="{LINK_REL}" dir="ltr">{escape(address)}</a>'
        position = match.start() + len(address)
    yield escape(text[position:])
