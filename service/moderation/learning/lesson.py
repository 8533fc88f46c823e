"""One lesson: what a site's labels teach about one model, and whether that is better than the model as it is.

Each example is judged by what the other parts taught (cross-fitting), so nothing is judged by what it taught
itself. A correction that is not better there is not used: the shipped model stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.moderation.learning.agreement import auc, log_loss, supports
from service.moderation.learning.calibration import recalibrated
from service.moderation.learning.correction import Correction, Task
from service.moderation.learning.example import PARTS, Example
from service.moderation.learning.training import Fitted, Table, fit
from service.moderation.learning.trust import Trust, weigh

FEWEST_LABELS = 50
FEWEST_OF_EACH = 12
LEAST_GAIN = 0.01
"""Of AUC; less is what chance gives."""

Outcome = Literal["better", "too_few", "not_better", "not_trusted"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of it.

    Attributes:
        outcome: `better`: there is a correction; otherwise the shipped model stands, and this is why.
        correction: to be used, or None.
        judged: log-odds of each example by what it did not teach: by corrections where there is one, else
            by the shipped model.
        labels: how many labels counted, and how many of them were spam (abuse).
        auc_shipped, auc_corrected: on the parts that were held out; None where there are too few.
        ignored: moderators whose labels contradict.
    """

    outcome: Outcome
    correction: Correction | None
    judged: tuple[float, ...]
    labels: tuple[int, int]
    auc_shipped: float | None
    auc_corrected: float | None
    ignored: tuple[int, ...]


def teach(task: Task, version: int, examples: Sequence[Example]) -> Lesson:
    """Learn from the examples, oldest decision first; a correction that comes of it gets `version`."""
    table = Table.of(examples)
    trust = weigh(examples, table)
    counted = [row for row, weight in enumerate(trust.weights) if weight > 0]
    positive = sum(table.labels[row] for row in counted)
    if len(counted) < FEWEST_LABELS or min(positive, len(counted) - positive) < FEWEST_OF_EACH:
        outcome: Outcome = "not_trusted" if trust.ignored else "too_few"
        return _as_shipped(outcome, table, trust, None, None)
    if _turns_the_model_round(examples, table, trust):
        return _as_shipped("not_trusted", table, trust, None, None)
    return _tried(task, version, table, [one.part for one in examples], trust)


def _turns_the_model_round(examples: Sequence[Example], table: Table, trust: Trust) -> bool:
    """Whether the labels lean against the shipped model, be it by chance, and fewer than three people say so.

    Inverted labels about comments that the model hardly tells apart contradict it too little to be noticed
    one person at a time.
    """
    people = {one.moderator for one, weight in zip(examples, trust.weights, strict=True) if weight > 0}
    against = auc(table.shipped, table.labels, trust.weights)
    return len(people) < 3 and against is not None and against < 0.5


def _tried(task: Task, version: int, table: Table, parts: Sequence[int], trust: Trust) -> Lesson:
    weights = trust.weights
    held_out = _cross_fitted(table, parts, weights)
    slope, shift = recalibrated(held_out, table.labels, weights)
    judged = [slope * odds + shift for odds in held_out]
    before, after = auc(table.shipped, table.labels, weights), auc(judged, table.labels, weights)
    if before is None or after is None or not _is_better(table, judged, weights, before, after):
        return _as_shipped("not_better", table, trust, before, after)
    fitted = fit(table, range(len(parts)), weights)
    correction = _correction(task, version, table, fitted, slope, shift)
    return Lesson("better", correction, tuple(judged), _counts(table, trust), before, after, trust.ignored)


def _cross_fitted(table: Table, parts: Sequence[int], weights: Sequence[float]) -> list[float]:
    judged = [0.0] * len(parts)
    for part in range(PARTS):
        taught = fit(table, [row for row, own in enumerate(parts) if own != part], weights)
        for row, own in enumerate(parts):
            if own == part:
                judged[row] = table.log_odds(row, taught)
    return judged


def _is_better(
    table: Table, judged: Sequence[float], weights: Sequence[float], before: float, after: float
) -> bool:
    """In order and in surprise, and surely better than tossing a coin.

    The shipped model is calibrated to the site first, or it would lose unfairly.
    """
    slope, shift = recalibrated(table.shipped, table.labels, weights)
    shipped = [slope * odds + shift for odds in table.shipped]
    surprised = log_loss(judged, table.labels, weights)
    rows = [row for row, weight in enumerate(weights) if weight > 0]
    return (
        after >= before + LEAST_GAIN
        and surprised < log_loss(shipped, table.labels, weights)
        and supports([judged[row] for row in rows], [table.labels[row] for row in rows])
    )


def _correction(
    task: Task, version: int, table: Table, fitted: Fitted, slope: float, shift: float
) -> Correction:
    learned = {
        bucket: weight * slope for bucket, weight in zip(table.buckets, fitted.weights, strict=True) if weight
    }
    return Correction(task, version, fitted.scale * slope, fitted.bias * slope + shift, learned)


def _as_shipped(
    outcome: Outcome, table: Table, trust: Trust, before: float | None, after: float | None
) -> Lesson:
    return Lesson(outcome, None, table.shipped, _counts(table, trust), before, after, trust.ignored)


def _counts(table: Table, trust: Trust) -> tuple[int, int]:
    counted = [label for label, weight in zip(table.labels, trust.weights, strict=True) if weight > 0]
    return len(counted), sum(counted)
