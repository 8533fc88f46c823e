"""What a text is like beyond its words: length, capitals, addresses, disguises; each a feature by name."""

import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence

from service.moderation.text.seen import SeenText

_CAPITALS = re.compile(r"[A-Z]{2,}")
_DIGITS = re.compile(r"\d+")
_PICTOGRAM = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27bf]")
_SIGN = re.compile(r"[^\w\s]")

_LENGTHS = (10, 20, 40, 80, 160, 320, 640, 1280)
_FEWEST_LETTERS = 8
LINKS = ("url", "domain", "hidden_url")


def _step(value: float, steps: Sequence[float]) -> int:
    """How many of the steps a value is above."""
    return sum(value > step for step in steps)


def marks_of(seen: SeenText, words: Sequence[str]) -> Iterator[str]:
    """The names of all marks of a text."""
    yield from _of_letters(seen.original, words)
    yield from _of_entities(seen)
    for kind, count in _disguises(seen):
        if count:
            yield f"disguise:{kind}"


def _of_letters(text: str, words: Sequence[str]) -> Iterator[str]:
    length = max(len(text), 1)
    letters, capitals, signs, pictograms = _counted_ascii(text) if text.isascii() else _counted(text)
    digits = _DIGITS.findall(text)
    yield f"length:{_step(length, _LENGTHS)}"
    if letters > _FEWEST_LETTERS:
        yield f"capitals:{_step(capitals / letters, (0, 0.05, 0.1, 0.2, 0.4, 0.7))}"
    yield f"capital_words:{_step(len(_CAPITALS.findall(text)), (0, 1, 3, 8))}"
    yield f"exclamations:{_step(text.count('!'), (0, 1, 2, 4, 8))}"
    yield f"questions:{_step(text.count('?'), (0, 1, 3))}"
    yield f"digits:{_step(sum(map(len, digits)) / length, (0, 0.02, 0.05, 0.1, 0.2))}"
    yield f"number:{_step(max(map(len, digits), default=0), (0, 1, 2, 4, 6, 9))}"
    yield f"variety:{_step(len(set(words)) / max(len(words), 1), (0.4, 0.6, 0.8, 0.95))}"
    yield f"pictograms:{_step(pictograms, (0, 1, 3, 6))}"
    yield f"signs:{_step(signs / length, (0.01, 0.03, 0.06, 0.12, 0.25))}"
    yield f"lines:{_step(text.count(chr(10)), (0, 1, 3, 8))}"


def _counted(text: str) -> tuple[int, int, int, int]:
    """Letters, capitals, signs, pictograms."""
    letters, capitals = sum(map(str.isalpha, text)), sum(map(str.isupper, text))
    return letters, capitals, len(_SIGN.findall(text)), len(_PICTOGRAM.findall(text))


_NO_CAPITALS = string.ascii_uppercase.encode()
_NO_LETTERS = string.ascii_letters.encode()
_NO_SIGNS = string.punctuation.replace("_", "").encode() + bytes(
    point for point in range(128) if not chr(point).isspace() and not chr(point).isprintable()
)


def _counted_ascii(text: str) -> tuple[int, int, int, int]:
    """The same, by what is left without them: many times faster."""
    plain = text.encode()
    letters, capitals, signs = (
        len(plain) - len(plain.translate(None, those)) for those in (_NO_LETTERS, _NO_CAPITALS, _NO_SIGNS)
    )
    return letters, capitals, signs, 0


def _of_entities(seen: SeenText) -> Iterator[str]:
    counts = Counter(entity.kind for entity in seen.entities)
    if not counts:
        yield "entity:none"
    counts["link"] = sum(counts[kind] for kind in LINKS)
    for kind, count in counts.items():
        for least in (1, 2, 4):
            if count >= least:
                yield f"entity:{kind}:{least}"
    linked = sum(entity.span.end - entity.span.start for entity in seen.entities if entity.kind in LINKS)
    if linked:
        yield f"linked:{_step(linked / max(len(seen.original), 1), (0.1, 0.3, 0.6, 0.9))}"


def _disguises(seen: SeenText) -> Iterator[tuple[str, int]]:
    for kind in ("zero_width", "bidi", "tag", "mixed_script", "leet", "spaced_out", "stretched", "masked"):
        yield kind, len(getattr(seen.disguises, kind))
