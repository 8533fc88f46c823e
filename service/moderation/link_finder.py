"""Finds what a reader would follow: addresses with a scheme, bare domains, and anchors around them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from service.domain.finding import Span
from service.moderation.text.vocabulary import is_known
from service.moderation.text_view import FoldedText, fold_text
from service.moderation.words import SPACED_LETTER

_URL = re.compile(r"https?://(?:(?!(?<![/=])https?://)[^\s<>\"\[\]])+")
"""Up to the next address; one inside another's path or query (web.archive.org/…/http://…) belongs to it."""

_HOST = re.compile(rf"(?:{SPACED_LETTER}|@)(?:{SPACED_LETTER}|[@-])*(?:\.(?:{SPACED_LETTER}|[@-])+)*")
_PATH = re.compile(r"(?::\d+)?[/?#][^\s<>\"\[\]()]*")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_MOST_LABELS = 5
"""Labels from the right that decide whether a host is one; a text of 2,500 labels is no host."""

_ANCHOR = re.compile(
    r"(?P<open><a\s[^<>]*?\bhref[^<>]*>?|\[(?:url|link)\s*=[^\[\]]*\])|(?P<maybe>\[(?:url|link)\])"
    r"|(?P<close></a\s*>|\[/(?:url|link)\])|(?P<inline>\[[^\[\]]*\]\([^()\s]*)"
)
_TRAILING = ".,;:!?)'*_~-»”’"

_PLAIN = frozenset({"com", "net", "org"})
"""No sentence begins with these: Example.Com is a host."""

_WORDS_TOO = frozenset(
    {"so", "to", "my", "do", "as", "now", "how", "one", "here", "new", "you", "py", "sh", "zip"}
)
"""Top-level domains that are also words of a sentence, or ends of file names; with a path they count."""

_WORDS_AFTER_WORDS = frozenset({"it", "is", "in", "at", "be", "am", "us", "me", "like", "love", "call"})
"""The same where a listed word stands before the dot, and nothing else: message.it, but amalfi.it."""


@lru_cache(maxsize=16)  # several checks ask about the same text
def find_links(text: str) -> tuple[Span, ...]:
    """Every link once, in order of the text, none overlapping; linear.

    An anchor (HTML, BBCode, Markdown) is one link with all that it encloses. Full-width letters and
    zero-width characters inside an address hide nothing.
    """
    folded = fold_text(text)
    addresses = _merged(find_addresses(folded, text))
    anchors = list(_anchors(folded.text, addresses))
    return tuple(
        folded.span(start, start + len(folded.text[start:end].rstrip(_TRAILING)))
        for start, end in _merged([*addresses, *anchors])
    )


def find_addresses(folded: FoldedText, original: str) -> list[tuple[int, int]]:
    """Start and end in the folded text of every URL, then of every bare domain; they may overlap."""
    urls = [match.span() for match in _URL.finditer(folded.text)]
    return [*urls, *_bare_domains(folded, original)]


def trim_address(address: str) -> str:
    """Without the signs of the sentence that it ends."""
    return address.rstrip(_TRAILING)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _anchors(folded: str, addresses: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """From an opening tag to its closing one.

    Without an address of its own an opening tag must be closed (BBCode), and an inline anchor (Markdown)
    must hold one: "[link]" and "[sic](so it stands)" are words.
    """
    opened: re.Match[str] | None = None
    held = {at for start, end in addresses for at in range(start, end)}
    for match in _ANCHOR.finditer(folded):
        if match["close"]:
            if opened:
                yield opened.start(), match.end()
            opened = None
        elif match["inline"]:
            if not held.isdisjoint(range(*match.span())):
                yield match.span()
        else:
            if opened and opened["open"]:
                yield opened.span()
            opened = match
    if opened and opened["open"]:
        yield opened.span()


def _bare_domains(folded: FoldedText, original: str) -> Iterator[tuple[int, int]]:
    """Hosts that a browser would complete, each with its path; an address with an @ is a mailbox."""
    for match in _HOST.finditer(folded.text):
        if "." not in match[0] or "@" in match[0]:
            continue
        path = _PATH.match(folded.text, match.end())
        host = _host_in(match[0], match.start(), folded, original, has_path=path is not None)
        if host and path and len(host) == len(match[0]):
            yield match.start(), path.end()
        elif host:
            yield match.start(), match.start() + len(host)


def _host_in(run: str, at: int, folded: FoldedText, original: str, *, has_path: bool) -> str | None:
    """The run without the sentences that follow its dots without a space; None where no host is left."""
    host = run.rstrip("-")
    while "." in host:
        rest, _, last = host.rpartition(".")
        starts_sentence = last not in _PLAIN and _is_title(original, folded, at + len(rest) + 1)
        if not starts_sentence:
            is_word = (not has_path and _is_said(rest, last)) and not host.startswith("www.")
            return host if not is_word and is_registrable(host) else None
        host = rest
    return None


def _is_said(before: str, last: str) -> bool:
    return last in _WORDS_TOO or (last in _WORDS_AFTER_WORDS and is_known(before))


def _is_title(original: str, folded: FoldedText, at: int) -> bool:
    """A capital with a small letter after it: how a sentence begins, and hardly a top-level domain."""
    letters = [original[folded.starts[place]] for place in range(at, min(at + 2, len(folded.text)))]
    return letters[0].isupper() and not (len(letters) > 1 and letters[1].isupper())


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The list that comes with the package: read once, never fetched."""
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def public_suffix(host: str) -> str | None:
    """The end of a host (in ASCII) under which everybody may register; null where the list has none."""
    return _suffixes().publicsuffix(host)


@lru_cache(maxsize=4_096)
def is_registrable(host: str) -> bool:
    """Whether somebody may own it: a name below a public suffix (publicsuffix.org, ICANN section)."""
    labels = host.split(".")[-_MOST_LABELS:]
    if not all(map(_LABEL.fullmatch, labels)):
        return False
    name = _suffixes().privatesuffix(".".join(labels))
    return name is not None and (len(name.partition(".")[0]) > 2 or not name.partition(".")[0].isdigit())
