"""Ordinary words, by how common they are: what tells a repaired word from one that was broken by repair."""

import math
from functools import lru_cache
from importlib.resources import files

_LONGEST_WORD = 20
_MOST_LETTERS = 120
"""A longer run of letters is not parted: it is no text, and the work is in proportion to its length."""

_UNKNOWN = 1e9
_SINGLE_LETTERS = {"a": 4.0, "i": 4.0, "u": 5.0, "r": 6.0}
_DEAREST = 3.0
"""For each letter of a run, in natural logarithms of ranks: what costs more is parted into crumbs."""


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    """The list that comes with the program, read once: 1 is the commonest word."""
    content = files(__package__).joinpath("vocabulary.txt").read_text(encoding="utf-8")
    lines = (line for line in content.splitlines() if not line.startswith("#"))
    return {word: rank for rank, word in enumerate(" ".join(lines).split(), start=1)}


def rank_of(word: str) -> int | None:
    """How common a folded word is, 1 the commonest; None for one that is not listed.

    >>> rank_of("the") < rank_of("newspaper")
    True
    """
    return _ranks().get(word)


def is_known(word: str) -> bool:
    """Whether the folded word is listed."""
    return word in _ranks()


def part_words(letters: str) -> list[int]:
    """Where in a run of letters its words begin, 0 first; [0] alone where it cannot be parted into words.

    >>> part_words("pleasecall")
    [0, 6]
    """
    if is_known(letters) or len(letters) > _MOST_LETTERS:
        return [0]
    costs, begins = [0.0], [0]
    for end in range(1, len(letters) + 1):
        cost, begin = min(
            (costs[begin] + _cost(letters[begin:end]), begin)
            for begin in range(max(0, end - _LONGEST_WORD), end)
        )
        costs.append(cost)
        begins.append(begin)
    if costs[-1] > _DEAREST * len(letters):
        return [0]
    return _traced(begins)


def _cost(word: str) -> float:
    if len(word) == 1:
        return _SINGLE_LETTERS.get(word, _UNKNOWN)
    rank = rank_of(word)
    return _UNKNOWN if rank is None else 3.0 + math.log(rank)


def _traced(begins: list[int]) -> list[int]:
    found: list[int] = []
    at = len(begins) - 1
    while at:
        at = begins[at]
        found.append(at)
    return found[::-1]
