"""Figures count what happened, once, and go on counting it when it has expired."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.policy import Policy
from service.storage.hourly_figures import HourlyFigure, keep_hours, keep_span, list_hours
from service.storage.pool import Pool, connection, in_transaction
from service.usecases.decide import Judge
from service.usecases.figures import FiguresReport, beginning, intervals_of, quantile_s, read_figures
from service.usecases.retention import expire_some
from tests.factories import Paper, make_site
from tests.usecases.checking import rules, run

HOUR = timedelta(hours=1)


@pytest.fixture
def policy() -> Policy:
    return rules()


async def figures(paper: Paper, days: int = 1) -> FiguresReport:
    async with connection(paper.web) as held:
        return await read_figures(held, paper.site, days=days, step="hour")


def key(one: HourlyFigure) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in HourlyFigure.__slots__)


async def hours(paper: Paper) -> list[tuple[object, ...]]:
    now = datetime.now(UTC)
    async with connection(paper.web) as held:
        found = await list_hours(held, paper.site.id, beginning(now - HOUR, "hour"), now + HOUR)
    return sorted(map(key, found))


async def a_busy_hour(paper: Paper, worker: Pool) -> None:
    """One published by the checks and taken down by people, one held and approved, one held and rejected."""
    fine = await paper.post()
    links = [
        await paper.post(text=f"{n} https://a.example https://b.example https://c.example") for n in (1, 2)
    ]
    await run(worker)
    await paper.decide(links[0], "approve")
    await paper.decide(links[1], "reject", reason="advertising")
    await paper.decide(fine, "reject", reason="off_topic")


async def test_they_say_who_decided_what_and_what_was_overturned(paper: Paper, worker: Pool) -> None:
    await a_busy_hour(paper, worker)
    report = await figures(paper)
    assert report.replied == 3
    assert report.decided == Counter({
        ("checks", "published", ""): 1,
        ("checks", "held", "links"): 2,
        ("moderator", "published", ""): 1,
        ("moderator", "rejected", "advertising"): 1,
        ("moderator", "rejected", "off_topic"): 1,
    })  # fmt: skip
    assert report.ended_by == {"checks": 1, "moderator": 2}
    assert report.share_by_checks == pytest.approx(1 / 3, abs=1e-4)
    assert (report.overturned, report.share_overturned) == (Counter(checks=1), 1.0)
    assert {check.check for check in report.checks.checks if check.decided} == {"links"}


async def test_what_is_taken_back_is_counted_as_that_alone(paper: Paper, worker: Pool) -> None:
    await a_busy_hour(paper, worker)
    before = await figures(paper)
    held = await paper.post(text="Again https://a.example https://b.example https://d.example")
    await run(worker)
    await paper.decide(held, "approve")
    await paper.undo(held)
    after = await figures(paper)
    assert after.undone == before.undone + 1
    assert after.overturned == before.overturned
    assert after.decided.total() == before.decided.total() + 2
    await paper.decide(held, "approve")
    assert (await figures(paper)).ended_by["moderator"] == after.ended_by["moderator"]  # it had ended once


async def test_kept_hours_say_what_was_counted_alive(paper: Paper, worker: Pool) -> None:
    await a_busy_hour(paper, worker)
    alive = await hours(paper)
    assert alive
    await keep(paper, worker)
    assert await paper.count("hourly_figure") == len(alive)
    assert await hours(paper) == alive
    await paper.post()
    assert await hours(paper) == alive  # that hour is over: what came later lies in another one


async def beside(paper: Paper) -> Paper:
    """Another publication in the same database."""
    site = await make_site(paper.owner, "gazette", rules())
    judge = Judge(paper.mina.moderator_id, {site.id: site})
    return Paper(paper.owner, paper.web, site, paper.desk, judge)


async def keep(paper: Paper, worker: Pool) -> None:
    """Keep the hour that goes on, as if it were over."""
    begins = beginning(datetime.now(UTC) - HOUR, "hour")
    async with connection(worker) as held:
        await keep_hours(held, 1)
        await keep_span(held, begins, begins + 3 * HOUR)


async def test_what_expires_stays_in_the_figures(paper: Paper, worker: Pool) -> None:
    await a_busy_hour(paper, worker)
    before = (await figures(paper)).decided
    await keep(paper, worker)
    await paper.owner.execute("UPDATE comment SET decided_at = decided_at - interval '2 years'")
    async with connection(worker) as held:
        assert await expire_some("restricted")(held, 10) == 2
    assert (await figures(paper)).decided == before


async def test_other_sites_are_counted_apart(paper: Paper, worker: Pool) -> None:
    other = await beside(paper)
    await a_busy_hour(paper, worker)
    await other.post(page_url="https://gazette.example/mill")
    await run(worker)
    alone = (await figures(other)).decided
    assert alone == Counter({("checks", "published", ""): 1})
    await keep(paper, worker)
    assert (await figures(other)).decided == alone


async def test_hours_that_are_over_are_counted_once_whoever_comes(paper: Paper, worker: Pool) -> None:
    async with connection(worker) as held:
        await keep_hours(held, 6)
        assert await keep_hours(held, 6) in {0, 1}
    await paper.owner.execute("UPDATE hourly_figures_kept SET through = through - interval '8 hours'")
    done = await asyncio.gather(*(
        in_transaction(worker, lambda held: keep_hours(held, 6)) for _ in range(4)
    ))  # fmt: skip
    assert sum(done) in {8, 9}
    async with connection(worker) as held:
        assert await keep_hours(held, 6) == 0


async def test_an_hour_is_over_ten_minutes_after_its_end(paper: Paper, worker: Pool) -> None:
    async with connection(worker) as held:
        await keep_hours(held, 6)
        await keep_hours(held, 6)
    late = await paper.owner.fetchval("SELECT clock_timestamp() - through FROM hourly_figures_kept")
    assert timedelta(minutes=10) <= late < timedelta(minutes=71)


@pytest.mark.parametrize(
    ("buckets", "share", "seconds"),
    [
        ({}, 0.5, None),
        ({0: 1}, 0.5, 1.1),  # one second to 1.19
        ({0: 50, 40: 50}, 0.5, 1.1),
        ({0: 49, 40: 51}, 0.5, 1116.7),  # 1,024 to 1,217 seconds
        ({0: 95, 40: 5}, 0.95, 1.1),
        ({0: 94, 40: 6}, 0.95, 1116.7),
    ],
)
def test_a_quantile_is_the_middle_of_its_bucket(
    buckets: dict[int, int], share: float, seconds: float | None
) -> None:
    assert quantile_s(Counter(buckets), share) == seconds


def test_hours_and_days_without_anything_are_there_too() -> None:
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 1, tzinfo=UTC)
    one = HourlyFigure(datetime(2026, 3, 2, 7, tzinfo=UTC), "replied", "", "", "", -1, 5)
    assert [interval.replied for interval in intervals_of([one], since, until, "day")] == [0, 5, 0]
    assert len(intervals_of([one], since, until, "hour")) == 49
