"""Words drawn with letters of other scripts (pаypal with a Cyrillic а), spelt in the script that is meant."""

import re
import unicodedata
from functools import lru_cache

from service.moderation.look_alike_table import LOOK_ALIKES
from service.moderation.text.draft import Draft, Edit
from service.moderation.text.vocabulary import is_known

_SIGNS = {chr(first + at): chr(97 + at) for first in (0x1F150, 0x1F170) for at in range(26)}
"""Letters in black circles and squares."""

_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
_OTHERS = dict(zip("ƒғқҝҡҳң", "ffkkkxh", strict=True))
AS_LATIN = LOOK_ALIKES | _SIGNS | _SMALL_CAPITALS | _OTHERS
"""From each character that passes for a Latin letter or a digit to that."""

_AS_CYRILLIC = dict(zip("abcehikmoptxy", "авсенікмортху", strict=True))

_RUN = re.compile("(?:[^\\W_]|[" + "".join(char for char in AS_LATIN if not char.isalnum()) + "])+")
_AT_HOME = {"ı": "şğçöüə", "ƒ": "ɛɔŋɖ", "ɩ": "ɛɔŋɖ", "ɣ": "ɛɔŋɖ", "ʋ": "ɛɔŋɖ"}
"""Letters of living Latin alphabets, and the letters in whose company they are no disguise (sık, not sik)."""

_ALIVE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "HANGUL", "CJK"})
"""A word in one of these alone is disguised only where a listed word comes out."""

_SHORTEST_FOREIGN = 3


def spell_in_one_script(draft: Draft) -> list[Edit]:
    """An edit, as long as the word, for each word that mixes scripts or borrows all its letters."""
    letters = set(draft.text)
    if draft.text.isascii() or _is_foreign(letters):
        return []
    own = _own_scripts(draft, letters)
    edits = []
    for match in _RUN.finditer(draft.text):
        word = match[0]
        if word.isascii():
            continue
        spelt = _read(word, draft.letters(*match.span()), own)
        if spelt is not None and spelt != word:
            edits.append(Edit(*match.span(), spelt, range(len(word))))
    return edits


def _is_foreign(letters: set[str]) -> bool:
    """Whether all letters are of one script, and that not Latin: nothing is mixed then."""
    scripts = {_script(letter) for letter in letters} - {""}
    return len(scripts) == 1 and scripts.isdisjoint(("LATIN", "SIGN"))


def _own_scripts(draft: Draft, letters: set[str]) -> frozenset[str]:
    """The scripts that this text has letters of that no other script has, and its home letters."""
    drawn = set(draft.drawn(0, len(draft.text)).lower())
    is_latin = any("a" <= letter <= "z" for letter in letters)
    own = {_script(letter) for letter in letters if not (is_latin and letter in AS_LATIN)} - {"SIGN"}
    at_home = {letter for letter, company in _AT_HOME.items() if not drawn.isdisjoint(company)}
    return frozenset(own | at_home)


@lru_cache(maxsize=4_096)
def _read(word: str, drawn: str, own: frozenset[str]) -> str | None:
    """What a word, drawn so, is read as; None where it is read as it stands."""
    scripts = {_script(char) for char in word} - {""}
    if not scripts or (len(scripts) == 1 and scripts <= own - {"LATIN"}) or _letter_count(word) < 2:
        return None
    if scripts == {"LATIN"} and _is_phonetic(word):
        return None
    latin = _latin(word, drawn, own)
    if len(scripts) == 1 and "LATIN" not in scripts:
        return latin if latin and _is_borrowed(latin, scripts) else None
    if "CYRILLIC" in scripts and (cyrillic := _cyrillic(word)) and not (latin and is_known(latin)):
        return cyrillic if is_known(cyrillic) or not latin or "CYRILLIC" in own else latin
    return latin


def _letter_count(word: str) -> int:
    return sum(char.isalpha() or char in _SIGNS for char in word)


def _is_phonetic(word: str) -> bool:
    """A small capital or two among plain letters are how a word sounds (bɪt)."""
    small = sum(char in _SMALL_CAPITALS for char in word)
    return 0 < small * 2 < len(word)


def _is_borrowed(latin: str, scripts: set[str]) -> bool:
    if not latin.isalpha() or len(latin) < _SHORTEST_FOREIGN:
        return False
    return is_known(latin) or not (scripts & _ALIVE or scripts == {"SIGN"})


def _latin(word: str, drawn: str, own: frozenset[str]) -> str | None:
    """In Latin letters, by what was drawn: capital Σ looks like an E, its small letter like an o."""
    read = []
    for char, shape in zip(word, drawn, strict=True):
        letter = char
        if not char.isascii() and char not in own:
            look = _look(shape) or _look(char)
            if look is None and _script(char) != "LATIN":
                return None
            # A capital that looks like an l is the capital of an i.
            letter = "i" if look == "l" and shape.isupper() else look or char
        read.append(letter)
    return "".join(read)


def _cyrillic(word: str) -> str | None:
    """In Cyrillic letters; None where a Latin letter has no like, or most letters are Latin."""
    latin = sum("a" <= char <= "z" for char in word)
    if latin * 2 >= len(word) or any("a" <= char <= "z" and char not in _AS_CYRILLIC for char in word):
        return None
    return "".join(_AS_CYRILLIC.get(char, char) for char in word)


@lru_cache(maxsize=4_096)
def _look(char: str) -> str | None:
    """Mathematical 𝚳 looks like M because Μ does, whose small letter does not."""
    return AS_LATIN.get(char) or AS_LATIN.get(unicodedata.normalize("NFKC", char))


@lru_cache(maxsize=16_384)
def _script(char: str) -> str:
    """The first word of a letter's name is its script; nothing for a digit, SIGN for a drawn letter."""
    if char in _SIGNS:
        return "SIGN"
    return unicodedata.name(char, "?").partition(" ")[0] if char.isalpha() else ""
