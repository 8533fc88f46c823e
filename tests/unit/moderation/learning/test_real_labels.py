"""Real comments of sources that the shipped models never saw: taught they are better, fooled they are not."""

import csv
import gzip
import random
from functools import cache
from pathlib import Path

import pytest

from service.moderation.learning.agreement import auc
from service.moderation.learning.correction import Task
from service.moderation.learning.example import Example, part_of
from service.moderation.learning.lesson import Lesson, teach
from service.moderation.learning.shipped import ShippedModels
from service.moderation.text_view import fingerprint

DATA = Path(__file__).parents[4].parent / "shared" / "data" / "moderation"
LABELS, UNSEEN = 300, 400

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not DATA.is_dir(), reason="the data beside the project is absent"),
]

SITES: list[tuple[str, Task]] = [("gambling_id_alexis", "spam"), ("insults_train", "abuse")]


@cache
def _site(name: str, task: Task) -> list[Example]:
    """Some comments in an order of their own, as the model sees them, all labelled right by one person."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = [(row["text"], row["label"] == "1") for row in csv.DictReader(lines)]
    random.Random(2).shuffle(rows)
    shipped = ShippedModels()
    found = []
    for text, is_bad in rows[: LABELS + UNSEEN]:
        look = shipped.look(text[:5000])
        found.append(Example(look.features, look.log_odds[task], is_bad, 1, part_of(fingerprint(text))))
    return found


def _labels(name: str, task: Task, *, inverted_by: tuple[int, ...] = (), people: int = 1) -> list[Example]:
    """The labels of so many people, who take turns; some of them invert theirs."""
    labels = []
    for at, one in enumerate(_site(name, task)[:LABELS]):
        who = 1 + at % people
        said = one.label is not (who in inverted_by)
        labels.append(Example(one.features, one.shipped, said, who, one.part))
    return labels


def _auc(name: str, task: Task, lesson: Lesson | None) -> float:
    """On comments that nobody labelled."""
    unseen = _site(name, task)[LABELS:]
    correction = lesson.correction if lesson else None
    scores = [correction.log_odds(e.shipped, e.features) if correction else e.shipped for e in unseen]
    found = auc(scores, [one.label for one in unseen])
    assert found is not None
    return found


def test_a_site_that_the_model_never_saw_teaches_it() -> None:
    name, task = SITES[0]
    lesson = teach(task, 1, _labels(name, task))
    assert lesson.outcome == "better"
    assert _auc(name, task, lesson) >= _auc(name, task, None) + 0.08


@pytest.mark.parametrize(("name", "task"), SITES)
def test_fed_inverted_labels_by_its_moderator_the_model_stays_as_it_was(name: str, task: Task) -> None:
    lesson = teach(task, 1, _labels(name, task, inverted_by=(1,)))
    assert (lesson.correction, lesson.ignored) == (None, (1,))


@pytest.mark.parametrize(("name", "task"), SITES)
def test_fed_inverted_labels_by_one_of_two_it_learns_from_the_other(name: str, task: Task) -> None:
    lesson = teach(task, 1, _labels(name, task, inverted_by=(2,), people=2))
    assert lesson.ignored == (2,)
    assert _auc(name, task, lesson) >= _auc(name, task, None) - 0.005
