"""A site in figures: what came in, who decided it how, how long it took, and what people took back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from service.domain.site import Site
from service.storage.figures import SiteFigures, list_site_figures
from service.storage.hourly_figures import HourlyFigure, list_hours
from service.storage.pool import Connection
from service.usecases.check_report import CheckReport, check_report

Step = Literal["hour", "day"]
STEPS: dict[Step, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
FINAL = frozenset({"published", "rejected", "spam"})
"""What ends a comment's wait."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long comments waited from their arrival to their first end, in seconds.

    Median and 95th percentile are those of a histogram with four steps to each doubling: a value may be up to
    a tenth off. Null: nothing was decided.
    """

    n: int
    median_s: float | None
    p95_s: float | None


@dataclass(frozen=True, slots=True)
class Interval:
    """One hour or day (UTC), by its beginning: replies, and decisions as (source, status, reason)."""

    at: datetime
    replied: int
    decided: Counter[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class FiguresReport:
    """A site from `since` to `until`; `waits` is by who decided, `overturned` by whose decision it was."""

    site: str
    since: datetime
    until: datetime
    step: Step
    intervals: list[Interval]
    waits: dict[str, Waits]
    overturned: Counter[str]
    undone: int
    standing: SiteFigures
    checks: CheckReport

    @property
    def replied(self) -> int:
        """Replies that came in."""
        return sum(one.replied for one in self.intervals)

    @property
    def decided(self) -> Counter[tuple[str, str, str]]:
        """All decisions of the period as (source, status, reason)."""
        return sum((one.decided for one in self.intervals), Counter())

    @property
    def ended_by(self) -> dict[str, int]:
        """How many comments came to their first end by whom."""
        return {source: waits.n for source, waits in self.waits.items()}

    @property
    def share_by_checks(self) -> float | None:
        """Of the comments that came to an end, the share that the checks ended; null where none did."""
        return _share(self.ended_by.get("checks", 0), sum(self.ended_by.values()))

    @property
    def share_overturned(self) -> float | None:
        """Of what the checks ended, the share that people changed; null where they ended none."""
        return _share(self.overturned["checks"], self.ended_by.get("checks", 0))


async def read_figures(
    connection: Connection, site: Site, *, days: int, step: Step, now: datetime | None = None
) -> FiguresReport:
    """The figures of the last so many days, up to this moment; the first interval is a whole one."""
    until = now or datetime.now(UTC)
    since = beginning(until - timedelta(days=days), step)
    hours = await list_hours(connection, site.id, since, until)
    (standing,) = await list_site_figures(connection, [site.id])
    return FiguresReport(
        site=site.slug,
        since=since,
        until=until,
        step=step,
        intervals=intervals_of(hours, since, until, step),
        waits=waits_of(hours),
        overturned=_counted(hours, "overturned"),
        undone=_counted(hours, "undone").total(),
        standing=standing,
        checks=await check_report(connection, site.id, days=days),
    )


def beginning(at: datetime, step: Step) -> datetime:
    """Where the hour or day of a moment begins (UTC)."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour if step == "hour" else hour.replace(hour=0)


def intervals_of(
    hours: Iterable[HourlyFigure], since: datetime, until: datetime, step: Step
) -> list[Interval]:
    """Every hour or day of the period in order, those without anything too."""
    found: dict[datetime, Interval] = {}
    at = since
    while at < until:
        found[at] = Interval(at, 0, Counter())
        at += STEPS[step]
    for one in hours:
        key = beginning(one.hour, step)
        if one.what == "replied":
            found[key] = Interval(key, found[key].replied + one.n, found[key].decided)
        elif one.what == "decided":
            found[key].decided[one.source, one.status, one.reason] += one.n
    return list(found.values())


def waits_of(hours: Sequence[HourlyFigure]) -> dict[str, Waits]:
    """How long it took, by who decided."""
    buckets: dict[str, Counter[int]] = {}
    for one in hours:
        if one.what == "waited":
            buckets.setdefault(one.source, Counter())[one.bucket] += one.n
    return {
        source: Waits(counted.total(), quantile_s(counted, 0.5), quantile_s(counted, 0.95))
        for source, counted in sorted(buckets.items())
    }


def quantile_s(buckets: Counter[int], share: float) -> float | None:
    """The seconds within which that share was done: the middle of the bucket in which it lies."""
    wanted, passed = share * buckets.total(), 0
    for bucket in sorted(buckets):
        passed += buckets[bucket]
        if passed and passed >= wanted:
            return float(round(2 ** ((bucket + 0.5) / 4), 1))
    return None


def _counted(hours: Iterable[HourlyFigure], what: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in hours:
        if one.what == what:
            counts[one.source] += one.n
    return counts


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
