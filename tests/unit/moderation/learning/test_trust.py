"""One person's labels weigh no more than all others' together, beyond a start of 300."""

from service.moderation.learning.training import Table
from service.moderation.learning.trust import ALONE_COUNTS, weigh
from tests.unit.moderation.learning.labels import examples


def weight_of(moderator: int, counts: dict[int, int]) -> float:
    labels = [
        one
        for at, (who, count) in enumerate(counts.items())
        for one in examples(count, start=at * 5000, moderator=who)
    ]
    trust = weigh(labels, Table.of(labels))
    return sum(
        weight for weight, one in zip(trust.weights, labels, strict=True) if one.moderator == moderator
    )


def test_a_moderator_alone_counts_fully_up_to_three_hundred() -> None:
    assert weight_of(1, {1: ALONE_COUNTS}) == ALONE_COUNTS


def test_a_moderator_alone_counts_no_more_than_that() -> None:
    assert round(weight_of(1, {1: 900})) == ALONE_COUNTS


def test_with_others_a_moderator_counts_as_much_as_they_do_together() -> None:
    assert round(weight_of(1, {1: 900, 2: 250, 3: 250})) == 500


def test_whoever_is_busy_among_busy_ones_counts_fully() -> None:
    assert weight_of(1, {1: 400, 2: 250, 3: 250}) == 400
