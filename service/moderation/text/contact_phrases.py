"""Invitations to leave the page and write, call or follow, as spam makes them in many languages."""

import re
from collections.abc import Iterator

from service.moderation.text.contact_phrase_table import PHRASES
from service.moderation.text.place import Place
from service.moderation.text_view import fold

_WORD = re.compile(r"[^\W_]+")


def _by_first_word() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases, longest first, by the word that they begin with."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for phrase in ",".join(PHRASES.values()).split(","):
        words = tuple(_WORD.findall(fold(phrase)))
        if words:
            found.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in found.items()}


_BY_FIRST_WORD = _by_first_word()


def find_contact_phrases(looks: str) -> Iterator[Place]:
    """Each invitation, its words in a row with whatever signs between them; linear."""
    if _BY_FIRST_WORD.keys().isdisjoint(_WORD.findall(looks)):
        return
    words = list(_WORD.finditer(looks))
    ended = 0
    for at, word in enumerate(words):
        phrases = _BY_FIRST_WORD.get(word[0])
        if phrases is None or word.start() < ended:
            continue
        for phrase in phrases:
            said = words[at : at + len(phrase)]
            if tuple(each[0] for each in said) == phrase:
                ended = said[-1].end()
                yield Place("contact_phrase", word.start(), ended, " ".join(phrase))
                break
