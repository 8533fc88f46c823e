"""A site's correction of a shipped model: weights over buckets of features, never over words."""

import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Task = Literal["spam", "abuse"]
TASKS: tuple[Task, ...] = ("spam", "abuse")

BUCKETS = 1 << 18
"""So few that each stands for a great many possible words: what is stored names none of them."""

MOST_SURE = 6.0
"""Log-odds; a shipped model that is surer than 0.9975 weighs no more than that."""

_PARTS_PER_UNIT = 1000
_ENTRY = struct.Struct("<Ih")  # bucket, weight in thousandths
_MOST_WEIGHT = 32.0


@dataclass(frozen=True, slots=True)
class Correction:
    """Log-odds after it = scale * shipped log-odds + bias + the weights of what the text has.

    Attributes:
        task: the model that is corrected.
        version: 1, 2, 3 … of this site and task.
        scale: how much the shipped model's opinion counts here.
        bias: log-odds added to every comment.
        weights: log-odds for one unit of a feature, by bucket.
    """

    task: Task
    version: int
    scale: float
    bias: float
    weights: Mapping[int, float] = field(repr=False)

    def log_odds(self, shipped: float, features: Iterable[tuple[int, float]]) -> float:
        """The corrected log-odds of a comment whose shipped ones are `shipped`; features are (id, value)."""
        known = self.weights
        own = sum(known[at % BUCKETS] * value for at, value in features if at % BUCKETS in known)
        return self.scale * bounded(shipped) + self.bias + own

    def weight(self, feature: int) -> float:
        """What one unit of a feature adds to the log-odds; 0 for one that was not learned."""
        return self.weights.get(feature % BUCKETS, 0.0)

    def weights_as_bytes(self) -> bytes:
        """The weights in order of their buckets, 6 bytes each."""
        return b"".join(
            _ENTRY.pack(bucket, _thousandths(weight)) for bucket, weight in sorted(self.weights.items())
        )


def weights_of_bytes(packed: bytes) -> dict[int, float]:
    """What `weights_as_bytes` wrote.

    Raises:
        struct.error: it is something else.
    """
    return {bucket: weight / _PARTS_PER_UNIT for bucket, weight in _ENTRY.iter_unpack(packed)}


def bounded(log_odds: float) -> float:
    """Log-odds within what any model may be sure of."""
    return max(-MOST_SURE, min(MOST_SURE, log_odds))


def probability(log_odds: float) -> float:
    """The probability of such log-odds; both ends are reached by none that are finite."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def log_odds_of(share: float) -> float:
    """The log-odds of a probability, bounded."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    return bounded(math.log(share / (1 - share)))


def _thousandths(weight: float) -> int:
    return round(max(-_MOST_WEIGHT, min(_MOST_WEIGHT, weight)) * _PARTS_PER_UNIT)
