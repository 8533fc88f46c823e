"""What is learned from: one comment as a model sees it, and what a person said about it."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from service.moderation.learning.correction import BUCKETS

PARTS = 5
"""Each example lies in one of so many parts, and is judged by what was learned from the others."""


@dataclass(frozen=True, slots=True)
class InBuckets:
    """(bucket, value) pairs in 12 bytes each: a long text has ten thousand, and a lesson many texts."""

    buckets: "array[int]"
    values: "array[float]"

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return zip(self.buckets, self.values, strict=True)


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled comment.

    Attributes:
        features: (bucket, value) pairs, each bucket once.
        shipped: log-odds of the shipped model.
        label: what a person said: True is spam (or abuse).
        moderator: who said so.
        part: 0 to `PARTS` - 1, see `part_of`.
    """

    features: Iterable[tuple[int, float]] = field(repr=False)
    shipped: float
    label: bool
    moderator: int
    part: int


def part_of(fingerprint: bytes) -> int:
    """The part in which a text lies for good: the same text, sent again, lies in the same one."""
    return int.from_bytes(hashlib.sha256(b"part" + fingerprint).digest()[:4], "big") % PARTS


def in_buckets(features: Iterable[tuple[int, float]]) -> InBuckets:
    """Features by bucket; the values of those that share one are added."""
    found: dict[int, float] = {}
    for at, value in features:
        found[at % BUCKETS] = found.get(at % BUCKETS, 0.0) + value
    return InBuckets(array("I", found.keys()), array("d", found.values()))
