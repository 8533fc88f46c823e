"""How often a service is asked in a day is bounded for each site and for all, whoever restarts what."""

import asyncio

import pytest

from service.domain.policy import Policy
from service.storage import service_use
from service.storage.pool import Pool, in_transaction
from tests.factories import Paper, make_site, set_policy
from tests.usecases.checking import FakeCheck, findings_of
from tests.usecases.outside import HELD, PUBLISHED, check, outside_of, policy_with, running, send


@pytest.fixture
def policy() -> Policy:
    return policy_with("webhook", asked_per_day=3)


async def test_beyond_the_sites_budget_comments_are_held_and_a_restart_forgets_nothing(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    async with running("webhook") as servers:
        for number in range(5):
            comment_id = await send(paper)
            await check(worker, outside_of(servers))  # made anew, as after a restart
            assert await paper.status(comment_id) == (PUBLISHED if number < 3 else HELD)
        assert servers["webhook"].seen == 3
    assert (await findings_of(paper, comment_id))["webhook"]["detail"] == "the budget of today is spent"


async def test_the_next_day_has_its_own_budget(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    async with running("webhook") as servers:
        for _ in range(3):
            await send(paper)
        await check(worker, outside_of(servers))
        await paper.owner.execute("UPDATE service_use SET day = day - 1")
        comment_id = await send(paper)
        await check(worker, outside_of(servers))
    assert await paper.status(comment_id) == PUBLISHED


async def test_no_budget_is_none(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    await set_policy(paper.owner, paper.site, policy_with("webhook", asked_per_day=0))
    comment_id = await send(paper)
    async with running("webhook") as servers:
        await check(worker, outside_of(servers))
        assert servers["webhook"].seen == 0
    assert await paper.status(comment_id) == HELD


@pytest.mark.parametrize(
    ("site_may", "all_may", "taken"), [(7, None, 7), (100, 7, 7), (0, None, 0), (5, 0, 0)]
)
async def test_many_at_once_take_exactly_what_there_is(
    site_may: int, all_may: int | None, taken: int, paper: Paper, worker: Pool
) -> None:
    fen = await make_site(paper.owner, "fen", Policy())
    sites = [paper.site.id, fen.id] if all_may else [paper.site.id]

    async def take(site_id: int, service: str = "akismet") -> bool:
        return await in_transaction(
            worker,
            lambda held: service_use.take_one(held, site_id, service, site_may=site_may, all_may=all_may),
        )

    got = await asyncio.gather(*(take(site_id) for _ in range(12) for site_id in sites))
    assert sum(got) == taken
    counted = await paper.owner.fetchval("SELECT coalesce(sum(asked), 0) FROM service_use")
    assert counted == taken
    assert await take(paper.site.id, "webhook") is (site_may > 0 and all_may != 0)  # each service its own


async def test_what_is_decided_without_it_costs_nothing(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    async with running("webhook") as servers:
        outside = outside_of(servers)
        outside.services["webhook"].restraint.breaker.wait(100)
        held = await send(paper)
        await check(worker, outside)
        assert await paper.status(held) == HELD
    assert await paper.count("service_use") == 0
