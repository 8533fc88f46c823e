"""Whether promises are kept, by the sample of what was decided alone that people looked at."""

from dataclasses import dataclass
from typing import Literal

from service.moderation.learning.binomial import lower_bound, upper_bound

FEWEST = 20
"""Fewer answers neither raise an alarm nor end automation."""

SURE = 0.99
"""A promise counts as broken when the true share is lower, at this confidence: it is looked at often."""

State = Literal["unmeasured", "kept", "falling", "broken"]


@dataclass(frozen=True, slots=True)
class Watched:
    """One kind of decision.

    Attributes:
        state: `falling`: fewer were right than promised, which may be chance; `broken`: it hardly is.
        answered: how many people looked at.
        right: how many of these they would have made too.
        at_least, at_most: bounds of the true share.
    """

    state: State
    answered: int
    right: int
    at_least: float
    at_most: float


def watch(promise: float | None, answered: int, right: int) -> Watched:
    """Compare what people said with what was promised; no promise can be broken where none was made."""
    at_least, at_most = lower_bound(right, answered, SURE), upper_bound(right, answered, SURE)
    return Watched(_state(promise, answered, right, at_most), answered, right, at_least, at_most)


def _state(promise: float | None, answered: int, right: int, at_most: float) -> State:
    if promise is None or answered < FEWEST:
        return "unmeasured"
    if at_most < promise:
        return "broken"
    return "falling" if right < promise * answered else "kept"
