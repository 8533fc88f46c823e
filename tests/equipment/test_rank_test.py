"""The rank test says what the tables of the textbooks say."""

from random import Random

import pytest

from tests.equipment.rank_test import compare


def test_samples_of_one_kind_are_not_told_apart() -> None:
    random = Random(7)  # noqa: S311
    first, second = ([random.gauss(5, 1) for _ in range(2000)] for _ in range(2))
    assert compare(first, second).p > 0.001


def test_a_small_shift_of_large_samples_is_seen() -> None:
    random = Random(7)  # noqa: S311
    first = [random.gauss(5.0, 1) for _ in range(2000)]
    second = [random.gauss(5.3, 1) for _ in range(2000)]
    found = compare(first, second)
    assert found.p < 1e-6
    assert found.difference == pytest.approx(0.3, abs=0.1)
    assert compare(second, first).p == pytest.approx(found.p)


def test_a_known_case() -> None:
    # U = 23, n = 20 and 20 without ties: z = (200 - 23 - 0.5) / sqrt(20 * 20 * 41 / 12)
    first = [*range(19), 22.5]
    second = [18.5, *range(19, 38)]
    found = compare(first, second)
    u_first = sum(one > other for one in first for other in second)
    assert u_first == 5
    assert found.p == pytest.approx(1.39e-07, rel=0.05)


def test_ties_are_shared_and_equal_samples_are_equal() -> None:
    assert compare([1.0] * 20, [1.0] * 20).p == 1.0
    assert compare([1.0] * 20 + [2.0] * 20, [1.0] * 20 + [2.0] * 20).p == 1.0
