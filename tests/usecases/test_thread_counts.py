"""After any moves, one by one or all at once, the counts of a page are what counting from scratch gives."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from service.domain.errors import NothingToUndo, ParentNotFound, StaleVersion
from service.domain.policy import Policy
from service.storage.decisions import lock_comment
from service.storage.pool import in_transaction
from service.usecases.decide import Ruling, rule
from tests.factories import PAGE_URL, Paper

ACTIONS = ("approve", "approve", "approve", "reject", "spam", "hold")

WRONG_DESCENDANTS = """
SELECT it.id, it.published_descendants
FROM comment AS it
WHERE it.published_descendants <>
      (SELECT count(*) FROM comment AS below
       WHERE below.site_id = it.site_id AND below.status = 'published' AND it.id = ANY(below.ancestors))
"""
WRONG_COUNTS = """
SELECT page.id, published_count FROM page WHERE published_count <>
    (SELECT count(*) FROM comment AS it
     WHERE it.site_id = page.site_id AND page_id = page.id AND status = 'published')
"""
WRONG_ANCESTORS = """
SELECT it.id FROM comment AS it LEFT JOIN comment AS parent ON parent.id = it.parent_id
WHERE it.ancestors <> CASE WHEN parent.id IS NULL THEN '{}' ELSE parent.ancestors || parent.id END
"""
SHIFTS = """
SELECT count(*) FROM decision
WHERE version IS NOT NULL AND (from_status = 'published') <> (status = 'published')
"""
UNEXPLAINED = """
SELECT id FROM comment WHERE version <> 1 + (
    SELECT count(*) FROM decision WHERE comment_id = comment.id AND version IS NOT NULL)
OR status <> coalesce(
    (SELECT status FROM decision WHERE comment_id = comment.id AND decision.version = comment.version),
    'pending')
"""


async def assert_all_is_counted(paper: Paper) -> None:
    for wrong in (WRONG_DESCENDANTS, WRONG_COUNTS, WRONG_ANCESTORS, UNEXPLAINED):
        assert await paper.owner.fetch(wrong) == []


async def visible_thread(paper: Paper) -> list[tuple[Any, ...]]:
    """All that a reader can see of the page."""
    rows = await paper.owner.fetch(
        """
        SELECT id, status = 'published' FROM comment
        WHERE status = 'published' OR published_descendants > 0 ORDER BY id
        """
    )
    return [tuple(row) for row in rows]


@pytest.fixture
def policy() -> Policy:
    return Policy(depth=10)


async def grow(paper: Paper, chance: random.Random, size: int) -> list[UUID]:
    """A random tree of published comments."""
    ids: list[UUID] = []
    for _ in range(size):
        parent = chance.choice([None, *ids[-6:]])
        ids.append(await paper.post_published(parent_id=parent))
    return ids


@pytest.mark.parametrize("seed", range(4))
async def test_after_random_moves_on_a_random_tree_everything_is_counted(seed: int, paper: Paper) -> None:
    chance = random.Random(seed)  # noqa: S311
    ids = await grow(paper, chance, 12)
    for _ in range(60):
        comment_id = chance.choice(ids)
        before, revision = await visible_thread(paper), (await paper.page())["revision"]
        match chance.random():
            case share if share < 0.2:
                try:
                    await paper.undo(comment_id)
                except NothingToUndo:
                    continue
            case share if share < 0.35:
                try:
                    ids.append(await paper.post(parent_id=comment_id))
                except ParentNotFound:
                    continue
            case _:
                await paper.decide(comment_id, chance.choice(ACTIONS))
        if await visible_thread(paper) != before:
            assert (await paper.page())["revision"] > revision
        await assert_all_is_counted(paper)
    assert (await paper.page())["revision"] == await paper.owner.fetchval(SHIFTS)


@pytest.mark.parametrize("seed", range(3))
async def test_after_random_moves_all_at_once_everything_is_counted_and_none_is_lost(
    seed: int, paper: Paper
) -> None:
    """Parents and their replies, decided by eight hands: no order of locks may make a deadlock."""
    chance = random.Random(seed)  # noqa: S311
    ids = await grow(paper, chance, 16)
    deadlocks_before = await deadlocks(paper)

    async def work(hand: random.Random) -> int:
        done = 0
        for _ in range(15):
            comment_id = hand.choice(ids)
            try:
                await paper.decide(
                    comment_id, hand.choice(ACTIONS), version=await version_of(paper, comment_id)
                )
                done += 1
            except StaleVersion:
                pass
        return done

    done = await asyncio.gather(*(work(random.Random(seed * 100 + n)) for n in range(8)))  # noqa: S311
    assert await paper.count("decision") == len(ids) + sum(done)
    await assert_all_is_counted(paper)
    assert (await paper.page())["revision"] == await paper.owner.fetchval(SHIFTS)
    assert await deadlocks(paper) == deadlocks_before


async def version_of(paper: Paper, comment_id: UUID) -> int:
    """Asked on a connection of the pool: the owner's is one, and hands are many."""
    async with paper.web.acquire() as held:
        version: int = await held.fetchval("SELECT version FROM comment WHERE id = $1", comment_id)
        return version


