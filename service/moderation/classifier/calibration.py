"""From a model's raw sum to a probability, by points measured on sources that it was not trained on."""

import itertools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

UNIT = 10_000
"""Points are whole numbers: ten thousandths of a logit and of a probability."""

_FLOOR = 0.0005


@dataclass(frozen=True, slots=True)
class Calibration:
    """Straight lines between points; never falling.

    Attributes:
        logits: rising, in `UNIT`.
        probabilities: never falling, in `UNIT`; as many.
    """

    logits: tuple[int, ...]
    probabilities: tuple[int, ...]

    @classmethod
    def from_points(cls, points: Sequence[Sequence[int]]) -> "Calibration":
        """From pairs of logit and probability.

        Raises:
            ValueError: fewer than two points, or the lines would fall.
        """
        logits, probabilities = zip(*points, strict=True) if points else ((), ())
        rising = all(one < other for one, other in itertools.pairwise(logits))
        never_falling = list(probabilities) == sorted(probabilities)
        if len(points) < 2 or not rising or not never_falling or not min(probabilities) >= 0:
            raise ValueError("calibration points must rise")
        if max(probabilities) > UNIT:
            raise ValueError("a probability above one")
        return cls(tuple(logits), tuple(probabilities))

    def probability(self, logit: float) -> float:
        """Between 0 and 1; beyond the points it goes on rising, ever more slowly."""
        at = logit * UNIT
        place = bisect_right(self.logits, at)
        if place == 0:
            return self._beyond(self.probabilities[0] / UNIT, (at - self.logits[0]) / UNIT)
        if place == len(self.logits):
            return self._beyond(self.probabilities[-1] / UNIT, (at - self.logits[-1]) / UNIT)
        left, right = self.logits[place - 1], self.logits[place]
        low, high = self.probabilities[place - 1], self.probabilities[place]
        return (low + (high - low) * (at - left) / (right - left)) / UNIT

    @staticmethod
    def _beyond(edge: float, distance: float) -> float:
        """The logistic curve through the edge; what was not measured is never quite certain."""
        inside = min(max(edge, _FLOOR), 1 - _FLOOR)
        odds = math.log(inside / (1 - inside)) + min(max(distance, -30.0), 30.0)
        beyond = 1 / (1 + math.exp(-odds))
        return max(edge, beyond) if distance > 0 else min(edge, beyond)
