"""Which language a text is in, where that is certain: by its letters, and by its small words.

It would rather not know than be wrong: a comment that is held for its language is a reader sent away.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from service.moderation.language_words import KIN, LANGUAGES, WORDS
from service.moderation.quotes import without_quotes
from service.moderation.text_view import fold

MOST = 2000  # characters that are looked at

_SCRIPTS = {
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "hebrew": "\u0590-\u05ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff",
    "devanagari": "\u0900-\u097f",
    "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff",
    "telugu": "\u0c00-\u0c7f",
    "thai": "\u0e00-\u0e7f",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff",
    "kana": "\u3040-\u30ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff",
}
_ONE = re.compile("|".join(f"(?P<{script}>[{letters}])" for script, letters in _SCRIPTS.items()))

_OF_SCRIPT = {
    script: frozenset(languages.split())
    for script, languages in {
        "cyrillic": "ru uk be bg sr mk kk ky mn tg tt bs me", "greek": "el", "hebrew": "he yi",
        "arabic": "ar fa ur ps ku ug sd ckb", "devanagari": "hi mr ne sa mai bho", "bengali": "bn as",
        "tamil": "ta", "telugu": "te", "thai": "th", "georgian": "ka", "armenian": "hy", "hangul": "ko",
        "kana": "ja", "han": "zh ja yue",
    }.items()
}  # fmt: skip
"""Languages written in a script; among those of one script nobody is told from another."""

FEWEST_LETTERS = {"latin": 40, "han": 8, "hangul": 12, "kana": 8}
OTHERWISE_FEWEST = 20
SHARE = 0.7
"""Of the letters: a text that mixes scripts is in two languages."""

FEWEST_KNOWN = 4
"""Different small words of a language; fewer are names, titles and loans."""

KNOWN_SHARE = 0.2
"""Of all words: every third word or so of a sentence is a small one."""

TIMES = 3
"""So many times as many of its own words as of an expected language."""

CLEARLY = 1.5
"""So many times as many as of any other language, to name one where none is expected."""

NAMED = frozenset(LANGUAGES).union(
    *({script} if len(alone) > 1 else alone for script, alone in _OF_SCRIPT.items())
)
"""All that `Reading.language` may say."""

_NOISE = re.compile(r"https?://\S+|[@#]\w+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text's letters and words say: its script; for Latin, how many of its words each language has."""

    script: str | None
    words: int = 0
    known: tuple[tuple[str, int], ...] = ()

    def rules_out(self, languages: frozenset[str]) -> str | None:
        """What the text is in where it is certainly in none of `languages`: a language or a script."""
        if self.script is None or not languages:
            return None
        if self.script != "latin":
            return None if languages & _OF_SCRIPT[self.script] else self.script
        return self._other_latin(languages)

    @property
    def language(self) -> str | None:
        """The language that it is in, or the script where several share it; null where that is not clear."""
        if self.script is None:
            return None
        if self.script != "latin":
            alone = _OF_SCRIPT[self.script]
            return next(iter(alone)) if len(alone) == 1 else self.script
        best, count = max(self.known, key=lambda each: each[1], default=("", 0))
        if count < FEWEST_KNOWN or count < KNOWN_SHARE * self.words:
            return None
        second = max((n for other, n in self.known if other != best), default=0)
        return best if count >= CLEARLY * second else None

    def _other_latin(self, languages: frozenset[str]) -> str | None:
        written = languages - frozenset().union(*_OF_SCRIPT.values()) | (languages & LANGUAGES)
        if written - LANGUAGES - frozenset().union(*KIN):
            return None  # one whose words are not known here
        best, count = max(self.known, key=lambda each: each[1], default=("", 0))
        if count < FEWEST_KNOWN or count < KNOWN_SHARE * self.words or best in _with_kin(languages):
            return None
        expected = max((n for language, n in self.known if language in _with_kin(languages)), default=0)
        return best if count >= TIMES * max(expected, 1) else None


def _with_kin(languages: frozenset[str]) -> frozenset[str]:
    return languages.union(*(kin for kin in KIN if kin & languages))


@lru_cache(maxsize=8)
def read_language(text: str) -> Reading:
    """The reading of what the author says in the own words; kept, for several checks ask."""
    own = _NOISE.sub(" ", without_quotes(text[:MOST]))
    counts = _letters_by_script(own)
    if counts["kana"] and counts["kana"] * 6 > counts["han"]:
        counts["kana"] += counts["han"]  # Japanese is written in both
        counts["han"] = 0
    script = max(counts, key=lambda each: counts[each], default="latin")
    enough = counts[script] >= FEWEST_LETTERS.get(script, OTHERWISE_FEWEST)
    if not enough or counts[script] < SHARE * counts.total():
        return Reading(None)
    return _small_words(own) if script == "latin" else Reading(script)


def _letters_by_script(own: str) -> Counter[str]:
    """Each different character is looked up once."""
    counts: Counter[str] = Counter()
    for char, count in Counter(own).items():
        counts[_script_of(char)] += count
    del counts[""]
    return counts


@lru_cache(maxsize=8192)
def _script_of(char: str) -> str:
    """The script of a letter; empty for all else, and for scripts that are not listed."""
    found = _ONE.match(char)
    return str(found.lastgroup) if found else ""


def _small_words(own: str) -> Reading:
    words = _WORD.findall(fold(own))
    known: Counter[str] = Counter()
    for word in set(words):
        known.update(WORDS.get(word, ()))
    return Reading("latin", len(set(words)), tuple(known.items()))


def could_be(text: str, language: str | None) -> bool:
    """Whether a text may be in that language; true where nobody can tell, and for None."""
    return language is None or read_language(text).rules_out(frozenset({language})) is None
