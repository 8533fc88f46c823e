"""A promise is made when the decisions bear it out, and is broken no more often than its confidence says."""

import math
import random

import pytest

from service.moderation.learning.binomial import (
    CONFIDENCE,
    enough_for,
    fewest_for,
    lower_bound,
    shows,
    upper_bound,
)
from service.moderation.learning.promise import Judged, Kept, Missing, keep, refutes


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [  # quantiles of the beta distribution
        (398, 400, 0.984345, 0.999111),
        (18, 20, 0.717381, 0.981935),
        (149, 149, 0.980095, 1.0),
        (0, 4, 0.0, 0.527129),
        (9700, 10_000, 0.967041, 0.972754),
    ],
)
def test_bounds_are_those_of_clopper_and_pearson(good: int, of: int, low: float, high: float) -> None:
    assert lower_bound(good, of) == pytest.approx(low, abs=2e-6)
    assert upper_bound(good, of) == pytest.approx(high, abs=2e-6)


def test_nothing_counted_says_nothing() -> None:
    assert (lower_bound(0, 0), upper_bound(0, 0), shows(0, 0, 0.5)) == (0.0, 1.0, False)


def test_149_right_ones_in_a_row_show_98_in_100_and_148_do_not() -> None:
    assert fewest_for(0.98) == 149
    assert isinstance(keep(0.98, [Judged(0.1, right=True)] * 149), Kept)
    assert keep(0.98, [Judged(0.1, right=True)] * 148) == Missing(0.98, 148, 14)
    assert keep(0.98, []) == Missing(0.98, 0, 149)


@pytest.mark.parametrize(
    ("right", "wrong", "risk", "expected"),
    [
        (80, 20, 0.1, True),
        (25, 4, 0.1, False),  # too few to show anything
        (97, 3, 0.1, False),  # perhaps 98
        (100, 0, 0.1, False),
        (80, 20, 0.6, False),  # all riskier than what would be published
        (0, 0, 0.1, False),
    ],
)
def test_a_promise_is_refuted_where_surely_fewer_are_right(
    right: int, wrong: int, risk: float, expected: bool
) -> None:
    judged = [Judged(risk, right=True)] * right + [Judged(risk, right=False)] * wrong
    assert refutes(0.98, judged, up_to=0.55) is expected


def test_those_drawn_count_for_the_others_when_a_promise_is_refuted() -> None:
    few_wrong = [Judged(0.1, right=True)] * 60 + [Judged(0.1, right=False, weight=50.0)] * 40
    assert refutes(0.98, few_wrong, up_to=0.55)


def test_a_promise_of_all_is_never_made() -> None:
    assert keep(1.0, [Judged(0.1, right=True)] * 5000) == Missing(1.0, 5000, None)


def test_no_number_of_decisions_would_do_where_too_few_are_right() -> None:
    coin = [Judged(at / 100, right=at % 2 == 0) for at in range(100)]
    assert keep(0.98, coin) == Missing(0.98, 100, None)
    assert enough_for(0.98, 0.97) is None


def test_the_loosest_threshold_that_the_decisions_bear_out_is_found() -> None:
    """Comments up to 0.5 are fine, those above are not: of all, half can be decided alone."""
    found = keep(0.98, [Judged(at / 1000, right=at < 500) for at in range(1000)])
    assert isinstance(found, Kept)
    assert (found.threshold, found.share, found.decisions, found.right) == (0.499, 0.5, 500, 1.0)
    assert found.at_least == pytest.approx(0.05 ** (1 / 500), abs=1e-6)


def test_comments_of_the_same_risk_are_decided_alike() -> None:
    found = keep(0.9, [Judged(0.2, right=True)] * 200 + [Judged(0.7, right=False)] * 200)
    assert isinstance(found, Kept)
    assert (found.threshold, found.share) == (0.2, 0.5)


def test_a_sample_stands_for_the_others_and_makes_nobody_surer() -> None:
    """Twenty that stand for fifty each say as much as twenty."""
    assert isinstance(keep(0.98, [Judged(0.1, right=True, weight=50.0)] * 20), Missing)
    few_wrong = [Judged(0.1, right=at % 10 != 0, weight=50.0) for at in range(200)]
    held = [Judged(0.1, right=True)] * 400
    assert isinstance(keep(0.95, few_wrong + held), Missing)


@pytest.mark.parametrize(("apart", "bad"), [(2.0, 0.05), (1.0, 0.1), (0.5, 0.03), (0.0, 0.021)])
def test_promises_are_broken_no_more_often_than_the_confidence_says(apart: float, bad: float) -> None:
    """Sites whose truth is known: scores of fine comments are N(0, 1), of others N(apart, 1)."""
    drawn = random.Random(5)
    broken = 0
    for _ in range(200):
        judged = [_judged(drawn, apart, bad) for _ in range(400)]
        found = keep(0.98, judged)
        broken += isinstance(found, Kept) and _truly_right(found.threshold, apart, bad) < 0.98
    assert broken / 200 <= 1 - CONFIDENCE + 2 * math.sqrt(0.05 * 0.95 / 200)


def _judged(drawn: random.Random, apart: float, bad: float) -> Judged:
    is_fine = drawn.random() >= bad
    return Judged(drawn.gauss(0 if is_fine else apart, 1), is_fine)


def _truly_right(threshold: float, apart: float, bad: float) -> float:
    fine, other = (1 - bad) * _below(threshold), bad * _below(threshold - apart)
    return fine / (fine + other)


def _below(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2
