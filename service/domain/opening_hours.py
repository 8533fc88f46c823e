"""When a site takes replies: spans of the clock on its wall, weekday by weekday, in its own time zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field

from service.domain.policy_parts import Part

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
"""As `date.weekday()` counts them."""

_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
Span = Annotated[str, Field(pattern=f"^{_CLOCK}-({_CLOCK}|24:00)$")]
"""`08:00-22:30`; one that ends before it begins ends on the next day, and 24:00 is the end of the day."""

_A_DAY = timedelta(days=1)


class OpeningHours(Part):
    """When new replies are taken; at other times they are refused, or wait for a person."""

    time_zone: str = Field(max_length=64, description="a name of the IANA database, such as Europe/Berlin")
    outside: Literal["closed", "premoderated"] = Field(
        default="closed", description="closed: no replies; premoderated: a person looks at everything first"
    )
    days: dict[Weekday, Annotated[tuple[Span, ...], Field(max_length=10)]] = Field(
        description="spans such as 08:00-22:30; a weekday that is not named has none"
    )

    def is_open(self, now: datetime) -> bool:
        """Whether `now` lies in a span; in a time zone that this machine does not know it never does."""
        zone = zone_named(self.time_zone)
        if zone is None:
            return False
        there = now.astimezone(zone).replace(tzinfo=None)
        return any(start <= there < end for start, end in self._spans_around(there.date()))

    def opens_at(self, now: datetime) -> datetime | None:
        """When it opens next, in UTC; null where it never does."""
        zone = zone_named(self.time_zone)
        if zone is None:
            return None
        today = now.astimezone(zone).date()
        begins = [
            start.replace(tzinfo=zone).astimezone(UTC)
            for ahead in range(9)
            for start, _ in self._spans_of(today + ahead * _A_DAY)
        ]
        return min((begin for begin in begins if begin > now and self.is_open(begin)), default=None)

    def _spans_around(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        yield from self._spans_of(day - _A_DAY)  # one of yesterday may end today
        yield from self._spans_of(day)

    def _spans_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        midnight = datetime.combine(day, time())
        for span in self.days.get(WEEKDAYS[day.weekday()], ()):
            start, end = (timedelta(hours=int(at[:2]), minutes=int(at[3:])) for at in span.split("-"))
            yield midnight + start, midnight + (end if end > start else end + _A_DAY)


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name; null where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder of names
        return None
