"""Whether one sample tends to be larger than another (H. B. Mann and D. R. Whitney, 1947)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two samples: how many values each has, their medians, and how likely such a difference is by chance."""

    sizes: tuple[int, int]
    medians: tuple[float, float]
    p: float

    @property
    def difference(self) -> float:
        """Of the medians, without its sign."""
        return abs(self.medians[0] - self.medians[1])


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """The two-sided test by the normal approximation with ties corrected; for samples of twenty or more."""
    sizes = (len(first), len(second))
    return Comparison(sizes, (median(first), median(second)), _p(first, second))


def _p(first: Sequence[float], second: Sequence[float]) -> float:
    count, other = len(first), len(second)
    everything = count + other
    rank_sum, ties, before = 0.0, 0, 0
    ordered = sorted([(value, True) for value in first] + [(value, False) for value in second])
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        is_first = [of_first for _, of_first in group]
        tied = len(is_first)
        rank_sum += sum(is_first) * (before + (tied + 1) / 2)
        ties += tied**3 - tied
        before += tied
    u = rank_sum - count * (count + 1) / 2
    variance = count * other / 12 * (everything + 1 - ties / (everything * (everything - 1)))
    if variance <= 0:  # every value is the same
        return 1.0
    distance = max(0.0, abs(u - count * other / 2) - 0.5)
    return math.erfc(distance / math.sqrt(variance) / math.sqrt(2))
