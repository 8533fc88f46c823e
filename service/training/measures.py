"""How good a ranking and a threshold are: area under the curve, recall, precision, what is left to people."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores of the comments that are fine and of those that are not, each sorted upwards."""

    fine: tuple[float, ...]
    bad: tuple[float, ...]

    @classmethod
    def of(cls, scores: Sequence[float], labels: Sequence[bool]) -> "Measured":
        """From scores and whether each comment is bad; as many."""
        pairs = list(zip(scores, labels, strict=True))
        return cls(
            tuple(sorted(score for score, is_bad in pairs if not is_bad)),
            tuple(sorted(score for score, is_bad in pairs if is_bad)),
        )

    def auc(self) -> float | None:
        """How often a bad comment scores above a fine one, ties as half (Mann and Whitney 1947)."""
        if not self.fine or not self.bad:
            return None
        above = sum(bisect_right(self.fine, score) + _below(self.fine, score) for score in self.bad)
        return above / (2 * len(self.fine) * len(self.bad))

    def recall(self, threshold: float) -> float | None:
        """Share of the bad at or above the threshold."""
        return _share_from(self.bad, threshold)

    def false_positive_rate(self, threshold: float) -> float | None:
        """Share of the fine at or above the threshold."""
        return _share_from(self.fine, threshold)

    def precision(self, threshold: float) -> float | None:
        """Share of the bad among all at or above the threshold."""
        bad = len(self.bad) - _below(self.bad, threshold)
        fine = len(self.fine) - _below(self.fine, threshold)
        return bad / (bad + fine) if bad + fine else None

    def threshold_at(self, false_positive_rate: float) -> float | None:
        """The lowest threshold that at most this share of the fine reach."""
        if not self.fine:
            return None
        allowed = math.floor(false_positive_rate * len(self.fine) + 1e-9)
        return math.nextafter(self.fine[-1 - allowed], math.inf)

    def recall_at(self, false_positive_rate: float) -> float | None:
        """Share of the bad that are found while at most this share of the fine is held."""
        threshold = self.threshold_at(false_positive_rate)
        return None if threshold is None else self.recall(threshold)

    def publishable(self, promise: float, base_rate: float) -> tuple[float, float] | None:
        """The highest threshold below which, at a base rate of bad ones, the promised share is fine.

        Returns the threshold and the share of all comments below it; None without both kinds.
        """
        if not self.fine or not self.bad:
            return None
        best = (-math.inf, 0.0)
        for threshold in sorted({*self.fine, *self.bad, math.inf}):
            fine = (1 - base_rate) * _below(self.fine, threshold) / len(self.fine)
            bad = base_rate * _below(self.bad, threshold) / len(self.bad)
            if fine + bad > best[1] and fine >= promise * (fine + bad):
                best = (threshold, fine + bad)
        return best

    def kept(self, threshold: float, base_rate: float) -> tuple[float, float | None]:
        """At a base rate: the share of comments below the threshold, and how many of those are fine."""
        if not self.fine or not self.bad:
            return 0.0, None
        fine = (1 - base_rate) * _below(self.fine, threshold) / len(self.fine)
        bad = base_rate * _below(self.bad, threshold) / len(self.bad)
        return fine + bad, (fine / (fine + bad) if fine + bad else None)


def _below(scores: Sequence[float], threshold: float) -> int:
    return bisect_left(scores, threshold)


def _share_from(scores: Sequence[float], threshold: float) -> float | None:
    return (len(scores) - _below(scores, threshold)) / len(scores) if scores else None
