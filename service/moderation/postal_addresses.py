"""Finds where somebody lives: a street with its number, and a postcode, or words that say whose it is.

A street and a number alone are a place in the news. With a postcode and a town behind it, or "lives at"
before it, it is an address that somebody gave away.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from service.domain.finding import Span

_NAME = r"[A-ZÀ-ÞĀ-Ž][\w'’.-]{1,30}"
_NAMES = rf"{_NAME}(?: (?:de|del|della|di|da|do|dos|das|des|du|la|le|van|der|{_NAME})){{0,4}}"


class _Form(NamedTuple):
    """How a country writes a street with its number, and the postcode behind it."""

    street: re.Pattern[str]
    postcode: re.Pattern[str]


_ENGLISH = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Terrace|Close|Crescent|Gardens"
)
_FORMS = (
    _Form(
        re.compile(
            rf"(?<![\w.,])\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?{_NAME}(?: {_NAME})? (?:{_ENGLISH})\b\.?"
        ),
        re.compile(
            r"\b(?:[A-Z]{2} \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
            r"|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b"
        ),
    ),
    _Form(
        re.compile(
            r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß-]{1,40}(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm)"
            rf"|{_NAME} (?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring)) \d{{1,4}} ?[a-z]?(?!\w)"
        ),
        re.compile(r"\b(?:[DA]-)?\d{4,5} [A-ZÄÖÜ][a-zäöüß]"),
    ),
    _Form(
        re.compile(r"(?<!\w)[A-Z][\w-]{2,40}(?:straat|laan|weg|plein|gracht|kade) \d{1,4} ?[a-z]?(?!\w)"),
        re.compile(r"\b\d{4} ?[A-Z]{2}\b"),
    ),
    _Form(
        re.compile(
            rf"(?<!\w)\d{{1,4}}(?: bis| ter)?,?"
            rf" (?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allée|quai)"
            rf" (?:de la |de l'|de |du |des |d'|l')?{_NAMES}"
        ),
        re.compile(r"\b\d{5} [A-ZÀ-Þ]"),
    ),
    _Form(
        re.compile(
            rf"(?<!\w)(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Rr]ua|[Aa]v\.|[Tt]ravessa|[Pp]raça"
            rf"|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Vv]icolo) (?:de la |de |del |da |do |dos )?{_NAMES},?"
            r" (?:n[º°.o]? ?)?\d{1,5}(?!\w)"
        ),
        re.compile(r"\b(?:\d{5}(?:-?\d{3})?)\b"),
    ),
    _Form(
        re.compile(
            r"(?<!\w)(?:ул\.|улица|улице|пр\.|проспект|проспекте|пер\.|переулок) ?"
            r"[А-ЯЁ][\w -]{2,40}?,? (?:д\.|дом)? ?\d{1,4}"
        ),
        re.compile(r"\b(?:кв\.? ?\d|квартира \d|\d{6}\b)"),
    ),
)
_WHOSE = re.compile(
    r"\b(?:liv(?:es?|ing) (?:at|on|in)|(?:home |his |her |their |whose )address|resid(?:es|ing) at"
    r"|wohnt|wohnhaft|(?:seine|ihre|deren) (?:adresse|anschrift)|habite|domicili[ée]e?|son adresse"
    r"|vive en|reside en|su (?:dirección|domicilio)|mora n[ao]|reside n[ao]|endereço d|abita|risiede|woont"
    r"|жив[её]т|проживает|прописан)\b",
    re.IGNORECASE,
)
_BEFORE, _BEHIND = 60, 40
"""Characters in which whose it is may be said, and in which the postcode stands."""


def find_postal_addresses(text: str) -> Iterator[Span]:
    """Each address once, with its postcode where there is one; linear."""
    if not any(map(str.isdigit, text)):
        return
    ended = 0
    for start, end in sorted(_addresses(text)):
        if start >= ended:
            yield Span(start, end)
            ended = end


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    for form in _FORMS:
        for street in form.street.finditer(text):
            code = form.postcode.search(text, street.end(), street.end() + _BEHIND)
            if code:
                yield street.start(), code.end()
            elif _WHOSE.search(text, max(0, street.start() - _BEFORE), street.start()):
                yield street.span()
