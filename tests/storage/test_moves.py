"""The one statement that moves a comment: by version, by lease, and its locks in one order."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.domain.status import Status
from service.storage import decisions, moves
from service.storage.pool import Pool, connection, in_transaction
from tests.factories import Paper, until_blocked


def by_checks(paper: Paper, comment_id: UUID, **changes: Any) -> moves.Move:
    values = {
        "site_id": paper.site.id,
        "comment_id": comment_id,
        "version": 1,
        "status": Status.PUBLISHED,
        "source": "checks",
        "action": "publish",
        "policy_version": 1,
        "lease_token": None,
    } | changes
    return moves.Move(**values)


async def lease(paper: Paper, comment_id: UUID) -> UUID:
    token = uuid4()
    await paper.owner.execute("UPDATE comment SET lease_token = $2 WHERE id = $1", comment_id, token)
    return token


async def test_the_holder_of_the_lease_moves_a_pending_comment(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post()
    to = by_checks(paper, comment_id, lease_token=await lease(paper, comment_id))
    assert await in_transaction(worker, lambda held: moves.move(held, to)) == 2
    assert await paper.status(comment_id) == ("published", None)


@pytest.mark.parametrize(
    "changes", [{"lease_token": uuid4()}, {"version": 2}, {"version": 0}, {"site_id": 2}]
)
async def test_another_lease_version_or_site_changes_and_records_nothing(
    changes: dict[str, Any], paper: Paper, worker: Pool
) -> None:
    """Another worker has claimed the comment and is still checking it: the late verdict is about nothing."""
    comment_id = await paper.post()
    token = await lease(paper, comment_id)
    before = await paper.row(comment_id)
    to = by_checks(paper, comment_id, **({"lease_token": token} | changes))
    assert await in_transaction(worker, lambda held: moves.move(held, to)) is None
    assert await paper.row(comment_id) == before
    assert await paper.count("decision") == 0


async def test_a_lease_moves_nothing_that_is_no_longer_pending(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post()
    token = await lease(paper, comment_id)
    await paper.decide(comment_id, "hold")
    to = by_checks(paper, comment_id, lease_token=token, version=2)
    assert await in_transaction(worker, lambda held: moves.move(held, to)) is None


@pytest.mark.parametrize("way", ["checks", "moderator"])
async def test_whoever_waits_for_the_page_holds_no_comment_of_it(
    way: str, paper: Paper, worker: Pool
) -> None:
    """Page first, then the comment: in the other order a reply and its parent lock each other out."""
    comment_id = await paper.post()
    token = await lease(paper, comment_id)

    async def move() -> None:
        if way == "checks":
            to = by_checks(paper, comment_id, lease_token=token)
            await in_transaction(worker, lambda held: moves.move(held, to))
        else:
            await paper.decide(comment_id, "approve", version=1)

    async with connection(paper.web) as other, other.transaction():
        await other.execute("SELECT FROM page FOR NO KEY UPDATE")
        waiting = asyncio.create_task(move())
        await until_blocked(paper)
        await other.execute("SELECT FROM comment FOR NO KEY UPDATE NOWAIT")
    await waiting
    assert await paper.status(comment_id) == ("published", None)


async def test_a_reply_is_stored_while_its_parent_is_locked_for_a_decision(paper: Paper) -> None:
    parent = await paper.post_published()
    async with connection(paper.web) as other, other.transaction():
        assert await decisions.lock_comment(other, [paper.site.id], parent)
        await paper.post(parent_id=parent)
