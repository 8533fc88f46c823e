"""How well scores agree with what people said: AUC, log-loss, and whether two of them contradict."""

import math
from collections.abc import Sequence

from service.moderation.learning.correction import probability

SURE_Z = 2.33
"""Standard errors: one in a hundred goes so far by chance."""

FEWEST_OF_EACH = 5


def auc(
    scores: Sequence[float], labels: Sequence[bool], weights: Sequence[float] | None = None
) -> float | None:
    """The share of pairs (one labelled True, one False) that the scores order right, ties half.

    With weights each pair counts by the product of its two. None where one of the labels is missing.
    """
    weights = weights or [1.0] * len(scores)
    order = sorted(range(len(scores)), key=scores.__getitem__)
    below = right = positive = 0.0
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        tied = order[at:end]
        up = sum(weights[one] for one in tied if labels[one])
        down = sum(weights[one] for one in tied if not labels[one])
        right += up * (below + down / 2)
        below, positive, at = below + down, positive + up, end
    return right / (below * positive) if below > 0 and positive > 0 else None


def log_loss(log_odds: Sequence[float], labels: Sequence[bool], weights: Sequence[float]) -> float:
    """The mean surprise in nats; 0 for no examples."""
    total = sum(weights)
    lost = sum(
        -math.log(max(probability(odds if label else -odds), 1e-9)) * weight
        for odds, label, weight in zip(log_odds, labels, weights, strict=True)
    )
    return lost / total if total else 0.0


def leaning(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """How many standard errors the scores lie with the labels (above 0) or against them (Mann-Whitney).

    None where fewer than five of either label say nothing.
    """
    up = sum(labels)
    down = len(labels) - up
    if min(up, down) < FEWEST_OF_EACH:
        return None
    ranked = auc(scores, labels)
    if ranked is None:
        return None
    return (ranked - 0.5) / math.sqrt((up + down + 1) / (12 * up * down))


def contradicts(scores: Sequence[float], labels: Sequence[bool]) -> bool:
    """Whether the labels say the opposite of the scores, and hardly by chance."""
    found = leaning(scores, labels)
    return found is not None and found < -SURE_Z


def supports(scores: Sequence[float], labels: Sequence[bool]) -> bool:
    """Whether the labels say the same as the scores, and hardly by chance."""
    found = leaning(scores, labels)
    return found is not None and found > SURE_Z
