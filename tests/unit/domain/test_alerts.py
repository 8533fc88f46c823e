"""An alert begins above its threshold, ends well below it, and is not there twice."""

import pytest
from pydantic import ValidationError

from service.domain.alerts import AlertPolicy, Reading, changes, read_check, read_level

F, A = True, False  # no answer, an answer


@pytest.mark.parametrize(
    ("value", "begins", "ends"),
    [(0, False, True), (160, False, True), (161, False, False), (200, False, False), (201, True, False)],
)
def test_a_level_begins_above_its_threshold_and_ends_well_below(
    value: int, *, begins: bool, ends: bool
) -> None:
    found = read_level("queue_too_long", value, 200)
    assert (found.begins, found.ends) == (begins, ends)


@pytest.mark.parametrize(
    ("answers", "value", "begins", "ends"),
    [
        ([], 0, False, True),
        ([F], 1, False, False),
        ([F, F, A], 2, False, False),
        ([F, F, F], 3, True, False),
        ([F, F, F, F, A], 4, True, False),
        ([A, F, F, F], 0, False, False),
        ([A, A, F, F], 0, False, False),
        ([A, A, A, F], 0, False, True),
    ],
)
def test_a_check_is_down_after_so_many_failures_and_well_after_as_many_answers(
    answers: list[bool], value: int, *, begins: bool, ends: bool
) -> None:
    found = read_check("akismet", answers, 3)
    assert (found.value, found.begins, found.ends) == (value, begins, ends)


def reading(value: int, subject: str = "") -> Reading:
    return Reading("queue_too_long", subject, 10, value, begins=value > 10, ends=value <= 8)


def test_what_stands_is_not_raised_again_and_ends_once() -> None:
    key = ("queue_too_long", "")
    assert changes([reading(11)], {}) == ([reading(11)], [])
    assert changes([reading(99)], {key: "it"}) == ([], [])
    assert changes([reading(9)], {key: "it"}) == ([], [])
    assert changes([reading(8)], {key: "it"}) == ([], ["it"])
    assert changes([reading(8)], {}) == ([], [])


def test_what_nobody_wants_to_know_any_more_ends() -> None:
    assert changes([], {("queue_too_long", ""): "it"}) == ([], ["it"])


def test_two_checks_are_two_alerts() -> None:
    raised, _ = changes([reading(11, "links"), reading(12, "akismet")], {("queue_too_long", "links"): "it"})
    assert [one.subject for one in raised] == ["akismet"]


def test_nothing_is_on_by_itself() -> None:
    assert not AlertPolicy().is_any_on
    assert AlertPolicy(queue=1).is_any_on


@pytest.mark.parametrize(
    "thresholds", [{"queue": 0}, {"held_minutes": 0}, {"check_failures": 21}, {"mail": 1}]
)
def test_thresholds_out_of_bounds_are_refused(thresholds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        AlertPolicy.model_validate(thresholds)
