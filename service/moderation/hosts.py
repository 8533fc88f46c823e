"""Hosts that a text's links lead to, and what is odd about a host."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.finding import Span
from service.moderation.link_finder import find_links
from service.moderation.look_alike_table import LOOK_ALIKES
from service.moderation.text.seen import see

_AUTHORITY = re.compile(r"https?:[\\/]{2,}([^\s/\\?#\"'<>\[\]]+)", re.IGNORECASE)
_BARE = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}")
_LONGEST = 253  # octets of a host name, RFC 1035 2.3.4

MOST = 50
"""Links of one text that are looked at; so many are spam by their number."""

_MIXES = ({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}, {"LATIN", "HANGUL", "CJK"}, {"LATIN", "BOPOMOFO", "CJK"})
"""Scripts that one label may mix (UTS 39 5.2, highly restrictive)."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host as a browser would ask for it, in Unicode and lower case; where its link stands.

    `has_user`: something stands before an @, which a reader takes for the host.
    """

    name: str
    span: Span | None
    has_user: bool = False


def hosts_in(text: str) -> tuple[Host, ...]:
    """The host of each link of a text, in order; of an anchor all that it names; then of hidden ones."""
    found: list[Host] = []
    for span in find_links(text)[:MOST]:
        found += _hosts_of(text[span.start : span.end], span)
    for entity in see(text).entities:
        if entity.kind == "hidden_url":
            found += _hosts_of(entity.value, entity.span)
    return tuple(found)


def host_of_url(url: str | None) -> Host | None:
    """The host of one URL that was given as such."""
    return next(_hosts_of(url, None), None) if url else None


def _hosts_of(link: str, span: Span | None) -> Iterator[Host]:
    plain = unicodedata.normalize("NFKC", link)
    authorities = _AUTHORITY.findall(plain) or _BARE.findall(plain)[:1]
    for authority in authorities[:5]:
        user, at, rest = authority.rpartition("@")
        name = _as_unicode(rest.partition(":")[0].strip(".").lower()[:_LONGEST])
        if name:
            yield Host(name, span, has_user=bool(at and user))


def _as_unicode(name: str) -> str:
    """Labels in Punycode (RFC 3492) as they are shown; one that cannot be read stays as it is."""
    labels = []
    for label in name.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError, OverflowError):
            labels.append(label)
    return ".".join(labels)


def is_address(name: str) -> bool:
    """Whether the host is an IP address, in any spelling that browsers take (a number, octets in hex)."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        last = name.rpartition(".")[2]
        return last.isascii() and (last.isdigit() or last.startswith("0x"))
    return True


def imitates(name: str) -> bool:
    """Whether a label mixes scripts, or is drawn wholly with another script's look-alikes of Latin letters.

    münchen.example and пример.рф are what they look like; раураl.example is not.
    """
    labels = name.split(".")
    return any(
        _mixes(label) or _is_drawn(label, under_latin=labels[-1].isascii())
        for label in labels
        if not label.isascii()
    )


def _mixes(label: str) -> bool:
    scripts = {_script(char) for char in label if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= allowed for allowed in _MIXES)


def _is_drawn(label: str, *, under_latin: bool) -> bool:
    letters = [char for char in label if char.isalpha()]
    others = [char for char in letters if not char.isascii() and _script(char) != "LATIN"]
    return (
        under_latin and len(letters) > 2 and others == letters and all(char in LOOK_ALIKES for char in others)
    )


def _script(char: str) -> str:
    return unicodedata.name(char, "?").partition(" ")[0].partition("-")[0]
