"""What is kept is what would be counted, at every moment, whoever writes beside whom."""

import asyncio
import random
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.domain.errors import DomainError
from service.storage.figures import count_by_status, fold_counts, read_backlog
from service.storage.pool import Pool, connection
from service.usecases.decide import Ruling, rule
from tests.factories import Paper, make_email, make_site
from tests.paper_fixtures import Owner
from tests.usecases.checking import AUTO, FakeCheck, make_desk


async def counted(held: Any) -> dict[str, int]:
    rows = await held.fetch("SELECT status, count(*) AS n FROM comment GROUP BY status")
    return {row["status"]: row["n"] for row in rows}


async def kept(held: Any, paper: Paper) -> dict[str, int]:
    counts = (await count_by_status(held, [paper.site.id]))[paper.site.id]
    return {status: n for status, n in counts.items() if n}


async def both_in_one_snapshot(paper: Paper) -> tuple[dict[str, int], dict[str, int]]:
    async with paper.web.acquire() as held, held.transaction(isolation="repeatable_read"):
        return await kept(held, paper), await counted(held)


async def test_kept_is_counted_while_many_write_and_the_sums_are_folded(paper: Paper, worker: Pool) -> None:
    drawn = random.Random(5)  # noqa: S311
    ids: list[UUID] = [await paper.post() for _ in range(8)]
    is_over = asyncio.Event()

    async def writes() -> None:
        for _ in range(25):
            ids.append(await paper.post())
            action = drawn.choice(["approve", "reject", "spam", "hold"])
            chosen = drawn.choice(ids)
            version = await paper.web.fetchval("SELECT version FROM comment WHERE id = $1", chosen)
            with suppress(DomainError):
                await paper.decide(chosen, action, version=version, reason="other")
            with suppress(DomainError):
                await paper.undo(drawn.choice(ids))

    async def folds() -> None:
        while not is_over.is_set():
            async with worker.acquire() as held:
                await fold_counts(held, drawn.choice([1, 7, 1000]))
            now, then = await both_in_one_snapshot(paper)
            assert now == then

    folding = [asyncio.create_task(folds()) for _ in range(2)]
    await asyncio.gather(*(writes() for _ in range(6)))
    is_over.set()
    await asyncio.gather(*folding)
    now, then = await both_in_one_snapshot(paper)
    assert now == then
    assert sum(now.values()) == 8 + 6 * 25


async def test_the_checks_an_erasure_and_a_removal_are_counted_too(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    email = make_email("gone")
    for _ in range(3):
        await paper.post(email=email)
    kept_id = await paper.post()
    await make_desk(worker).check_due(lambda: False)
    assert fake.seen
    await paper.owner.execute("UPDATE author SET erase_before = 'infinity' WHERE id = "
                              "(SELECT author_id FROM comment WHERE id <> $1 LIMIT 1)", kept_id)  # fmt: skip
    await paper.owner.fetchval("SELECT go_on_erasing(100)")
    assert await both_in_one_snapshot(paper) == ({"erased": 3, "held": 1},) * 2
    async with paper.owner.transaction():
        await paper.owner.execute("DELETE FROM decision WHERE comment_id <> $1", kept_id)
        await paper.owner.execute("DELETE FROM comment WHERE id <> $1", kept_id)
    assert await both_in_one_snapshot(paper) == ({"held": 1},) * 2


async def test_what_is_rolled_back_was_never_counted(paper: Paper) -> None:
    comment_id = await paper.post()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await paper.owner.execute("UPDATE comment SET status = 'held', version = 2 WHERE id = $1", comment_id)
    assert await both_in_one_snapshot(paper) == ({"pending": 1},) * 2


async def test_two_who_write_at_one_site_do_not_wait_for_each_other(paper: Paper) -> None:
    first, second = [await paper.post(page_url=f"https://paper.example/{n}") for n in range(2)]
    async with paper.web.acquire() as held, held.transaction():
        await rule(held, paper.mina, Ruling(first, "approve", 1))
        await asyncio.wait_for(paper.decide(second, "approve"), 10)  # while the other is not over


async def test_the_backlog_is_that_of_all_sites(paper: Paper, owner: Owner, web: Pool) -> None:
    other = await make_site(owner, "gazette", AUTO)
    held_id = await paper.post()
    await paper.decide(held_id, "hold")
    await paper.post()
    async with connection(web) as held:
        backlog = await read_backlog(held)
        assert await count_by_status(held, [other.id]) == {other.id: dict.fromkeys(
            ("pending", "published", "held", "rejected", "spam", "erased"), 0)}  # fmt: skip
    assert (backlog.pending, backlog.held) == (1, 1)
    assert backlog.pending_age_s > 0


async def test_an_operator_can_count_anew(paper: Paper, owner: Owner) -> None:
    await paper.post()
    await owner.execute("DELETE FROM comment_count_change")
    assert (await both_in_one_snapshot(paper))[0] == {}
    await owner.execute("SELECT recount_comments()")
    assert await both_in_one_snapshot(paper) == ({"pending": 1},) * 2
