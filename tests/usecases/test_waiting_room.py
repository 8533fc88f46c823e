"""A slow service keeps its own site's comments and nobody else's; no lease ends while it is waited for."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from service.domain.errors import StorageUnavailable
from service.domain.policy import Policy
from service.storage import leases
from service.storage.pool import Pool, connection
from tests.equipment.hostile_service import Mode
from tests.factories import Paper, make_site, make_submission, set_policy, until
from tests.usecases.checking import FakeCheck, never
from tests.usecases.outside import (
    HELD,
    PUBLISHED,
    check,
    desk_asking,
    outside_of,
    policy_with,
    running,
    send,
)


@pytest.fixture
def policy() -> Policy:
    return policy_with("webhook")


async def statuses(paper: Paper) -> list[str]:
    return [row["status"] for row in await paper.owner.fetch("SELECT status FROM comment")]


async def test_several_comments_are_asked_about_at_once_and_no_more_than_may_be(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    for _ in range(9):
        await send(paper)
    async with running("webhook") as servers:
        server = servers["webhook"]
        server.gate.clear()
        checking = asyncio.create_task(check(worker, outside_of(servers, deadline_s=60, at_once=3)))
        await until(lambda: asyncio.sleep(0, result=server.busy == 3 and len(fake.seen) == 9))
        server.gate.set()
        assert await checking == 9
        assert server.most_busy == 3
    assert set(await statuses(paper)) == {"published"}


async def test_a_lease_is_kept_while_a_service_is_slow(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    """Twice as slow as a lease is long; others look for work all the time, and find none."""
    comment_ids = [await send(paper) for _ in range(4)]
    lease = timedelta(seconds=1.5)
    async with running("webhook") as servers:
        server = servers["webhook"]
        server.wait_s = 3
        checking = asyncio.create_task(check(worker, outside_of(servers, deadline_s=60), lease=lease))
        await until(lambda: asyncio.sleep(0, result=server.seen))
        taken = 0
        while not checking.done():
            async with connection(worker) as held:
                taken += len(await leases.claim_due(held, uuid4(), limit=9, lease=lease))
            await asyncio.sleep(0.05)
        assert (await checking, taken, server.seen) == (4, 0, 4)
    for one in comment_ids:
        assert await paper.status(one) == PUBLISHED
        assert (await paper.row(one))["attempts"] == 1


async def test_other_sites_go_on_beside_a_slow_service(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    fen = await make_site(paper.owner, "fen", Policy(publish="auto"))
    for _ in range(6):
        await send(paper)
    async with running("webhook") as servers:
        server = servers["webhook"]
        server.mode = Mode.HANG
        checking = asyncio.create_task(check(worker, outside_of(servers, deadline_s=60, at_once=2), batch=2))
        await until(lambda: asyncio.sleep(0, result=server.seen == 2))
        for _ in range(12):
            desk = paper.desk
            accepted = await desk.accept(
                fen, make_submission(page_url="https://fen.example/a"), _arrival("https://fen.example/a")
            )
            await until(lambda it=accepted: _is_published(paper, it.id))  # type: ignore[misc]
        assert server.seen == 2, "they were decided before any of those that wait"
        checking.cancel()
        await asyncio.gather(checking, return_exceptions=True)


def _arrival(page_url: str) -> object:
    from tests.factories import make_arrival

    return make_arrival(page_url=page_url)


async def _is_published(paper: Paper, comment_id: object) -> bool:
    status: str = await paper.owner.fetchval("SELECT status FROM comment WHERE id = $1", comment_id)
    return status == "published"


async def test_a_stop_waits_for_whom_is_being_asked_about_and_gives_the_others_back(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    for _ in range(5):
        await send(paper)
    async with running("webhook") as servers:
        server = servers["webhook"]
        server.gate.clear()

        def all_are_begun() -> bool:
            is_so = len(fake.seen) == 5 and server.busy == 2
            if is_so:
                asyncio.get_running_loop().call_later(0.1, server.gate.set)
            return is_so

        desk = desk_asking(worker, outside_of(servers, deadline_s=60, at_once=2))
        assert await desk.check_due(all_are_begun) == 2
        assert server.seen == 2
        assert sorted(await statuses(paper)) == ["pending"] * 3 + ["published"] * 2
        rows = await paper.owner.fetch("SELECT * FROM comment WHERE status = 'pending'")
        assert [(row["attempts"], row["lease_token"]) for row in rows] == [(0, None)] * 3
        assert await desk.check_due(never) == 3, "they are due at once"


async def test_what_a_person_decides_meanwhile_stands(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    comment_id = await send(paper)
    async with running("webhook") as servers:
        server = servers["webhook"]
        server.gate.clear()
        checking = asyncio.create_task(check(worker, outside_of(servers, deadline_s=60)))
        await until(lambda: asyncio.sleep(0, result=server.busy))
        await paper.decide(comment_id, "reject", reason="hate")
        server.gate.set()
        assert await checking == 0
    assert await paper.status(comment_id) == ("rejected", "hate")


async def test_a_failure_about_one_comment_stays_with_it(
    paper: Paper, worker: Pool, fake: FakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, fine = await send(paper, "the bad one"), await send(paper)
    from service.usecases import ask_outside

    was = ask_outside.question_of

    def failing(site: object, comment_id: object, *rest: object) -> object:
        if comment_id == bad:
            raise RuntimeError("an error that quotes the comment")
        return was(site, comment_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ask_outside, "question_of", failing)
    async with running("webhook") as servers:
        assert await check(worker, outside_of(servers)) == 1
    assert (await paper.status(bad))[0] == "pending"
    assert (await paper.row(bad))["attempts"] == 1
    assert await paper.status(fine) == PUBLISHED


async def test_without_storage_nobody_knows_the_budget_and_the_lease_ends_by_itself(
    paper: Paper, worker: Pool, fake: FakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment_ids = [await send(paper) for _ in range(3)]
    from service.usecases import ask_outside

    async def away(*_: object, **__: object) -> bool:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(ask_outside.service_use, "take_one", away)
    async with running("webhook") as servers:
        with pytest.raises(StorageUnavailable):
            await check(worker, outside_of(servers))
        assert servers["webhook"].seen == 0
    assert {(await paper.status(one))[0] for one in comment_ids} == {"pending"}


async def test_nothing_is_left_behind_on_the_loop(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    for _ in range(4):
        await send(paper)
    before = asyncio.all_tasks()
    async with running("webhook") as servers:
        servers["webhook"].wait_s = 0.05
        await check(worker, outside_of(servers, at_once=2))
    assert asyncio.all_tasks() - before == set()


@pytest.fixture
async def unsure(paper: Paper) -> Paper:
    await set_policy(paper.owner, paper.site, policy_with("akismet"))
    return paper


async def due_in_s(paper: Paper, comment_id: object) -> float:
    seconds: float = await paper.owner.fetchval(
        "SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM comment WHERE id = $1", comment_id
    )
    return seconds


async def test_a_verdict_that_is_not_final_is_waited_for_once(
    unsure: Paper, worker: Pool, fake: FakeCheck
) -> None:
    final, never_final = await send(unsure, "one"), await send(unsure, "two")
    async with running("akismet") as servers:
        server, outside = servers["akismet"], outside_of(servers)
        server.hints = ("X-akismet-recheck-after: 30",)  # type: ignore[attr-defined]
        assert await check(worker, outside) == 0
        for one in (final, never_final):
            assert (await unsure.status(one))[0] == "pending"
            assert 25 < await due_in_s(unsure, one) <= 30
        await unsure.owner.execute("UPDATE comment SET due_at = clock_timestamp() WHERE id = $1", final)
        server.hints = ()  # type: ignore[attr-defined]
        assert await check(worker, outside) == 1
        assert server.asked[-1].form()["recheck_reason"] == "recheck"
        server.hints = ("X-akismet-recheck-after: 30",)  # type: ignore[attr-defined]
        await unsure.owner.execute("UPDATE comment SET due_at = clock_timestamp() WHERE id = $1", never_final)
        assert await check(worker, outside) == 1
    assert await unsure.status(final) == PUBLISHED
    assert await unsure.status(never_final) == HELD


@pytest.mark.parametrize("hint", ["61", "999999", "soon"])
async def test_a_verdict_that_would_come_after_a_lease_is_not_waited_for(
    hint: str, unsure: Paper, worker: Pool, fake: FakeCheck
) -> None:
    comment_id = await send(unsure)
    async with running("akismet") as servers:
        servers["akismet"].hints = (f"X-akismet-recheck-after: {hint}",)  # type: ignore[attr-defined]
        await check(worker, outside_of(servers))
    assert await unsure.status(comment_id) == HELD
