"""Words with signs over what is not to be read (f**k), and words with inner letters changed about (fcuk)."""

import re
from collections.abc import Iterable, Iterator

from service.moderation.text.draft import CASED, Draft, Edit
from service.moderation.text.vocabulary import rank_of

MASK = "*"
_MASKED = re.compile(rf"(?<![\w*#%@])[{CASED}]+(?:[*#%@$!&^]+[{CASED}]*)+")
_HIDES = re.compile(
    rf"[{CASED}]{{1,2}}#[{CASED}]{{1,6}}$|[{CASED}]{{1,3}}[*#%]{{2,}}$"
    rf"|[{CASED}]+(?:(?:\*|%|(?!(?:!+|&+|@+|\$+|\^+)[{CASED}])[*#%@$!&^]{{2,}})[{CASED}]+)+\*?(?![{CASED}])"
)
_GENDERED = re.compile(rf"[{CASED}]{{3,}}\*(?:innen|in|n|r|s|m|e|er|en|x|as|os)")
"""A star for all genders, as German writes it."""

_SHORTEST_MASKED = 4
_COMMON = 3_000
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_SWAPPED = 4
_SIGNS = re.compile("[#%@$!&^]")


def unify_masks(draft: Draft) -> list[Edit]:
    """An edit for each masked word: whatever sign hides its letters becomes `*`."""
    return list(_unified(draft.text))


def _unified(text: str) -> Iterator[Edit]:
    if not any(sign in text for sign in "*#%@$&^"):
        return
    for match in _MASKED.finditer(text):
        word = _masked_word(match[0])
        if word:
            replacement = _SIGNS.sub(MASK, word)
            yield Edit(match.start(), match.start() + len(word), replacement, range(len(word)))


def _masked_word(run: str) -> str | None:
    """The run without a footnote's star; None where it hides nothing (c#, 20%, a*b, *emphasis*)."""
    match = _HIDES.match(run)
    if match is None or _GENDERED.fullmatch(run):
        return None
    word = match[0]
    return word if len(word) >= _SHORTEST_MASKED or _is_short_word(word) else None


def _is_short_word(word: str) -> bool:
    """s*x, but neither a*b nor x*y: some common word must fit."""
    if len(word) != 3 or word[1] != MASK:
        return False
    readings = (f"{word[0]}{letter}{word[2]}" for letter in "aeiou")
    return any((rank_of(reading) or _COMMON) < _COMMON for reading in readings)


def mask_matches(masked: str, words: Iterable[str]) -> tuple[str, ...]:
    """Those of the folded words that may hide behind a masked one, in their order; `*` is one letter.

    >>> mask_matches("f**k", ["fork", "flaking", "Fred", "folk", "fk"])
    ('fork', 'folk')
    """
    if MASK not in masked or not masked.strip(MASK):
        return ()
    pattern = re.compile(
        "".join(
            rf"[^\W\d_]{{{len(run)}}}" if run[0] == MASK else re.escape(run)
            for run in re.findall(r"\*+|[^*]+", masked)
        )
    )
    return tuple(word for word in words if pattern.fullmatch(word))


def swap_key(word: str) -> str:
    """The same for words whose inner letters changed places: first letter, inner ones sorted, last letter.

    Words of fewer than four letters have no two inner letters and are their own key.

    >>> swap_key("fcuk") == swap_key("fuck")
    True
    """
    if len(word) < _SHORTEST_SWAPPED or not _LETTERS.fullmatch(word):
        return word
    return f"{word[0]}{''.join(sorted(word[1:-1]))}{word[-1]}"
