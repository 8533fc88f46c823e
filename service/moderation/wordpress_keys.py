"""Reads a list of WordPress's `disallowed_keys` or `moderation_keys`, one entry a line.

WordPress looks for each entry anywhere, inside words too, in text, name, address, website, network and user
agent: "cialis" hits "specialist". Here words are found on word boundaries, and links by their domain; what
can be had in neither way is left out, and said.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.moderation.innocent_words import INNOCENT
from service.moderation.link_finder import find_links
from service.moderation.text_view import fold
from service.moderation.word_matcher import Views, compile_words

LONGEST = 100  # characters of a listed word
SHORTEST = 3
MOST_EXAMPLES = 3
MOST_DOMAINS = 5000
LIST_SIZE = 5000
MOST_LISTS = 50


class Fate(StrEnum):
    """What becomes of an entry."""

    WORD = "word"
    DOMAIN = "domain"
    ORDINARY = "ordinary"
    NETWORK = "network"
    ADDRESS = "address"
    CLIENT = "client"
    FRAGMENT = "fragment"
    SHORT = "short"
    LONG = "long"
    TWICE = "twice"
    NO_ROOM = "no_room"


WHAT: Mapping[Fate, str] = {
    Fate.WORD: "taken over, found as whole words",
    Fate.DOMAIN: "taken over as domains: a link there, or below, is a hit",
    Fate.ORDINARY: "left out: whole words of comments that are published here",
    Fate.NETWORK: "left out: networks are not kept in a form that could be compared",
    Fate.ADDRESS: "left out: no check reads the address of an author",
    Fate.CLIENT: "left out: of a browser only its family is kept",
    Fate.FRAGMENT: "left out: pieces of words or URLs, which a search for whole words never finds",
    Fate.SHORT: f"left out: fewer than {SHORTEST} letters and digits would hit too much",
    Fate.LONG: f"left out: longer than {LONGEST} characters",
    Fate.TWICE: "left out: the same entry stands before",
    Fate.NO_ROOM: "left out: a policy has no more room",
}

TAKEN = (Fate.WORD, Fate.DOMAIN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list.

    `inside`: ordinary words in which WordPress would have found it. `hits`: how many of the given comments
    hold it as a whole word.
    """

    text: str
    fate: Fate
    inside: tuple[str, ...] = ()
    hits: int = 0


_NETWORK = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,3}\.?(?:/\d{1,2})?")
_CLIENT = re.compile(
    r"mozilla|msie|gecko|webkit|libwww|user-agent|windows nt"
    r"|^(?:curl|wget|java|python|perl|ruby|php|lynx|opera)/"
)
_EDGE = re.compile(r"^[^\w#$€£@*+]|[^\w!?%#$€£*+)]$|^[_-]|[_-]$")
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[^\W_][\w-]*\.)+[^\W\d_]{2,})/?")
_WORD = re.compile(r"[^\W\d_]{4,}")


def read_keys(
    lines: Iterable[str], published: Sequence[str] = (), *, domains: bool = True, keep_ordinary: bool = False
) -> list[Entry]:
    """Every entry that is not empty, with its fate, in order.

    Args:
        lines: the list.
        published: comments that are fine; an entry that hits one as a whole word is left out.
        domains: take domains over as such; otherwise as words.
        keep_ordinary: take over what hits `published` too.
    """
    entries = list(_sorted_out(lines, domains=domains))
    words = tuple(entry.text for entry in entries if entry.fate is Fate.WORD)
    hits = _hits(words, published)
    inside = _Vocabulary(published)
    done = []
    for entry in entries:
        if entry.fate is not Fate.WORD:
            done.append(entry)
            continue
        count = hits.get(entry.text, 0)
        fate = Fate.ORDINARY if count and not keep_ordinary else Fate.WORD
        done.append(Entry(entry.text, fate, inside.around(fold(entry.text)), count))
    return _as_much_as_fits(done)


def _sorted_out(lines: Iterable[str], *, domains: bool) -> Iterator[Entry]:
    seen: set[str] = set()
    for line in lines:
        text = line.strip().strip("\ufeff").strip()
        if not text:
            continue
        folded = fold(text)
        if folded in seen:
            yield Entry(text, Fate.TWICE)
            continue
        seen.add(folded)
        fate = _fate(folded, domains=domains)
        domain = _DOMAIN.fullmatch(folded) if fate is Fate.DOMAIN else None
        yield Entry(domain[1] if domain else text, fate)


def _fate(folded: str, *, domains: bool) -> Fate:
    if _DOMAIN.fullmatch(folded) and not _is_network(folded) and find_links(folded):
        return Fate.DOMAIN if domains else Fate.WORD
    return next((fate for fate, applies in _NOT_TAKEN if applies(folded)), Fate.WORD)


def _is_network(folded: str) -> bool:
    if _NETWORK.fullmatch(folded):
        return True
    try:
        ipaddress.ip_network(folded, strict=False)
    except ValueError:
        return False
    return ":" in folded


_NOT_TAKEN: tuple[tuple[Fate, Callable[[str], object]], ...] = (
    (Fate.LONG, lambda folded: len(folded) > LONGEST),
    (Fate.NETWORK, _is_network),
    (Fate.ADDRESS, lambda folded: "@" in folded),
    (Fate.CLIENT, _CLIENT.search),
    (Fate.SHORT, lambda folded: folded.isascii() and sum(map(str.isalnum, folded)) < SHORTEST),
    (Fate.FRAGMENT, _EDGE.search),
)
"""The first that applies."""


def _hits(words: tuple[str, ...], published: Sequence[str]) -> dict[str, int]:
    """How many comments hold each word as a whole one."""
    lexicon = compile_words(words)
    counts: dict[str, int] = {}
    for text in published:
        for at in {hit.entry for hit in Views.of(text).hits(lexicon)}:
            counts[words[at]] = counts.get(words[at], 0) + 1
    return counts


class _Vocabulary:
    """Ordinary words as one string: thousands of entries are looked for in it."""

    def __init__(self, published: Sequence[str]) -> None:
        words = {word for text in published for word in _WORD.findall(fold(text))}
        self._all = "\n" + "\n".join([*INNOCENT, *sorted(words - set(INNOCENT))]) + "\n"

    def around(self, entry: str) -> tuple[str, ...]:
        """Up to `MOST_EXAMPLES` words that are longer than the entry and hold it."""
        found: list[str] = []
        at = -1
        while len(found) < MOST_EXAMPLES and (at := self._all.find(entry, at + 1)) >= 0:
            start, end = self._all.rfind("\n", 0, at + 1) + 1, self._all.find("\n", at + len(entry))
            word = self._all[start:end]
            if word != entry and "\n" not in word and word not in found:
                found.append(word)
            at = max(at, end - 1)
        return tuple(found)


def _as_much_as_fits(entries: list[Entry]) -> list[Entry]:
    room = {Fate.WORD: LIST_SIZE * MOST_LISTS, Fate.DOMAIN: MOST_DOMAINS}
    done = []
    for entry in entries:
        if entry.fate in room:
            room[entry.fate] -= 1
            if room[entry.fate] < 0:
                done.append(Entry(entry.text, Fate.NO_ROOM, entry.inside, entry.hits))
                continue
        done.append(entry)
    return done
