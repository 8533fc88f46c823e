"""Finds addresses of mailboxes in a text, however they are written, and takes them out."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from service.domain.finding import Span
from service.moderation.text_view import fold_text

_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]")  # RFC 5322 3.2.3, and letters of every script (RFC 6531)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_MOST_OF_A_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1

MASK = "[…]"


def find_mailboxes(text: str) -> Iterator[Span]:
    """Each address once."""
    folded = fold_text(text)
    return (folded.span(start, end) for start, end in mailboxes_in(folded.text))


def mailboxes_in(folded: str) -> Iterator[tuple[int, int]]:
    """Start and end of each; linear, as a local part is looked for in 64 characters at most."""
    ended = 0
    for at in re.finditer("@", folded):
        start = at.start()
        first = max(ended, start - _MOST_OF_A_LOCAL_PART)
        while start > first and _LOCAL.fullmatch(folded[start - 1]):
            start -= 1
        domain = _DOMAIN.match(folded, at.end())
        if domain and start < at.start():
            ended = domain.end()
            yield start, ended


def without_mailboxes(text: str) -> str:
    """The text with `[…]` in the place of each address."""
    parts, after = [], 0
    for span in find_mailboxes(text):
        parts += [text[after : span.start], MASK]
        after = span.end
    return "".join([*parts, text[after:]])


def without_mailboxes_in_url(url: str) -> str:
    """The URL; without its query, or empty, where an address stands in it, percent-encoded or not."""
    kept = (url, url.partition("?")[0].partition("#")[0])
    return next((one for one in kept if not any(find_mailboxes(unquote(one)))), "")
