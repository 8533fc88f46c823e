"""The checks' work list: every due comment to one worker at a time, by the database's clock."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.storage import leases
from service.storage.leases import Leased
from service.storage.pool import Pool, connection
from tests.factories import Paper

MINUTE = timedelta(minutes=1)


async def claim(
    worker: Pool, *, limit: int = 100, lease: timedelta = MINUTE, token: Any = None
) -> list[Leased]:
    async with connection(worker) as held:
        return await leases.claim_due(held, token or uuid4(), limit=limit, lease=lease)


async def count_attempt(worker: Pool, leased: Leased, token: Any) -> int | None:
    async with connection(worker) as held:
        attempt = await leases.count_attempt(held, leased, token, MINUTE)
    return attempt.number if attempt else None


async def fill(paper: Paper, number: int) -> None:
    """Many pending comments, without the ceremony."""
    first = await paper.post()
    await paper.owner.execute(
        """
        INSERT INTO comment (site_id, id, page_id, author, text, fingerprint)
        SELECT site_id, gen_random_uuid(), page_id, author, text, fingerprint
        FROM comment, generate_series(2, $2) WHERE id = $1
        """,
        first,
        number,
    )


async def test_eight_claimers_at_once_get_each_of_four_hundred_once(paper: Paper, worker: Pool) -> None:
    await fill(paper, 400)

    async def drain() -> list[Leased]:
        got: list[Leased] = []
        while batch := await claim(worker, limit=7):
            assert len(batch) <= 7
            got += batch
        return got

    parts = await asyncio.gather(*(drain() for _ in range(8)))
    ids = [leased.id for part in parts for leased in part]
    assert len(ids) == len(set(ids)) == 400


@pytest.mark.parametrize("plan", ["enable_hashjoin", "enable_nestloop", "enable_indexscan"])
async def test_no_plan_of_the_database_claims_more_than_was_asked_for(
    plan: str, paper: Paper, worker: Pool
) -> None:
    await fill(paper, 60)
    for analysed in (False, True):
        if analysed:
            await paper.owner.execute("ANALYZE comment")
        async with connection(worker) as held:
            for other in ("enable_mergejoin", "enable_hashagg", "enable_material", plan):
                await held.execute(f"SET {other} = off")
            token = uuid4()
            assert len(await leases.claim_due(held, token, limit=5, lease=MINUTE)) == 5
    assert await paper.owner.fetchval("SELECT count(*) FROM comment WHERE lease_token IS NOT NULL") == 10


async def test_what_is_due_longest_comes_first(paper: Paper, worker: Pool) -> None:
    ids = [await paper.post() for _ in range(6)]
    assert [leased.id for leased in await claim(worker, limit=2)] == ids[:2]
    assert [leased.id for leased in await claim(worker, limit=10)] == ids[2:]


async def test_only_what_is_pending_is_due(paper: Paper, worker: Pool) -> None:
    for action in ("approve", "reject", "spam", "hold"):
        await paper.decide(await paper.post(), action)
    assert await claim(worker) == []
    pending = await paper.post()
    assert [leased.id for leased in await claim(worker)] == [pending]


async def test_a_lease_ends_by_the_databases_clock(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post()
    assert len(await claim(worker)) == 1
    row = await paper.row(comment_id)
    left = await paper.owner.fetchval("SELECT $1::timestamptz - clock_timestamp()", row["due_at"])
    assert MINUTE - timedelta(seconds=5) < left <= MINUTE
    assert await claim(worker) == []
    await paper.owner.execute("UPDATE comment SET due_at = due_at - interval '61 seconds'")
    assert len(await claim(worker)) == 1


async def test_an_attempt_is_counted_for_its_row_alone_and_begins_the_lease_anew(
    paper: Paper, worker: Pool
) -> None:
    first, second = await paper.post(), await paper.post()
    token = uuid4()
    batch = await claim(worker, token=token, lease=timedelta(seconds=1))
    assert [(leased.id, leased.attempts) for leased in batch] == [(first, 0), (second, 0)]
    before = await paper.row(second)
    assert await count_attempt(worker, batch[0], token) == 1
    assert await count_attempt(worker, batch[0], token) == 2
    assert (await paper.row(first))["attempts"] == 2
    assert (await paper.row(first))["due_at"] > before["due_at"] + timedelta(seconds=30)
    assert await paper.row(second) == before


async def test_no_attempt_is_counted_without_the_lease(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post()
    token = uuid4()
    (leased,) = await claim(worker, token=token)
    assert await count_attempt(worker, leased, uuid4()) is None
    await paper.decide(comment_id, "approve")
    assert await count_attempt(worker, leased, token) is None
    assert (await paper.row(comment_id))["attempts"] == 0


async def test_no_attempt_is_counted_for_a_comment_that_was_decided_and_taken_back(
    paper: Paper, worker: Pool
) -> None:
    """The verdict about the earlier version would be discarded: it would be an attempt for nothing."""
    comment_id = await paper.post()
    token = uuid4()
    (leased,) = await claim(worker, token=token)
    await paper.decide(comment_id, "approve")
    await paper.undo(comment_id)
    assert await count_attempt(worker, leased, token) is None
    assert (await paper.row(comment_id))["attempts"] == 0


async def test_what_was_not_begun_is_given_back_and_what_another_took_meanwhile_is_not(
    paper: Paper, worker: Pool
) -> None:
    ids = [await paper.post() for _ in range(3)]
    token = uuid4()
    batch = await claim(worker, token=token)
    await paper.decide(ids[0], "approve")
    await paper.owner.execute("UPDATE comment SET lease_token = $2 WHERE id = $1", ids[1], uuid4())
    async with connection(worker) as held:
        await leases.release(held, batch, token)
    assert [leased.id for leased in await claim(worker)] == [ids[2]]


async def test_what_is_due_is_counted(paper: Paper, worker: Pool) -> None:
    await fill(paper, 5)
    async with connection(worker) as held:
        assert await leases.count_due(held, MINUTE) == 5
        await leases.claim_due(held, uuid4(), limit=2, lease=MINUTE)
        assert await leases.count_due(held, MINUTE) == 3


async def test_a_row_that_another_is_taking_is_skipped_and_not_waited_for(paper: Paper, worker: Pool) -> None:
    await fill(paper, 2)
    async with paper.owner.transaction():  # as long as it is open, the row is being taken
        await paper.owner.execute("SELECT FROM comment ORDER BY due_at, id LIMIT 1 FOR UPDATE")
        assert len(await claim(worker)) == 1
    assert len(await claim(worker)) == 1


async def test_after_the_clock_went_back_nothing_waits_until_it_is_where_it_was(
    paper: Paper, worker: Pool
) -> None:
    await fill(paper, 3)
    (leased,) = await claim(worker, limit=1)
    await paper.owner.execute(
        "UPDATE comment SET due_at = due_at + interval '1 hour' WHERE id <> $1", leased.id
    )
    async with connection(worker) as held:
        assert await leases.count_due(held, MINUTE) == 2
        assert await leases.recall(held, MINUTE) == 2
        assert await leases.recall(held, MINUTE) == 0
    assert leased.id not in {one.id for one in await claim(worker)}
