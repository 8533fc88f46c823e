"""How sure a share is that was counted: exact bounds of Clopper and Pearson (Biometrika 1934)."""

import math
from collections.abc import Callable

CONFIDENCE = 0.95
"""One-sided: of a hundred such bounds, ninety-five hold."""

_Z = 1.645
"""Of the normal distribution, for `CONFIDENCE`."""

_HALVINGS = 40


def lower_bound(good: float, of: float, confidence: float = CONFIDENCE) -> float:
    """The true share is hardly lower than this; 0 where nothing was counted.

    Counts need not be whole: weighted ones are given as their effective numbers.
    """
    if good <= 0:
        return 0.0
    return _root(lambda share: _beta(good, of - good + 1, share), 1 - confidence)


def shows(good: float, of: float, share: float, confidence: float = CONFIDENCE) -> bool:
    """Whether the lower bound is at least `share`; much cheaper than the bound."""
    return good > 0 and _beta(good, of - good + 1, share) <= 1 - confidence


def upper_bound(good: float, of: float, confidence: float = CONFIDENCE) -> float:
    """The true share is hardly higher than this; 1 where nothing was counted."""
    if good >= of:
        return 1.0
    return _root(lambda share: _beta(good + 1, of - good, share), confidence)


def fewest_for(promise: float, confidence: float = CONFIDENCE) -> int:
    """How many good ones in a row show at least that share: 149 for 0.98.

    Raises:
        ValueError: no number of them shows a share of 1.
    """
    if promise >= 1:
        raise ValueError(promise)
    return 1 if promise <= 0 else math.ceil(math.log(1 - confidence) / math.log(promise))


def enough_for(promise: float, right: float) -> int | None:
    """About how many show the promise where `right` of them are right; None: no number would do.

    From the bound of Wilson (1927), which has a closed form.
    """
    if right <= promise:
        return None
    return max(fewest_for(promise), math.ceil(_Z**2 * promise * (1 - promise) / (right - promise) ** 2))


def _root(rising: Callable[[float], float], level: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return low


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b): its continued fraction, DLMF 8.17.22."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return front / a / _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """1 + d1/(1 + d2/(1 + …)), from the inside out; 200 terms are more than counts up to 10,000 need."""
    value = 1.0
    for step in range(200, 0, -1):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        value = 1 + term / value
    return value
