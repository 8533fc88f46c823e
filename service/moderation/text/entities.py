"""What stands in a text besides words: addresses, numbers to call, prices, and invitations to write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.domain.finding import Span
from service.moderation.link_finder import find_addresses, trim_address
from service.moderation.mailboxes import mailboxes_in
from service.moderation.text.contact_phrases import find_contact_phrases
from service.moderation.text.hidden_links import find_hidden
from service.moderation.text.numbers import find_handles, find_ips, find_money, find_phones
from service.moderation.text.place import Place
from service.moderation.text_view import FoldedText

KINDS = ("url", "hidden_url", "domain", "ip", "email", "phone", "handle", "money", "contact_phrase")
KEPT_AS_THEY_ARE = frozenset(KINDS) - {"contact_phrase"}
"""No letter of these is taken for another one; invitations are words."""


@dataclass(frozen=True, slots=True)
class Entity:
    """What stands where.

    Attributes:
        kind: one of `KINDS`.
        span: code points of the original.
        value: a URL or domain as it would be followed; of a phone its digits, a plus before them where
            there was one; the rest folded.
        is_hidden: written so that programs miss it; of an email address or a URL.
    """

    kind: str
    span: Span
    value: str
    is_hidden: bool = False


def find_places(folded: FoldedText, original: str, looks: str) -> list[Place]:
    """Every entity of a folded text once, ascending, none overlapping; of two the first kind below wins.

    `looks` is the folded text with its disguised words spelt out, as long as it.
    """
    text = folded.text
    taken = bytearray(len(text))
    found: list[Place] = []
    for places in (
        find_hidden(looks),
        _addresses(folded, original),
        (Place("email", start, end, text[start:end]) for start, end in mailboxes_in(text)),
        find_ips(text),
        find_money(text),
        find_phones(text),
        find_handles(text),
        find_contact_phrases(looks),
    ):
        found += _untaken(places, taken)
    return sorted(found, key=lambda place: place.start)


def as_entities(places: Iterable[Place], folded: FoldedText) -> tuple[Entity, ...]:
    """The same with spans into the original."""
    return tuple(
        Entity(place.kind, folded.span(place.start, place.end), place.value, place.is_hidden)
        for place in places
    )


def _untaken(places: Iterable[Place], taken: bytearray) -> Iterator[Place]:
    for place in places:
        if taken.find(1, place.start, place.end) < 0:
            taken[place.start : place.end] = b"\1" * (place.end - place.start)
            yield place


def _addresses(folded: FoldedText, original: str) -> Iterator[Place]:
    for start, end in find_addresses(folded, original):
        address = trim_address(folded.text[start:end])
        if address:
            kind = "url" if "://" in address[:8] else "domain"
            yield Place(kind, start, start + len(address), address)
