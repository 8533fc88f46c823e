"""What one person proposes and nobody has confirmed is counted nowhere as what people decided."""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.policy import Policy
from service.storage import check_figures, past, samples
from service.storage.pool import Pool, connection, in_transaction
from service.usecases.figures import read_figures
from service.usecases.watch_candidate import begin, watching
from tests.factories import Paper
from tests.usecases.checking import rules, run

LINKS = "See http://a.example and http://b.example and http://c.example."
DAY = timedelta(days=1)


@pytest.fixture
def policy() -> Policy:
    """Clean comments are published by the checks; a rejection needs two."""
    return rules(second_pair_of_eyes=("rejection",))


async def agreement(paper: Paper) -> Any:
    async with connection(paper.web) as held:
        found = await watching(held, paper.site.id)
    assert found is not None
    return found.document()["report"]["agreement"]["candidate"]


async def test_the_figures_count_who_did_it_and_whom_that_overturned(paper: Paper, worker: Pool) -> None:
    fine = await paper.post()
    await run(worker)
    await paper.decide(fine, "reject", reason="off_topic")
    async with connection(paper.web) as held:
        proposed = await read_figures(held, paper.site, days=1, step="hour")
    assert dict(proposed.decided) == {("checks", "published", ""): 1}
    await paper.decide(fine, "reject", reason="off_topic", judge=await paper.colleague())
    async with connection(paper.web) as held:
        done = await read_figures(held, paper.site, days=1, step="hour")
    assert dict(done.decided) == {("checks", "published", ""): 1, ("moderator", "rejected", "off_topic"): 1}
    assert dict(done.overturned) == {"checks": 1}


async def test_no_check_and_no_policy_is_held_against_it(paper: Paper, worker: Pool) -> None:
    await in_transaction(paper.web, lambda held: begin(held, paper.site.id, rules(max_links=9), note="try"))
    links = await paper.post(text=LINKS)
    await run(worker)
    await paper.decide(links, "approve")
    await paper.decide(links, "reject", reason="off_topic")
    async with connection(paper.web) as held:
        ruled = await check_figures.list_ruled(held, paper.site.id, DAY, limit=10)
        tried = await past.list_past(held, paper.site.id, before=None, limit=10)
    assert [one.people for one in ruled] == ["published"]
    assert [one.people for one in tried.rows] == ["published"]
    assert await agreement(paper) == {"right": 1, "wrong": 0, "asked": 0}


async def test_no_sample_is_answered_by_it(paper: Paper, worker: Pool) -> None:
    drawn = await paper.post()
    await run(worker)
    await samples.insert_sample(paper.owner, paper.site.id, drawn, status="published", share=0.1)
    await samples.answer(paper.owner, [paper.site.id], drawn, paper.mina.moderator_id)
    await paper.decide(drawn, "approve")
    before = await samples.list_agreement(paper.owner, paper.site.id, None)
    assert [one.right for one in before] == [1]
    await paper.decide(drawn, "reject", reason="off_topic")
    assert await samples.list_agreement(paper.owner, paper.site.id, None) == before
    await paper.decide(drawn, "reject", reason="off_topic", judge=await paper.colleague())
    assert await samples.list_agreement(paper.owner, paper.site.id, None) != before
