"""Moderators are told once of a queue that is too long, a comment that waits, a check that is down."""

import asyncio
from typing import Any

import pytest

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.storage.pool import Pool, in_transaction
from service.usecases.raise_alerts import raise_alerts
from service.usecases.sweep import sweep
from tests.equipment.receiver import Receiver, verified
from tests.factories import Paper, set_policy
from tests.usecases.checking import FakeCheck, rules, run
from tests.usecases.test_deliver import add, drain


@pytest.fixture
def policy() -> Policy:
    return rules(publish="review", alerts={"queue": 5, "held_minutes": 30, "check_failures": 3})


async def look(worker: Pool) -> int:
    return await in_transaction(worker, lambda held: raise_alerts()(held, 1000))


async def standing(paper: Paper) -> list[tuple[str, str, int]]:
    rows = await paper.owner.fetch(
        "SELECT kind, subject, value FROM alert WHERE ended_at IS NULL ORDER BY kind, subject"
    )
    return [(row["kind"], row["subject"], row["value"]) for row in rows]


async def hold(paper: Paper, number: int) -> list[Any]:
    ids = [await paper.post(text=f"Reply {at} of {number}.") for at in range(number)]
    for one in ids:
        await paper.decide(one, "hold")
    return ids


async def wait_minutes(paper: Paper, minutes: float) -> None:
    """Let everything be held for so much longer."""
    async with paper.owner.transaction():
        await paper.owner.execute("SET LOCAL session_replication_role = replica")  # no trigger sets it anew
        await paper.owner.execute(
            "UPDATE comment SET decided_at = decided_at - $1 * interval '1 minute'", float(minutes)
        )


async def test_a_queue_that_is_too_long_is_told_once_and_again_only_after_its_end(
    paper: Paper, worker: Pool
) -> None:
    ids = await hold(paper, 6)
    assert await look(worker) == 1
    assert await look(worker) == 0
    assert await standing(paper) == [("queue_too_long", "", 6)]
    await paper.decide(ids[0], "approve")
    assert await look(worker) == 0  # five are not over five, and not well below either
    await paper.decide(ids[1], "approve")
    assert await look(worker) == 1
    assert await standing(paper) == []
    await hold(paper, 2)
    assert await look(worker) == 1
    assert await paper.count("alert") == 2


async def test_a_comment_that_waits_too_long_is_told(paper: Paper, worker: Pool) -> None:
    [one] = await hold(paper, 1)
    await wait_minutes(paper, 29.5)
    assert await look(worker) == 0
    await wait_minutes(paper, 1)
    assert await look(worker) == 1
    assert await standing(paper) == [("held_too_long", "", 31)]
    await paper.decide(one, "approve")
    assert await look(worker) == 1
    assert await standing(paper) == []


async def test_a_comment_is_held_from_its_decision_on_however_old_it_is(paper: Paper, worker: Pool) -> None:
    one = await paper.post_published()
    await paper.owner.execute("UPDATE comment SET submitted_at = submitted_at - interval '9 days'")
    await paper.decide(one, "hold")
    assert await look(worker) == 0


async def test_a_check_that_gives_no_answer_again_and_again_is_told_by_its_name(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await set_policy(paper.owner, paper.site, rules(alerts={"check_failures": 3}))
    fake.says = lambda _evidence: Finding("fake", 7, Outcome.UNKNOWN)
    for at in range(3):
        assert await look(worker) == 0
        await paper.post(text=f"Into the void, {at}.")
        await run(worker)
    assert await look(worker) == 1
    assert await standing(paper) == [("check_down", "fake", 3)]
    fake.says = None
    for at in range(3):
        assert await look(worker) == 0
        await paper.post(text=f"Somebody listens, {at}.")
        await run(worker)
    assert await look(worker) == 1
    assert await standing(paper) == []


async def test_a_check_that_is_switched_off_is_not_down(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    fake.says = lambda _evidence: Finding("fake", 7, Outcome.UNKNOWN)
    for at in range(3):
        await paper.post(text=f"Into the void, {at}.")
        await run(worker)
    assert await look(worker) == 1
    await set_policy(
        paper.owner, paper.site, rules(checks={"fake": {"on": False}}, alerts={"check_failures": 3})
    )
    assert await look(worker) == 1
    assert await standing(paper) == []


async def test_without_thresholds_nothing_is_told_and_what_stood_ends(paper: Paper, worker: Pool) -> None:
    await hold(paper, 6)
    await look(worker)
    await set_policy(paper.owner, paper.site, rules(publish="review"))
    assert await look(worker) == 1
    assert await standing(paper) == []
    assert await look(worker) == 0


async def test_many_who_look_at_once_raise_one_alert(paper: Paper, worker: Pool) -> None:
    await hold(paper, 6)
    assert sum(await asyncio.gather(*(look(worker) for _ in range(8)))) == 1
    assert await paper.count("alert") == 1


async def test_a_webhook_is_told_of_the_beginning_and_the_end_and_of_no_reader(
    paper: Paper, worker: Pool
) -> None:
    async with Receiver() as receiver:
        _, secret = await add(paper, receiver.url, ("alert.raised", "alert.ended"))
        await add(paper, receiver.url, ("comment.erased",))
        ids = await hold(paper, 6)
        assert (await sweep(worker, seconds=20))["raise alerts"] == 1
        await drain(paper, worker)
        for one in ids:
            await paper.decide(one, "approve")
        await look(worker)
        await drain(paper, worker)
    begun, ended = receiver.documents
    [headers, body], _ = receiver.requests
    assert verified(headers, body, secret)
    assert begun["data"].pop("id") == ended["data"].pop("id")
    assert begun == {
        "type": "alert.raised", "timestamp": begun["data"]["raised_at"],
        "data": {
            "site": "paper", "kind": "queue_too_long", "check": None, "threshold": 5, "value": 6,
            "raised_at": begun["timestamp"], "ended_at": None,
        },
    }  # fmt: skip
    assert (ended["type"], ended["data"]["value"]) == ("alert.ended", 0)
    assert ended["timestamp"] == ended["data"]["ended_at"] > begun["timestamp"]


async def test_a_webhook_that_is_down_is_told_of_the_beginning_as_it_was_though_it_has_ended(
    paper: Paper, worker: Pool
) -> None:
    async with Receiver(status=500) as receiver:
        await add(paper, receiver.url, ("alert.raised", "alert.ended"))
        ids = await hold(paper, 6)
        await look(worker)
        for one in ids:
            await paper.decide(one, "approve")
        await look(worker)
        receiver.status = 200
        await drain(paper, worker)
    assert sorted((one["type"], one["data"]["value"], one["data"]["ended_at"] is None)
                  for one in receiver.documents) == [
        ("alert.ended", 0, False), ("alert.raised", 6, True),
    ]  # fmt: skip


async def test_alerts_that_ended_a_month_ago_are_forgotten_with_their_deliveries(
    paper: Paper, worker: Pool
) -> None:
    await add(paper, "https://hooks.paper.example/", ("alert.raised", "alert.ended"))
    for one in await hold(paper, 6):
        await look(worker)
        await paper.decide(one, "approve")
    await look(worker)
    await paper.owner.execute("UPDATE alert SET ended_at = ended_at - interval '31 days'")
    assert (await sweep(worker, seconds=20))["drop old alerts"] == 1
    assert (await paper.count("alert"), await paper.count("webhook_delivery")) == (0, 0)
