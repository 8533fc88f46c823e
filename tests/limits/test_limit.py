"""How a limit is written and halved."""

import pytest

from service.limits.limit import Limit, parse_limit


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("30/60", Limit(30, 60)),
        (" 6000/60 ", Limit(6000, 60)),
        ("1/1", Limit(1, 1)),
        ("999999/1", Limit(999_999, 1)),
        ("off", None),
        ("OFF", None),
    ],
)
def test_a_limit_is_count_and_seconds_or_off(written: str, limit: Limit | None) -> None:
    assert parse_limit(written) == limit


@pytest.mark.parametrize(
    "written",
    ["", "30", "30/", "/60", "0/60", "30/0", "-1/60", "1.5/60", "30/60/1", "30 / 60", "٣/60", "1000000/1",
     "on", "1/100000", "030/60"],
)  # fmt: skip
def test_anything_else_is_no_limit_rather_than_none(written: str) -> None:
    with pytest.raises(ValueError, match="count/seconds"):
        parse_limit(written)


@pytest.mark.parametrize("limit", [Limit(1, 60), Limit(2, 60), Limit(7, 60), Limit(999_999, 1)])
def test_half_is_never_more_than_half_and_never_nothing(limit: Limit) -> None:
    half = limit.halved()
    assert 0 < half.count / half.seconds <= limit.count / limit.seconds / 2
    assert half.interval_us >= 1
