"""Words whose letters stand apart (v i a g r a, v.i.a.g.r.a, fu ck), and what merely looks so."""

import re
from collections.abc import Iterator
from itertools import pairwise

from service.moderation.language_words import WORDS as SMALL_WORDS
from service.moderation.text.draft import CASED, Draft, Edit
from service.moderation.text.leet import SIGNS, as_letters
from service.moderation.text.mixed_script import AS_LATIN
from service.moderation.text.vocabulary import is_known, part_words, rank_of

_ITEM = f"[{CASED}0-9@$!]"
_APART = r"[ .,\-_*·/~'|]{1,3}"
_RUN = re.compile(rf"(?<![^\W_])(?<![^\W_]'){_ITEM}(?:{_APART}{_ITEM}){{2,}}(?![^\W_])")
_LONGEST_PIECE = 8
_WORD = re.compile(r"[^\W\d_]+")
_PIECES = re.compile(r"(?<![^\W_])([^\W\d_]{1,8})([ .\-_])(?=([^\W\d_]{1,8})(?![^\W_]))")

_WORDS_BY_THEMSELVES = frozenset("aeiouyzwавикосуя")
"""Letters that are words in one language or another: е и в, e o a; a run of these alone is no disguise."""

_COMMON = 3_000
"""Three letters apart are a word only where the word is as common as this: u s a, x y z."""

_SHORTEST_JOINED = 4
_FEWEST = 3


def join_letters(draft: Draft) -> list[Edit]:
    """An edit for each run of single letters that reads as a word, or as several."""
    return [edit for match in _RUN.finditer(draft.text) for edit in _joined(draft, match)]


def join_pieces(draft: Draft) -> list[Edit]:
    """An edit for each two pieces that are no words, where they make one together (vi agra)."""
    unknown = {
        word for word in set(_WORD.findall(draft.text)) if len(word) <= _LONGEST_PIECE and not _is_word(word)
    }
    edits: list[Edit] = []
    ended = 0
    for match in _PIECES.finditer(draft.text) if unknown else ():
        first, second = match[1], match[3]
        whole = first + second
        if len(whole) < _SHORTEST_JOINED or match.start() < ended or not is_known(whole):
            continue
        if _are_pieces(first, match[2], second, unknown):
            ended = match.end(3)
            places = [*range(len(first)), *range(len(first) + 1, len(whole) + 1)]
            edits.append(Edit(match.start(), ended, whole, places))
    return edits


def _are_pieces(first: str, apart: str, second: str, unknown: set[str]) -> bool:
    """Both unknown; with a sign between them that no word holds, one of them (via.gra)."""
    count = (first in unknown) + (second in unknown)
    return first not in _WORDS_BY_THEMSELVES and (count == 2 or (count == 1 and apart in "._"))


def _joined(draft: Draft, match: re.Match[str]) -> Iterator[Edit]:
    """Where the original has wider gaps between some letters, words end there."""
    places = [at for at in range(*match.span()) if _is_item(draft.text[at])]
    for group in _parted_by_gaps(draft, places):
        if len(group) < _FEWEST:
            continue
        word = _without_numbers(draft, group)
        if not _is_acronym(draft, word) and _reads_as_word(draft, word):
            yield _edit(draft, word)


def _is_item(char: str) -> bool:
    return char.isalnum() or char in SIGNS


def _letters(draft: Draft, places: list[int]) -> str:
    """As they are; among Latin letters those that look like some are taken for them."""
    letters = "".join(draft.text[place] for place in places)
    if letters.isascii() or not any("a" <= letter <= "z" for letter in letters):
        return letters
    return "".join(AS_LATIN.get(letter, letter) for letter in letters)


def _is_word(piece: str) -> bool:
    return is_known(piece) or piece in SMALL_WORDS


def _without_numbers(draft: Draft, places: list[int]) -> list[int]:
    """2 c a l l: the number counts; 0 r a l: it is a letter."""
    if is_known(as_letters(_letters(draft, places))):
        return places
    letters = [at for at, place in enumerate(places) if draft.text[place].isalpha()]
    return places[letters[0] : letters[-1] + 1] if letters else []


def _is_acronym(draft: Draft, places: list[int]) -> bool:
    """Capitals with a full stop behind each, a few or of no listed word: U.S.A., J. R. R."""
    gaps = [draft.text[place + 1 : after] for place, after in pairwise(places)]
    if not gaps or not all(gap.startswith(".") for gap in gaps):
        return False
    letters = as_letters(_letters(draft, places))
    is_upper = draft.drawn(places[0], places[-1] + 1).isupper()
    return is_upper and (len(letters) < _SHORTEST_JOINED or not is_known(letters))


def _parted_by_gaps(draft: Draft, places: list[int]) -> list[list[int]]:
    """Where a gap is not like the one before it (wider, another sign), a word ends."""
    groups = [[places[0]]]
    usual: tuple[str, int] | None = None
    for place, after in pairwise(places):
        gap = (draft.text[place + 1 : after], draft.width(place + 1, after))
        if usual not in (None, gap):
            groups.append([])
            usual = None
        else:
            usual = gap
        groups[-1].append(after)
    return groups


def _reads_as_word(draft: Draft, places: list[int]) -> bool:
    letters = _letters(draft, places)
    if len(letters) < _FEWEST or sum(map(str.isalpha, letters)) * 2 < len(letters):
        return False
    steps = {ord(later) - ord(letter) for letter, later in pairwise(letters)}
    if steps in ({1}, {0}) or _WORDS_BY_THEMSELVES.issuperset(letters):
        return False
    read = as_letters(letters)
    if len(letters) == 3:
        return (rank_of(read) or _COMMON) < _COMMON
    return letters.isalpha() or is_known(read) or len(part_words(read)) > 1


def _edit(draft: Draft, places: list[int]) -> Edit:
    """The letters without what parts them; a space stays where a word ends."""
    start, end = places[0], places[-1] + 1
    letters = _letters(draft, places)
    begins = set(part_words(as_letters(letters))) - {0}
    pieces: list[str] = []
    origins: list[int] = []
    for number, (letter, place) in enumerate(zip(letters, places, strict=True)):
        if number in begins:
            pieces.append(" ")
            origins.append(place - 1 - start)
        pieces.append(letter)
        origins.append(place - start)
    return Edit(start, end, "".join(pieces), origins)
