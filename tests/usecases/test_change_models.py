"""Whoever changes a site's models does not undo what somebody else, or a lesson, changed meanwhile."""

import asyncio

import pytest

from service.domain.policy import Policy
from service.storage import learning
from service.storage.pool import Pool, in_transaction
from service.usecases.models import ModelChange, change_models
from tests.factories import Paper, until_blocked
from tests.usecases.teaching import decide_many, teach


@pytest.fixture
def policy() -> Policy:
    return Policy()


@pytest.mark.parametrize("is_new", [True, False])
async def test_two_changes_at_once_both_hold(is_new: bool, paper: Paper) -> None:
    if not is_new:
        await change_models(paper.owner, paper.site, ModelChange("on"), None)

    async def turn_abuse_off() -> None:
        await in_transaction(
            paper.web, lambda held: change_models(held, paper.site, ModelChange("off", "abuse"), None)
        )

    async with paper.web.acquire() as first, first.transaction():
        await change_models(first, paper.site, ModelChange("off", "spam"), None)
        second = asyncio.create_task(turn_abuse_off())
        await until_blocked(paper)
    await second
    now = await learning.find_learning(paper.owner, paper.site.id)
    assert now.states == {"spam": "off", "abuse": "off"}


async def test_a_version_that_a_lesson_dropped_meanwhile_is_not_put_back(paper: Paper, worker: Pool) -> None:
    """Whoever turned one model off had read which version of the other one was in use."""
    await decide_many(paper, 300)
    await teach(worker)
    async with worker.acquire() as lesson, lesson.transaction():
        await learning.find_learning(lesson, paper.site.id, locked=True)
        change = asyncio.create_task(
            in_transaction(
                paper.web, lambda held: change_models(held, paper.site, ModelChange("off", "abuse"), None)
            )
        )
        await until_blocked(paper)
        await lesson.execute(
            "UPDATE site_learning SET spam_version = NULL, revision = revision + 1 WHERE site_id = $1",
            paper.site.id,
        )
    await change
    now = await learning.find_learning(paper.owner, paper.site.id)
    assert (now.versions["spam"], now.states["abuse"]) == (None, "off")
