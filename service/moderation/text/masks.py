"""Words with signs over what is not to be read (f**k), and words with inner letters changed about (fcuk)."""

import re
from collections.abc import Iterable, Iterator

from service.moderation.text.draft import Draft, Edit

MASK = "*"
_MASKED = re.compile(r"(?<![\w*#%])[^\W\d_]+(?:[*#%]+[^\W\d_]*)+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_SWAPPED = 4


def unify_masks(draft: Draft) -> list[Edit]:
    """An edit for each masked word: whatever sign hides its letters becomes `*`."""
    return list(_unified(draft.text))


def _unified(text: str) -> Iterator[Edit]:
    if not any(sign in text for sign in "*#%"):
        return
    for match in _MASKED.finditer(text):
        word = _masked_word(match[0])
        if word:
            replacement = re.sub("[#%]", MASK, word)
            yield Edit(match.start(), match.start() + len(word), replacement, range(len(word)))


def _masked_word(run: str) -> str | None:
    """The run without a footnote's star; None where it hides nothing (c#, 20%, a*b, *emphasis*)."""
    word = run if run[-1].isalpha() or run[-2:] in {"**", "##"} else run.rstrip("*#%")
    signs = sum(char in "*#%" for char in word)
    fewest = 2 if word[-1].isalpha() else 1
    return word if signs and len(word) - signs >= fewest and len(word) >= 4 else None


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
