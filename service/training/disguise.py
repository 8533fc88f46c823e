"""Disguises words as people do, so that a model learns what is left of them; drawn from a seed."""

import random
import re
from collections.abc import Callable

from service.moderation.classifier.lexicon import load_lexicon
from service.moderation.text_view import fold

_WORD = re.compile(r"[^\W\d_]{3,}")
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_SIGNS = str.maketrans("aisAIS", "@!$@!$")
_LOOK_ALIKE = str.maketrans("aeopcxyAEOPCXTKMHB", "аеорсхуАЕОРСХТКМНВ")
_TELLING = (
    "abuse.mind",
    "abuse.character",
    "abuse.profanity",
    "abuse.slur",
    "abuse.sexual",
    "abuse.threat",
    "spam.",
)
_NEVER = ("spam.self", "spam.topic")
_OTHERWISE = 0.1
"""How often a word that tells nothing is disguised."""


def disguise(text: str, draw: random.Random) -> str:
    """The text with most of its telling words in one manner of disguise."""
    manner = draw.choice(_MANNERS)
    telling = telling_words()

    def replace(match: re.Match[str]) -> str:
        often = 0.8 if fold(match[0]) in telling else _OTHERWISE
        return manner(match[0], draw) if draw.random() < often else match[0]

    return _WORD.sub(replace, text)


def telling_words() -> frozenset[str]:
    """Listed words that a writer might want to hide."""
    lexicon = load_lexicon()
    wanted = {
        number
        for number, meaning in enumerate(lexicon.meanings)
        if meaning.startswith(_TELLING) and meaning not in _NEVER
    }
    listed = [*lexicon.words.items(), *lexicon.prefixes.items()]
    return frozenset(word for word, numbers in listed if numbers & wanted)


def _leet(word: str, _draw: random.Random) -> str:
    return word.translate(_LEET)


def _signs(word: str, _draw: random.Random) -> str:
    return word.translate(_SIGNS)


def _look_alike(word: str, _draw: random.Random) -> str:
    return word.translate(_LOOK_ALIKE)


def _spaced(word: str, draw: random.Random) -> str:
    return draw.choice((" ", ".", "-", "_")).join(word)


def _stretched(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    return word[:at] + word[at] * draw.randint(3, 6) + word[at + 1 :]


def _invisible(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word))
    return word[:at] + draw.choice("\u200b\u200c\u200d\u2060\u00ad") + word[at:]


def _accented(word: str, draw: random.Random) -> str:
    return "".join(char + draw.choice(("", "\u0301", "\u0308", "\u0323")) for char in word)


def _masked(word: str, draw: random.Random) -> str:
    inner = draw.randint(1, max(1, len(word) - 2))
    at = draw.randint(1, len(word) - inner)
    return word[:at] + draw.choice("*#") * inner + word[at + inner :]


def _swapped(word: str, draw: random.Random) -> str:
    if len(word) < 4:
        return word
    at = draw.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


_MANNERS: tuple[Callable[[str, random.Random], str], ...] = (
    _leet, _signs, _look_alike, _spaced, _stretched, _invisible, _accented, _masked, _swapped,
)  # fmt: skip
