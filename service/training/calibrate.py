"""Turns raw sums on sources that were held out into points of a calibration that never falls."""

from collections.abc import Sequence

from service.moderation.classifier.calibration import UNIT

_BINS = 24
_LEAST_RISE = 10
"""In `UNIT`; without it two comments that a model tells apart would get one probability."""


def points(logits: Sequence[float], labels: Sequence[int], weights: Sequence[float]) -> list[list[int]]:
    """Pairs of logit and probability, both in `UNIT`, rising.

    Bins of equal weight are pooled where they would fall (pool adjacent violators, Ayer et al. 1955).
    """
    pooled = _pooled(_bins(_by_logit(logits, labels, weights)))
    found: list[list[int]] = []
    for logit, share in pooled:
        at = round(logit * UNIT)
        probability = round(share * UNIT)
        if found:
            at = max(at, found[-1][0] + 1)
            probability = max(probability, found[-1][1] + _LEAST_RISE)
        found.append(
            [at, min(max(probability, _LEAST_RISE), UNIT - _LEAST_RISE * (len(pooled) - len(found)))]
        )
    return found


def _by_logit(
    logits: Sequence[float], labels: Sequence[int], weights: Sequence[float]
) -> list[tuple[float, float, float]]:
    """Each logit once, rising, with the weight of the bad ones and of all."""
    found: dict[float, tuple[float, float]] = {}
    for logit, label, weight in zip(logits, labels, weights, strict=True):
        bad, total = found.get(logit, (0.0, 0.0))
        found[logit] = (bad + label * weight, total + weight)
    return [(logit, *found[logit]) for logit in sorted(found)]


def _bins(rows: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Mean logit, share of the bad and weight of each bin."""
    total = sum(weight for _, _, weight in rows)
    bins: list[list[float]] = [[0.0, 0.0, 0.0]]
    for logit, bad, weight in rows:
        if bins[-1][2] >= total / _BINS and len(bins) < _BINS:
            bins.append([0.0, 0.0, 0.0])
        bins[-1][0] += logit * weight
        bins[-1][1] += bad
        bins[-1][2] += weight
    return [(logit / weight, bad / weight, weight) for logit, bad, weight in bins if weight]


def _pooled(bins: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Bins keep their logits; their shares never fall."""
    blocks: list[list[float]] = []
    for _, share, weight in bins:
        blocks.append([share, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, before = blocks.pop(), blocks[-1]
            before[0] = (before[0] * before[1] + last[0] * last[1]) / (before[1] + last[1])
            before[1] += last[1]
            before[2] += last[2]
    shares = [share for share, _, count in blocks for _ in range(int(count))]
    return [(logit, share) for (logit, _, _), share in zip(bins, shares, strict=True)]
