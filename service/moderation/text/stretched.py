"""Letters drawn out (moooron), and laughter, which is spelt so."""

import re
from collections.abc import Iterator

from service.moderation.text.draft import Draft, Edit

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[^\W\d_]+")


def shorten(draft: Draft) -> list[Edit]:
    """An edit for each word with a letter three times in a row or more."""
    if not _DRAWN_OUT.search(draft.text):
        return []
    return list(_shortened(draft.text))


def _shortened(text: str) -> Iterator[Edit]:
    for match in _WORD.finditer(text):
        word = match[0]
        if not _DRAWN_OUT.search(word) or not _can_be_short(word):
            continue
        places = [at for at, char in enumerate(word) if not _is_drawn(word, at)]
        yield Edit(*match.span(), "".join(word[at] for at in places), places)


def _is_drawn(word: str, at: int) -> bool:
    """Whether this letter only repeats: one of three or more, and not the first of them."""
    char = word[at]
    if at == 0 or word[at - 1] != char:
        return False
    return word[at + 1 : at + 2] == char or word[max(at - 2, 0) : at] == char * 2


def _can_be_short(word: str) -> bool:
    """Of letters with case, and more than one of them: kkkkk and ㅋㅋㅋ are laughter, www and iii names."""
    return len(set(word)) > 1 and word.upper() != word
