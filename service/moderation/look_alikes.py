"""Words in disguise: letters of one script among those of another, digits and signs among letters."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from service.moderation.look_alike_table import LOOK_ALIKES
from service.moderation.text_view import FoldedText

_STAND_INS = {
    "1": "l",
    "!": "l",
    "|": "l",
    "0": "o",
    "3": "e",
    "5": "s",
    "$": "s",
    "7": "t",
    "@": "a",
    "4": "a",
}
_ALIKE = str.maketrans(_STAND_INS | {"i": "l"})
"""One letter for each group that cannot be told apart; i and l are one, since 1 stands for both."""

_RUN = re.compile("(?:[^\\W_]|[@$!|" + "".join(char for char in LOOK_ALIKES if not char.isalnum()) + "])+")


_AT_HOME = {"ı": "şğçöüə", "ɩ": "ɛɔŋɖ", "ɣ": "ɛɔŋɖ", "ʋ": "ɛɔŋɖ"}
"""Letters of living Latin alphabets, and the letters in whose company they are no disguise (sık, not sik)."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """The folded text, as long as before, with its disguised `words` (start, end) spelt in plain letters."""

    text: str
    words: tuple[tuple[int, int], ...]


def skeleton(folded: FoldedText, original: str) -> str:
    """What a text looks like: every look-alike as its ASCII letter, as long as `folded.text`.

    The original letter is asked first: capital Σ looks like E, its lower case like o.
    """
    if folded.text.isascii():
        return folded.text.translate(_ALIKE)
    letters = (
        _look(original[at]) or _look(char) or char
        for char, at in zip(folded.text, folded.starts, strict=True)
    )
    return "".join(letters).translate(_ALIKE)


def unmask(folded: FoldedText, original: str) -> Unmasked:
    """Spell out the words that mix scripts, or hide signs among letters; all others stay as they are.

    A word wholly of another script's look-alikes counts only in a text that is otherwise Latin: where a
    word of that script could be nothing else, the text is in that language.
    """
    runs = [match.span() for match in _RUN.finditer(folded.text)]
    looks = skeleton(folded, original)
    own = _scripts_in_use([folded.text[start:end] for start, end in runs]) | _letters_at_home(original)
    words = [
        (start, end) for start, end in runs if _is_disguised(folded.text[start:end], looks[start:end], own)
    ]
    return Unmasked(_spelt_out(folded.text, looks, words), tuple(words))


def _spelt_out(text: str, looks: str, words: Iterable[tuple[int, int]]) -> str:
    pieces = []
    done = 0
    for start, end in words:
        pieces += [text[done:start], looks[start:end]]
        done = end
    return "".join([*pieces, text[done:]])


def _is_disguised(word: str, look: str, own: frozenset[str]) -> bool:
    if word.isascii() or _hides_signs(word):
        return _hides_signs(word)
    scripts = {_script(char) for char in word if char.isalpha()}
    if scripts == {"LATIN"}:
        drawn_as = dict(zip(word, look, strict=True))
        return any(drawn_as[char].isascii() for char in word if not char.isascii() and char not in own)
    return len(scripts) > 1 or (look.isascii() and not scripts & own)


def _hides_signs(word: str) -> bool:
    """A stand-in between letters; a number at either end is a number (A55, 4k)."""
    return word[0].isalpha() and word[-1].isalpha() and any(char in _STAND_INS for char in word)


def _scripts_in_use(words: list[str]) -> frozenset[str]:
    """The scripts of this text's own words: all but Latin where it has words that only they can spell."""
    is_latin = any(char.isascii() and char.isalpha() for word in words for char in word)
    return frozenset(
        _script(char)
        for word in words
        if not word.isascii()
        for char in word
        if not char.isascii() and char.isalpha() and not (is_latin and char in LOOK_ALIKES)
    )


def _look(char: str) -> str | None:
    """Mathematical 𝚳 looks like M because Μ does, whose small letter does not."""
    return LOOK_ALIKES.get(char) or LOOK_ALIKES.get(unicodedata.normalize("NFKC", char))


def _letters_at_home(original: str) -> frozenset[str]:
    lower = frozenset(original.lower())
    return frozenset(letter for letter, company in _AT_HOME.items() if not lower.isdisjoint(company))


@lru_cache(maxsize=16_384)
def _script(letter: str) -> str:
    """The first word of the letter's name, which is its script for all letters that have look-alikes."""
    return unicodedata.name(letter, "?").partition(" ")[0]
