"""Words, names and texts that nobody wrote: drawn from a seeded generator, as often as words are in life."""

import random
from collections.abc import Sequence
from itertools import accumulate

_FIRST = (
    "b",
    "br",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
)
_MIDDLE = ("a", "ai", "e", "ea", "i", "ie", "o", "ou", "u")
_LAST = ("", "ck", "l", "ld", "m", "n", "nd", "nt", "r", "rs", "s", "st", "t")


def zipf(count: int, exponent: float = 1.0) -> list[float]:
    """Cumulative weights of `count` things; the k-th is `k ** exponent` times rarer than the first."""
    return list(accumulate(1 / place**exponent for place in range(1, count + 1)))


class Writer:
    """Writes texts of 8 to 120 words and names; the same seed writes the same."""

    def __init__(self, chance: random.Random, vocabulary: int = 20_000) -> None:
        self._chance = chance
        self.words = _words(chance, vocabulary)
        self._weights = zipf(vocabulary)
        self._names = [word.title() for word in self.words[-4000:]]

    def text(self) -> str:
        """Some 35 words in sentences; characters of ASCII without control characters and backslashes."""
        length = 8 + int(self._chance.expovariate(1 / 27))
        words = self._chance.choices(self.words, cum_weights=self._weights, k=min(length, 120))
        for start in range(0, len(words), 12):
            words[start] = words[start].capitalize()
            last = min(start + 12, len(words)) - 1
            words[last] += "."
        return " ".join(words)

    def name(self, number: int) -> str:
        """The name of the author of that number; some share one, as in life."""
        names = self._names
        return f"{names[number * 7919 % 1500]} {names[number * 104_729 % len(names)]}"


def _words(chance: random.Random, count: int) -> Sequence[str]:
    """Different words, the short ones first: the common words of a language are short."""
    made: dict[str, None] = {}
    syllables = 1
    while len(made) < count:
        for _ in range(40 * 8**syllables):
            made["".join(_syllable(chance) for _ in range(syllables))] = None
        syllables += 1
    return list(made)[:count]


def _syllable(chance: random.Random) -> str:
    return chance.choice(_FIRST) + chance.choice(_MIDDLE) + chance.choice(_LAST)
