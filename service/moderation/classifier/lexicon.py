"""Words by what they mean, in several languages: what is learned of one of them holds for its neighbours."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from service.moderation.text_view import fold

WORD = re.compile(r"[^\W_]+(?:['*]+[^\W_]+)*[*]*|[\U0001F000-\U0001FAFF\u2600-\u27bf]")
"""A word, with an apostrophe or a mask inside it, or one pictogram."""

FILES = (("abuse.txt", "abuse"), ("spam.txt", "spam"))
_REPEATED = re.compile(r"(.)\1+")
_LONGEST_INNER = 5
_SHORTEST_SWAPPED = 5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words mean; a meaning is known by its place in `meanings` ("abuse.threat")."""

    meanings: tuple[str, ...]
    sha256: str
    words: dict[str, frozenset[int]] = field(repr=False)
    prefixes: dict[str, frozenset[int]] = field(repr=False)
    inner: dict[str, frozenset[int]] = field(repr=False)
    phrases: dict[str, frozenset[int]] = field(repr=False)
    phrase_sizes: dict[str, tuple[int, ...]] = field(repr=False)
    disguised: "dict[str, str]" = field(repr=False)
    by_first: dict[str, tuple[str, ...]] = field(repr=False)

    def meanings_of(self, word: str) -> frozenset[int]:
        """Of a folded word: by itself, by how it begins, and, in Korean, by what is inside of it."""
        found = set(self.words.get(word, ()))
        for end in range(2, len(word) + 1):
            found |= self.prefixes.get(word[:end], frozenset())
        if _is_korean(word[0]):
            for start in range(min(len(word), 20)):
                for end in range(start + 1, min(len(word), start + _LONGEST_INNER) + 1):
                    found |= self.inner.get(word[start:end], frozenset())
        return frozenset(found)

    def meant_by(self, word: str) -> str | None:
        """The listed word behind a masked, swapped or stretched one; None where it is none of them."""
        if "*" in word:
            return self._masked(word)
        if word in self.words or word in self.prefixes or not word.isalpha():
            return None
        return self.disguised.get(_REPEATED.sub(r"\1", word)) or self.disguised.get(swap_key(word))

    def phrase_at(self, words: list[str], at: int) -> frozenset[int]:
        """The meanings of the phrases that begin with `words[at]`."""
        found: frozenset[int] = frozenset()
        for size in self.phrase_sizes.get(words[at], ()):
            found |= self.phrases.get(" ".join(words[at : at + size]), frozenset())
        return found

    def _masked(self, word: str) -> str | None:
        fitting = (
            listed
            for listed in self.by_first.get(word[0], ())
            if len(listed) <= len(word)
            and (len(listed) == len(word) or listed in self.prefixes)
            and all(seen in ("*", meant) for seen, meant in zip(word, listed, strict=False))
        )
        return next((listed + word[len(listed) :].replace("*", "") for listed in fitting), None)


def swap_key(word: str) -> str:
    """The same for words whose inner letters changed places (stupid, sutpid)."""
    if len(word) < _SHORTEST_SWAPPED:
        return ""
    return f"{word[0]}{''.join(sorted(word[1:-1]))}{word[-1]}~"


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lists that come with the program, read once."""
    contents = [(task, files(__package__).joinpath("lexicon", name).read_bytes()) for name, task in FILES]
    entries = [entry for task, content in contents for entry in _entries(task, content.decode())]
    meanings = tuple(dict.fromkeys(meaning for meaning, _ in entries))
    numbered = [(meanings.index(meaning), entry) for meaning, entry in entries]
    phrases = _grouped((number, " ".join(parts)) for number, parts in _split(numbered) if len(parts) > 1)
    words = _grouped(
        (number, parts[0])
        for number, parts in _split((n, e) for n, e in numbered if not e.endswith("*"))
        if len(parts) == 1
    )
    prefixes = _grouped((n, fold(e[:-1])) for n, e in numbered if e.endswith("*") and " " not in e)
    return Lexicon(
        meanings=meanings,
        sha256=hashlib.sha256(b"".join(content for _, content in contents)).hexdigest(),
        words=words,
        prefixes=prefixes,
        inner=_grouped((n, fold(e.strip("+"))) for n, e in numbered if e.startswith("+")),
        phrases=phrases,
        phrase_sizes=_sizes(phrases),
        disguised=_disguised([*words, *prefixes]),
        by_first=_rude_by_first_letter(meanings, words, prefixes),
    )


def _entries(task: str, content: str) -> Iterator[tuple[str, str]]:
    """Meaning and entry, as they stand in the file."""
    meaning = ""
    for line in content.splitlines():
        if line.startswith("["):
            meaning = f"{task}.{line.strip('[]')}"
        elif line and not line.startswith("#"):
            for entry in line.partition(":")[2].split(","):
                if entry.strip():
                    yield meaning, entry.strip()


def _split(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for number, entry in numbered:
        if not entry.startswith("+"):
            yield number, WORD.findall(fold(entry.rstrip("*")))


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[str, frozenset[int]]:
    grouped: dict[str, set[int]] = {}
    for number, word in pairs:
        grouped.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in grouped.items()}


def _sizes(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """From the first word of phrases to how many words they have."""
    sizes: dict[str, set[int]] = {}
    for phrase in phrases:
        sizes.setdefault(phrase.partition(" ")[0], set()).add(phrase.count(" ") + 1)
    return {first: tuple(sorted(found)) for first, found in sizes.items()}


_TOO_COMMON = frozenset({"crepes", "causal", "casual", "filter"})
"""Words of their own that share their letters with a listed one."""


def _disguised(listed: list[str]) -> dict[str, str]:
    """From what stretching and swapping leave of a word to the word; a listed word is never another."""
    found: dict[str, str] = {}
    for word in listed:
        collapsed = _REPEATED.sub(r"\1", word)
        if len(collapsed) > 3 and collapsed not in _TOO_COMMON:
            found.setdefault(collapsed, word)
        if len(word) >= _SHORTEST_SWAPPED and word.isalpha():
            found.setdefault(swap_key(word), word)
    for word in _TOO_COMMON:
        found.pop(swap_key(word), None)
    return found


_RUDE = (
    "abuse.profanity",
    "abuse.slur_race",
    "abuse.slur_sex",
    "abuse.mind",
    "abuse.slur_ability",
    "abuse.sexual",
)
"""What people mask, likeliest first."""


def _rude_by_first_letter(
    meanings: tuple[str, ...], *groups: dict[str, frozenset[int]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for meaning in _RUDE:
        number = meanings.index(meaning)
        for group in groups:
            for word, numbers in group.items():
                if number in numbers and len(word) > 2:
                    found.setdefault(word[0], []).append(word)
    return {first: tuple(dict.fromkeys(words)) for first, words in found.items()}


def _is_korean(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" or "\u3131" <= char <= "\u318e"
