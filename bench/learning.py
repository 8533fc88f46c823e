"""What a site's own labels are worth: `python -m bench.learning [--labels 300] [--seeds 5] FILE.csv.gz …`.

Each file is a site that the model may never have seen. So many of its rows, drawn anew for each seed, are
what its moderators decided; the others are comments still to come. Printed, as JSON, for each file: AUC of
the model as it is and after the lesson (min, median, max over the seeds), what becomes of it with inverted
labels and with labels of two people of whom one inverts them, the promise of 98 in 100 at a stated share of
bad comments, and how long a lesson takes. `--model` names an artefact of `replydesk train` in place of the
one that ships: one trained without the file's source, where the shipped one has seen it.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from service.moderation.classifier.artefact import unpack
from service.moderation.classifier.model import Model, load_model, log_odds, model_from
from service.moderation.learning.agreement import auc
from service.moderation.learning.correction import Task, bounded, probability
from service.moderation.learning.example import Example, in_buckets, part_of
from service.moderation.learning.lesson import Lesson, teach
from service.moderation.learning.promise import Judged, Kept, keep
from service.moderation.text.seen import see
from service.moderation.text_view import fingerprint
from service.training.rows import Row, name_of, read_rows

MOST_UNSEEN = 1500
BASE_RATE = 0.05
PROMISE = 0.98
DECISIONS = 3000
"""So many decisions the promise may rest on, drawn at the base rate."""


@dataclass
class Texts:
    """The rows of one file as the model sees them, each looked at once."""

    model: Model
    rows: list[Row]
    looks: dict[int, tuple[tuple[tuple[int, float], ...], float]] = field(default_factory=dict)

    def example(self, at: int, moderator: int = 1, *, inverted: bool = False) -> Example:
        """A row as a person labels it."""
        row = self.rows[at]
        if at not in self.looks:
            seen = see(row.text[:5000])
            features = in_buckets(self.model.features(seen).values.items())
            self.looks[at] = features, bounded(log_odds(self.model.probability(seen)))
        features, odds = self.looks[at]
        return Example(features, odds, row.is_bad is not inverted, moderator, part_of(fingerprint(row.text)))


def scores(lesson: Lesson, among: Sequence[Example]) -> list[float]:
    """Log-odds after the lesson."""
    correction = lesson.correction
    return [correction.log_odds(one.shipped, one.features) if correction else one.shipped for one in among]


def measure(texts: Texts, labels: int, seeds: int, task: Task) -> dict[str, Any]:
    """Everything about one file."""
    found: dict[str, list[Any]] = {name: [] for name in ("shipped", "taught", "inverted", "one_of_two", "ms")}
    outcomes: list[str] = []
    promised: list[float] = []
    for seed in range(seeds):
        drawn, unseen = _parted(texts, labels, seed)
        said = [one.label for one in unseen]
        began = time.perf_counter()
        lesson = teach(task, 1, [texts.example(at) for at in drawn])
        found["ms"].append(1000 * (time.perf_counter() - began))
        outcomes.append(lesson.outcome)
        found["shipped"].append(auc([one.shipped for one in unseen], said))
        found["taught"].append(auc(scores(lesson, unseen), said))
        inverted = teach(task, 1, [texts.example(at, inverted=True) for at in drawn])
        found["inverted"].append(auc(scores(inverted, unseen), said))
        two = [texts.example(at, 1 + i % 2, inverted=i % 2 == 1) for i, at in enumerate(drawn)]
        found["one_of_two"].append(auc(scores(teach(task, 1, two), unseen), said))
        promised.append(_share(lesson, unseen, seed))
    return {
        "labels": labels,
        "auc": {name: _spread(values) for name, values in found.items() if name != "ms"},
        "outcomes": {one: outcomes.count(one) for one in sorted(set(outcomes))},
        "share_published_alone_at_98": _spread(promised),
        "lesson_ms": _spread(found["ms"], digits=0),
    }


def _parted(texts: Texts, labels: int, seed: int) -> tuple[list[int], list[Example]]:
    order = list(range(len(texts.rows)))
    random.Random(seed).shuffle(order)
    drawn, rest = order[:labels], order[labels : labels + MOST_UNSEEN]
    return drawn, [texts.example(at) for at in rest]


def _share(lesson: Lesson, unseen: Sequence[Example], seed: int) -> float:
    """What may be published alone when people have decided `DECISIONS` more, of which 5 in 100 are bad."""
    drawn = random.Random(seed)
    odds = scores(lesson, unseen)
    fine = [one for one, example in zip(odds, unseen, strict=True) if not example.label]
    bad = [one for one, example in zip(odds, unseen, strict=True) if example.label]
    picked = [drawn.random() < BASE_RATE for _ in range(DECISIONS)]
    judged = [Judged(probability(drawn.choice(bad if is_bad else fine)), not is_bad) for is_bad in picked]
    kept = keep(PROMISE, judged)
    return kept.share if isinstance(kept, Kept) else 0.0


def _spread(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    rounded: Callable[[float], float] = lambda value: round(value, digits)  # noqa: E731
    return {
        "min": rounded(min(values)),
        "median": rounded(statistics.median(values)),
        "max": rounded(max(values)),
    }


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--task", type=click.Choice(["spam", "abuse"]), required=True)
@click.option("--labels", type=click.IntRange(1), multiple=True, default=(300,), show_default=True)
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True)
@click.option("--model", "artefact", type=click.Path(exists=True, path_type=Path))
def main(
    files: tuple[Path, ...], task: Task, labels: tuple[int, ...], seeds: int, artefact: Path | None
) -> None:
    """Measure what labels of their own are worth to these sites."""
    model = model_from(unpack(artefact.read_bytes())) if artefact else load_model(task)
    for file in files:
        texts = Texts(model, read_rows(file))
        for count in labels:
            found = measure(texts, count, seeds, task)
            print(json.dumps({"file": name_of(file), "task": task} | found), flush=True)


if __name__ == "__main__":
    main()
