"""Learns a correction: logistic regression on top of the shipped log-odds, one example at a time.

AdaGrad (Duchi, Hazan, Singer, JMLR 2011) with an L2 penalty: no library, a second for a thousand examples.
"""

import math
import random
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.moderation.learning.correction import bounded, probability
from service.moderation.learning.example import Example

FEWEST_COMMENTS = 3
"""A feature of fewer comments is not learned: it would say something about these alone."""

MOST_FEATURES = 8_000
_STEPS = 2500
"""About so many looks at an example in one training: more examples are each looked at less often."""

_RATE, _SCALE_RATE, _PENALTY = 0.15, 0.1, 0.003
_SEED = 4


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned; `weights` has one number for each column of the table."""

    scale: float
    bias: float
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Table:
    """Examples with their features numbered from 0; `buckets` says which each column is."""

    buckets: tuple[int, ...]
    columns: tuple[Sequence[int], ...]
    values: tuple[Sequence[float], ...]
    shipped: tuple[float, ...]
    labels: tuple[bool, ...]

    @classmethod
    def of(cls, examples: Sequence[Example], fewest: int = FEWEST_COMMENTS) -> "Table":
        """The table of these examples, of the features that at least `fewest` of them have."""
        seen = Counter(bucket for example in examples for bucket, _ in example.features)
        kept = [bucket for bucket, times in seen.most_common(MOST_FEATURES) if times >= fewest]
        column = {bucket: at for at, bucket in enumerate(kept)}
        return cls(
            buckets=tuple(kept),
            columns=tuple(
                array("I", [column[b] for b, _ in one.features if b in column]) for one in examples
            ),
            values=tuple(array("d", [value for b, value in one.features if b in column]) for one in examples),
            shipped=tuple(bounded(one.shipped) for one in examples),
            labels=tuple(one.label for one in examples),
        )

    def log_odds(self, row: int, by: Fitted) -> float:
        """What `by` says about one example."""
        weights = by.weights
        own = sum(weights[at] * value for at, value in zip(self.columns[row], self.values[row], strict=True))
        return by.scale * self.shipped[row] + by.bias + own


def fit(table: Table, rows: Sequence[int], weights: Sequence[float]) -> Fitted:
    """Learn from those rows, each with its weight (`weights` has one for every row of the table).

    The same input gives the same output. It begins at the shipped model: no row, no correction.
    """
    rows = [row for row in rows if weights[row] > 0]
    learner = _Learner(len(table.buckets))
    order = list(rows)
    shuffled = random.Random(_SEED)  # noqa: S311  (an order, no secret)
    for _ in range(_rounds(len(rows))):
        shuffled.shuffle(order)
        for row in order:
            learner.learn(
                table.columns[row], table.values[row], table.shipped[row], table.labels[row], weights[row]
            )
    return Fitted(learner.scale, learner.bias, learner.weights)


def _rounds(examples: int) -> int:
    return max(2, min(6, round(_STEPS / max(examples, 1))))


class _Learner:
    """The state of AdaGrad: each number with the sum of the squares of its gradients."""

    __slots__ = ("_bias_squares", "_scale_squares", "_squares", "bias", "scale", "weights")

    def __init__(self, columns: int) -> None:
        self.weights = [0.0] * columns
        self._squares = [1e-3] * columns
        self.scale, self.bias = 1.0, 0.0
        self._scale_squares = self._bias_squares = 1.0

    def learn(
        self, columns: Sequence[int], values: Sequence[float], shipped: float, label: float, weight: float
    ) -> None:
        weights, squares = self.weights, self._squares
        log_odds = self.scale * shipped + self.bias
        for at, value in zip(columns, values, strict=True):
            log_odds += weights[at] * value
        error = (probability(log_odds) - label) * weight
        self._learn_frame(error, shipped)
        for at, value in zip(columns, values, strict=True):
            now = weights[at]
            slope = error * value + _PENALTY * now
            squares[at] += slope * slope
            weights[at] = now - _RATE * slope / math.sqrt(squares[at])

    def _learn_frame(self, error: float, shipped: float) -> None:
        """Scale and bias; the scale never turns: a shipped model may be mute here, never inverted."""
        slope = error * shipped
        self._scale_squares += slope * slope
        self.scale = max(0.0, self.scale - _SCALE_RATE * slope / math.sqrt(self._scale_squares))
        self._bias_squares += error * error
        self.bias -= _SCALE_RATE * error / math.sqrt(self._bias_squares)