async def deadlocks(paper: Paper) -> int:
    await paper.owner.execute("SELECT pg_stat_clear_snapshot()")
    number: int = await paper.owner.fetchval(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    return number


async def test_replies_and_a_title_arrive_while_their_parent_is_decided(paper: Paper) -> None:
    """A reply locks its parent, a title its page, a decision both: again no deadlock."""
    parent = await paper.post_published()
    before = await deadlocks(paper)

    async def reply(number: int) -> bool:
        try:
            await paper.post(parent_id=parent, page_title=f"Title {number}")
        except ParentNotFound:
            return False
        return True

    async def flip() -> None:
        for action in ("reject", "approve") * 10:
            await paper.decide(parent, action, version=await version_of(paper, parent))

    await asyncio.gather(flip(), *(reply(n) for n in range(20)))
    await assert_all_is_counted(paper)
    assert await deadlocks(paper) == before


async def test_bulk_decisions_on_overlapping_sets_in_opposite_order_lose_none(paper: Paper) -> None:
    ids = [await paper.post() for _ in range(24)]
    noor = await paper.colleague()

    async def all_of(order: list[UUID], action: str, judge: Any) -> int:
        won = 0
        for comment_id in order:
            try:
                await paper.decide(comment_id, action, version=1, judge=judge)
                won += 1
            except StaleVersion:
                pass
        return won

    won = await asyncio.gather(
        all_of(ids, "approve", paper.mina), all_of(ids[::-1], "spam", noor), all_of(ids[::2], "hold", noor)
    )
    assert sum(won) == len(ids)
    assert await paper.count("decision") == len(ids)
    await assert_all_is_counted(paper)


async def test_two_transactions_that_deadlock_are_both_carried_out(paper: Paper) -> None:
    """Each decides two comments in opposite order: the database ends one of them, which runs again."""
    ids = await paper.post(page_url=PAGE_URL), await paper.post(page_url="https://paper.example/2")
    both_hold_one = asyncio.Barrier(2)
    tries: list[str] = []

    async def decide_both(action: str, order: tuple[UUID, ...]) -> None:
        async def work(held: Any) -> None:
            tries.append(action)
            for comment_id in order:
                locked = await lock_comment(held, paper.mina.site_ids, comment_id)
                assert locked is not None
                await rule(held, paper.mina, Ruling(comment_id, action, locked.version))
                if tries.count(action) == 1 and comment_id == order[0]:
                    await both_hold_one.wait()

        await in_transaction(paper.web, work)

    await asyncio.gather(decide_both("hold", ids), decide_both("spam", ids[::-1]))
    assert len(tries) == 3
    for comment_id in ids:
        assert (await paper.status(comment_id))[0] == {"hold": "held", "spam": "spam"}[tries[-1]]
        assert len(await paper.decisions(comment_id)) == 2
