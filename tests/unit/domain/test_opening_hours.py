"""Opening hours follow the clock on the wall of the site's time zone, past midnight and over summer time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.opening_hours import OpeningHours
from service.domain.policy import Policy
from service.domain.site import Mode, Site, SiteState
from service.moderation.policy_document import InvalidPolicy, read_policy

BERLIN = ZoneInfo("Europe/Berlin")


def hours(zone: str = "Europe/Berlin", outside: Any = "closed", **days: Any) -> OpeningHours:
    return OpeningHours(time_zone=zone, outside=outside, days=days)


def at(text: str) -> datetime:
    """That time in Berlin; the days of March 2026: the 2nd is a Monday, the 29th has 23 hours."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-03-02 06:59:59", False),
        ("2026-03-02 07:00", True),
        ("2026-03-02 11:59:59", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 23:59", True),
        ("2026-03-03 01:59", True),
        ("2026-03-03 02:00", False),
        ("2026-03-03 07:00", False),
        ("2026-03-07 00:00", True),
        ("2026-03-07 23:59:59", True),
        ("2026-03-08 00:00", False),
    ],
)
def test_a_site_is_open_within_its_spans_and_at_no_other_time(when: str, *, is_open: bool) -> None:
    found = hours(monday=["07:00-12:00", "18:00-02:00"], saturday=["00:00-24:00"])
    assert found.is_open(at(when)) is is_open


def test_the_hours_are_those_of_the_site_and_not_of_the_machine() -> None:
    assert hours("Pacific/Auckland", monday=["08:00-09:00"]).is_open(datetime(2026, 3, 1, 19, 30, tzinfo=UTC))
    assert not hours("UTC", monday=["08:00-09:00"]).is_open(datetime(2026, 3, 1, 19, 30, tzinfo=UTC))


def test_in_summer_it_opens_an_hour_earlier_by_the_clock_of_the_world() -> None:
    daily = hours(saturday=["07:00-22:00"], sunday=["07:00-22:00"])
    assert daily.opens_at(at("2026-03-28 23:00")) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert daily.opens_at(at("2026-03-28 03:00")) == datetime(2026, 3, 28, 6, tzinfo=UTC)


def test_it_says_when_it_opens_next() -> None:
    weekly = hours(monday=["07:00-12:00"])
    assert weekly.opens_at(at("2026-03-02 12:00")) == at("2026-03-09 07:00")
    assert hours(monday=[]).opens_at(at("2026-03-02 12:00")) is None


def test_a_time_zone_that_this_machine_does_not_know_never_opens() -> None:
    nowhere = hours("Europe/Atlantis", monday=["00:00-24:00"])
    assert not nowhere.is_open(at("2026-03-02 12:00"))
    assert nowhere.opens_at(at("2026-03-02 12:00")) is None


@pytest.mark.parametrize(
    ("switch", "outside", "when", "state"),
    [
        ("usual", "closed", "06:00", SiteState("closed", "opening_hours", at("2026-03-02 07:00"))),
        (
            "usual",
            "premoderated",
            "06:00",
            SiteState("premoderated", "opening_hours", at("2026-03-02 07:00")),
        ),
        ("usual", "closed", "08:00", SiteState("usual")),
        ("closed", "premoderated", "06:00", SiteState("closed", "switch", at("2026-03-02 09:00"))),
        ("premoderated", "closed", "06:00", SiteState("closed", "opening_hours", at("2026-03-02 07:00"))),
        ("premoderated", "closed", "08:00", SiteState("premoderated", "switch", at("2026-03-02 09:00"))),
        ("premoderated", "closed", "09:00", SiteState("usual")),
    ],
)
def test_of_the_switch_and_the_hours_the_stricter_counts(
    switch: Mode, outside: str, when: str, state: SiteState
) -> None:
    policy = Policy(opening_hours=hours(outside=outside, monday=["07:00-12:00"]))
    site = Site(1, "paper", "Paper", frozenset(), None, policy, 1, mode=switch,
                mode_until=at("2026-03-02 09:00"))  # fmt: skip
    assert site.state_at(at(f"2026-03-02 {when}")) == state
    assert site.mode_at(at(f"2026-03-02 {when}")) == state.mode


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"time_zone": "Europe/Atlantis", "days": {"monday": ["07:00-12:00"]}}, "time_zone"),
        ({"time_zone": "../../etc/passwd", "days": {"monday": ["07:00-12:00"]}}, "time_zone"),
        ({"time_zone": "Europe", "days": {"monday": ["07:00-12:00"]}}, "time_zone"),
        ({"time_zone": "", "days": {"monday": ["07:00-12:00"]}}, "time_zone"),
        ({"time_zone": "UTC", "days": {}}, "days"),
        ({"time_zone": "UTC", "days": {"monday": []}}, "days"),
        ({"time_zone": "UTC", "days": {"monday": ["07:00-07:00"]}}, "days.monday.0"),
        ({"time_zone": "UTC", "days": {"monday": ["7:00-12:00"]}}, "days.monday.0"),
        ({"time_zone": "UTC", "days": {"monday": ["07:00-24:30"]}}, "days.monday.0"),
        ({"time_zone": "UTC", "days": {"monday": ["24:00-07:00"]}}, "days.monday.0"),
        ({"time_zone": "UTC", "days": {"montag": ["07:00-12:00"]}}, "days.montag"),
        ({"time_zone": "UTC", "days": {"monday": ["07:00-12:00"] * 11}}, "days.monday"),
        ({"days": {"monday": ["07:00-12:00"]}}, "time_zone"),
        ({"time_zone": "UTC"}, "days"),
        ({"time_zone": "UTC", "outside": "usual", "days": {"monday": ["07:00-12:00"]}}, "outside"),
    ],
)
def test_hours_that_mean_nothing_are_refused_by_the_name_of_the_field(
    document: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        read_policy({"opening_hours": document})
    assert [fault.field for fault in refused.value.faults] == [f"opening_hours.{field}"]


def test_hours_are_stored_and_read_again_as_they_were() -> None:
    policy = read_policy(
        {
            "opening_hours": {
                "time_zone": "UTC",
                "outside": "premoderated",
                "days": {"friday": ["22:00-03:00"]},
            }
        }
    )
    assert Policy.read_stored(policy.model_dump_json()) == policy
