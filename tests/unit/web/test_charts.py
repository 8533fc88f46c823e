"""Bars lie in their chart, stand on each other, and are as high as what they tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.charts import BOTTOM, HEIGHT, LEFT, MOST_LABELS, TOP, WIDTH, nice_top, stacked

FLOOR = HEIGHT - BOTTOM


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (81, 200), (799, 800)]
)
def test_the_top_is_the_next_round_number_that_quarters(most: int, top: int) -> None:
    assert nice_top(most) == top


def test_parts_of_a_stack_stand_on_each_other() -> None:
    chart = stacked(
        [("Mon", {"published": 3, "held": 0, "spam": 1}), ("Tue", {"published": 0, "held": 0, "spam": 0})]
    )
    published, spam = chart.bars
    assert (published.kind, published.value, spam.kind, spam.value) == ("published", 3, "spam", 1)
    assert published.y + published.height == FLOOR
    assert spam.y + spam.height == pytest.approx(published.y)
    assert spam.y == TOP  # four of four
    assert published.height == pytest.approx(3 * spam.height, abs=0.3)
    assert (chart.lines[0].text, chart.lines[0].at) == ("0", FLOOR)
    assert [label.text for label in chart.labels] == ["Mon", "Tue"]


@given(st.lists(st.integers(0, 10**7), max_size=400))
def test_every_bar_lies_in_the_chart(values: list[int]) -> None:
    chart = stacked([(str(place), {"replied": value}) for place, value in enumerate(values)])
    for bar in chart.bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH + 0.2
        assert TOP - 0.1 <= bar.y <= bar.y + bar.height <= FLOOR + 0.2
    assert len(chart.bars) == sum(value > 0 for value in values)
    assert len(chart.labels) <= MOST_LABELS
