"""Measures against what they are by definition."""

import random

import pytest

from service.training.measures import Measured


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    draw = random.Random(5)  # noqa: S311
    scores = [round(draw.random(), 1) for _ in range(80)]
    labels = [draw.random() < 0.4 for _ in scores]
    fine = [score for score, is_bad in zip(scores, labels, strict=True) if not is_bad]
    bad = [score for score, is_bad in zip(scores, labels, strict=True) if is_bad]
    pairs = [(b > f) + (b == f) / 2 for b in bad for f in fine]
    assert Measured.of(scores, labels).auc() == pytest.approx(sum(pairs) / len(pairs))


def test_one_kind_alone_has_no_auc() -> None:
    assert Measured.of([0.1, 0.9], [True, True]).auc() is None


def test_recall_at_a_rate_of_false_positives() -> None:
    fine = [at / 100 for at in range(100)]
    bad = [0.5, 0.945, 0.955, 0.99]
    measured = Measured.of(fine + bad, [False] * 100 + [True] * 4)
    assert measured.false_positive_rate(measured.threshold_at(0.05) or 0) <= 0.05
    assert measured.recall_at(0.05) == 0.75


def test_a_promise_is_kept_at_its_base_rate() -> None:
    draw = random.Random(1)  # noqa: S311
    scores = [draw.gauss(0, 1) for _ in range(2000)] + [draw.gauss(2, 1) for _ in range(2000)]
    measured = Measured.of(scores, [False] * 2000 + [True] * 2000)
    found = measured.publishable(0.98, 0.05)
    assert found is not None
    share, fine = measured.kept(found[0], 0.05)
    assert share == pytest.approx(found[1])
    assert fine is not None
    assert 0.98 <= fine < 0.985
    assert 0.3 < share < 1


def test_where_nothing_can_be_promised_nothing_is_decided() -> None:
    measured = Measured.of([0.5] * 20, [False] * 10 + [True] * 10)
    assert measured.publishable(0.98, 0.05) == (float("-inf"), 0.0)
