"""How a text was disguised, counted by kind, and what stands in it that nobody can see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from service.domain.finding import Span


@dataclass(frozen=True, slots=True)
class Disguises:
    """Where each kind of disguise stands in the original, in order of the text.

    Attributes:
        zero_width: characters without width between letters that join without them.
        bidi: controls that turn the direction of writing.
        tag: tags and selectors that carry text which no one sees.
        mixed_script: words drawn with letters of other scripts.
        leet: words with digits and signs for letters.
        spaced_out: words whose letters stand apart.
        stretched: words with a letter drawn out.
        masked: words with a sign for what is not to be read.
    """

    zero_width: tuple[Span, ...] = ()
    bidi: tuple[Span, ...] = ()
    tag: tuple[Span, ...] = ()
    mixed_script: tuple[Span, ...] = ()
    leet: tuple[Span, ...] = ()
    spaced_out: tuple[Span, ...] = ()
    stretched: tuple[Span, ...] = ()
    masked: tuple[Span, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many there are of each kind that there is."""
        found = {each.name: len(getattr(self, each.name)) for each in fields(self)}
        return {name: count for name, count in found.items() if count}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What nobody sees, by kind."""

    zero_width: tuple[Span, ...] = ()
    bidi: tuple[Span, ...] = ()
    tag: tuple[Span, ...] = ()


_UNSEEN = re.compile(
    "(?P<zero_width>[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff\uffa0]+)"
    "|(?P<bidi>[\u200e\u200f\u202a-\u202e\u2066-\u2069]+)"
    "|(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)"
    "|(?P<tag>[\U000e0000-\U000e007f]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,})"
)
_JOINS = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff]")
"""Latin, Greek, Cyrillic: what has no width has no use between these letters."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OVERRIDES = "\u202d\u202e"
_SOFT_HYPHEN = "\u00ad"


def find_hidden(text: str) -> Hidden:
    """What cannot be seen and has no business where it stands; linear.

    Emoji, Persian, Indic scripts and flags need such characters; a newspaper's soft hyphens divide words
    by syllables; direction marks belong to texts in Arabic and Hebrew.
    """
    if text.isascii():
        return Hidden()
    found: dict[str, list[Span]] = {"zero_width": [], "bidi": [], "tag": []}
    goes_left = _RIGHT_TO_LEFT.search(text) is not None
    for kind, match in _matches(text):
        if _is_misplaced(kind, match, text, goes_left=goes_left):
            found[kind].append(Span(*match.span()))
    return Hidden(**{kind: tuple(spans) for kind, spans in found.items()})


def _matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for match in _UNSEEN.finditer(text):
        if match.lastgroup and match.lastgroup != "flag":
            yield match.lastgroup, match


def _is_misplaced(kind: str, match: re.Match[str], text: str, *, goes_left: bool) -> bool:
    if kind == "bidi":
        return not goes_left or any(char in _OVERRIDES for char in match[0])
    if kind == "tag":
        return True
    before, after = text[max(match.start() - 2, 0) : match.start()], text[match.end() : match.end() + 2]
    if not (before and after and _JOINS.match(before[-1]) and _JOINS.match(after[0])):
        return False
    return match[0] != _SOFT_HYPHEN or not (before + after).isalpha() or len(before + after) < 4
