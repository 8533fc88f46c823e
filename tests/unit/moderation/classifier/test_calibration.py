"""A probability never falls while the sum behind it rises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moderation.classifier.calibration import UNIT, Calibration
from service.moderation.classifier.model import TASKS, load_model
from service.training.calibrate import points

LOGITS = st.floats(-50, 50)


@pytest.mark.parametrize("task", TASKS)
@given(one=LOGITS, other=LOGITS)
def test_the_shipped_calibrations_never_fall(task: str, one: float, other: float) -> None:
    calibration = load_model(task).calibration  # type: ignore[arg-type]
    low, high = sorted((one, other))
    assert 0 <= calibration.probability(low) <= calibration.probability(high) <= 1


@given(st.lists(st.tuples(st.floats(-8, 8), st.integers(0, 1), st.floats(0.1, 5)), min_size=60, max_size=90))
def test_points_of_any_rows_make_a_calibration(rows: list[tuple[float, int, float]]) -> None:
    found = points(*map(list, zip(*rows, strict=True)))
    if len(found) > 1:
        calibration = Calibration.from_points(found)
        assert list(calibration.probabilities) == sorted(calibration.probabilities)


def test_a_share_of_bad_ones_becomes_the_probability() -> None:
    logits = [-2.0] * 500 + [2.0] * 500
    labels = [0] * 450 + [1] * 50 + [0] * 100 + [1] * 400
    calibration = Calibration.from_points(points(logits, labels, [1.0] * 1000))
    assert calibration.probability(-2.0) == pytest.approx(0.1, abs=0.02)
    assert calibration.probability(2.0) == pytest.approx(0.8, abs=0.02)


def test_two_comments_that_a_model_tells_apart_get_two_probabilities() -> None:
    calibration = Calibration.from_points([[-UNIT, 100], [0, 5000], [UNIT, 9900]])
    steps = [calibration.probability(at / 7) for at in range(-40, 41)]
    assert steps == sorted(steps)
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize(
    "wrong",
    [[], [[0, 1]], [[0, 10], [0, 20]], [[0, 20], [5, 10]], [[0, 10], [5, UNIT + 1]], [[0, -1], [5, 10]]],
)
def test_points_that_fall_are_refused(wrong: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"calibration|probability"):
        Calibration.from_points(wrong)
