"""Measures the models that the worker loads on labelled files."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from service.moderation.classifier.model import Model, Task
from service.moderation.learning.thresholds import CAUTIOUS
from service.moderation.text.seen import see
from service.training.measures import Measured
from service.training.rows import Row

BASE_RATE = 0.05
"""Of bad comments where a promise is measured; a newspaper's, roughly."""

PROMISE = 0.98
HELD_ABOVE: dict[Task, float] = {
    "spam": CAUTIOUS.spam_held_above,
    "abuse": CAUTIOUS.abuse_held_above,
}
"""What a site without decisions of its own compares the models' scores with."""

_FALSE_POSITIVES = 0.05


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows with what the model says about each, and how long that took."""

    rows: Sequence[Row]
    scores: Sequence[float]
    seconds: float

    def joined(self, other: "Scored") -> "Scored":
        """Both, one after the other."""
        return Scored([*self.rows, *other.rows], [*self.scores, *other.scores], self.seconds + other.seconds)

    def measured(self) -> Measured:
        """The scores by label."""
        return Measured.of(self.scores, [row.is_bad for row in self.rows])


def score_rows(model: Model, rows: Sequence[Row]) -> Scored:
    """The clock is the processor's and runs for the model alone: `see` is shared by all checks."""
    scores, seconds = [], 0.0
    for row in rows:
        seen = see(row.text)
        started = time.thread_time()
        scores.append(model.probability(seen))
        seconds += time.thread_time() - started
    return Scored(rows, scores, seconds)


def figures(scored: Scored, task: Task) -> dict[str, float | int | None]:
    """What `replydesk evaluate` says of a file; None where it cannot be said."""
    measured, count = scored.measured(), len(scored.rows)
    share, kept = promised(scored)
    held_above = HELD_ABOVE[task]
    return {
        "n": count,
        "auc": _rounded(measured.auc()),
        "precision": _rounded(measured.precision(held_above)),
        "recall": _rounded(measured.recall(held_above)),
        "fpr": _rounded(measured.false_positive_rate(held_above)),
        "recall_at_fpr_5": _rounded(measured.recall_at(_FALSE_POSITIVES)),
        "share_decided": _rounded(share),
        "us_per_comment": round(scored.seconds / count * 1e6, 1) if count else None,
        "promise_kept": _rounded(kept),
    }


def promised(scored: Scored, promise: float = PROMISE) -> tuple[float | None, float | None]:
    """Share that can be published alone, and how many of those were fine, both at `BASE_RATE`.

    The threshold is found on every other row and measured on the rest, and the other way round: what a
    site would find on its own decisions and meet on the next ones.
    """
    halves = [
        Measured.of(scored.scores[start::2], [row.is_bad for row in scored.rows[start::2]])
        for start in (0, 1)
    ]
    shares, kept = [], []
    for found_on, measured_on in (halves, halves[::-1]):
        found = found_on.publishable(promise, BASE_RATE)
        if found is None or measured_on.auc() is None:
            return None, None
        share, fine = measured_on.kept(found[0], BASE_RATE)
        shares.append(share)
        kept.append((share, fine or 0.0))
    total = sum(shares)
    return total / 2, (sum(share * fine for share, fine in kept) / total if total else None)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
