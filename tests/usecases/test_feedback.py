"""Akismet is told what people found, where that is not what it said; later, once, with what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.domain.policy import Policy
from service.storage import service_feedback
from service.storage.pool import Pool, connection
from service.usecases.ask_outside import OutsideDesk
from service.usecases.feedback import LEASE, TOLD_AFTER, tell_some
from service.usecases.sweep import sweep, with_feedback
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.akismet import AkismetService
from tests.factories import Paper, set_policy, until
from tests.usecases.checking import FakeCheck
from tests.usecases.outside import check, outside_of, policy_with, running, send


@pytest.fixture
def policy() -> Policy:
    return policy_with("akismet", publish="review")


@pytest.fixture
async def akismet() -> AsyncIterator[AkismetService]:
    async with running("akismet") as servers:
        server = servers["akismet"]
        assert isinstance(server, AkismetService)
        yield server


@pytest.fixture
def outside(akismet: AkismetService) -> OutsideDesk:
    return outside_of({"akismet": akismet}, deadline_s=20)


async def checked(paper: Paper, worker: Pool, outside: OutsideDesk, *, spam: bool = False) -> UUID:
    """A comment about which Akismet has said something."""
    comment_id = await send(paper, author="viagra-test-123" if spam else "Mara Quist")
    await check(worker, outside)
    return comment_id


async def let_pass(paper: Paper, time: timedelta) -> None:
    await paper.owner.execute("UPDATE service_feedback SET due_at = due_at - $1::interval", time)


async def tell(worker: Pool, outside: OutsideDesk) -> int:
    async with connection(worker) as held:
        return await tell_some(held, outside, 100)


async def told_after_a_while(paper: Paper, worker: Pool, outside: OutsideDesk) -> int:
    await let_pass(paper, TOLD_AFTER + timedelta(seconds=1))
    return await tell(worker, outside)


def verdicts(akismet: AkismetService) -> list[str]:
    return [verdict for verdict, _ in akismet.told]


@pytest.mark.parametrize(
    ("spam", "action", "told"),
    [
        (True, "approve", ["ham"]),
        (False, "spam", ["spam"]),
        (False, "approve", []),  # as it said
        (True, "spam", []),
        (True, "reject", []),  # says nothing about spam
        (False, "reject", []),
        (False, "hold", []),
    ],
)
async def test_it_is_told_where_a_person_found_otherwise(
    spam: bool, action: str, told: list[str], paper: Paper, worker: Pool, fake: FakeCheck,
    akismet: AkismetService, outside: OutsideDesk,
) -> None:  # fmt: skip
    comment_id = await checked(paper, worker, outside, spam=spam)
    await paper.decide(comment_id, action)
    assert await tell(worker, outside) == 0, "not before nobody can take it back"
    await told_after_a_while(paper, worker, outside)
    assert verdicts(akismet) == told
    await told_after_a_while(paper, worker, outside)
    assert verdicts(akismet) == told, "once"


async def test_it_is_told_with_the_very_fields_of_the_check(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    comment_id = await checked(paper, worker, outside)
    await paper.decide(comment_id, "spam")
    await told_after_a_while(paper, worker, outside)
    check_fields = next(one.form() for one in akismet.asked if one.path == "/1.1/comment-check")
    assert akismet.told == [("spam", check_fields)]
    assert check_fields["user_ip"] == "203.0.113.77"
    assert not any("email" in name for name in check_fields)


async def test_what_the_checks_decide_is_told_to_nobody(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    await set_policy(paper.owner, paper.site, policy_with("akismet", publish="auto", action="reject"))
    await checked(paper, worker, outside)
    await checked(paper, worker, outside, spam=True)
    await told_after_a_while(paper, worker, outside)
    assert await paper.count("service_feedback") == 0
    assert akismet.told == []


async def test_of_what_it_was_not_asked_about_it_is_told_nothing(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    pending = await send(paper)
    await paper.decide(pending, "spam")
    akismet.mode = Mode.SERVER_ERROR
    in_doubt = await checked(paper, worker, outside)
    akismet.mode = Mode.FINE
    await paper.decide(in_doubt, "spam")
    await told_after_a_while(paper, worker, outside)
    assert akismet.told == []


async def test_who_changes_a_mind_in_time_is_told_as_whoever_decided_last(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    taken_back = await checked(paper, worker, outside)
    await paper.decide(taken_back, "spam")
    await paper.undo(taken_back)
    changed = await checked(paper, worker, outside)
    await paper.decide(changed, "spam")
    await paper.decide(changed, "approve")
    twice = await checked(paper, worker, outside, spam=True)
    await paper.decide(twice, "approve")
    await paper.decide(twice, "spam")
    await paper.undo(twice)  # the approval stands again
    await told_after_a_while(paper, worker, outside)
    assert verdicts(akismet) == ["ham"]


async def test_what_was_told_and_is_found_otherwise_later_is_told_again(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    comment_id = await checked(paper, worker, outside)
    await paper.decide(comment_id, "spam")
    await told_after_a_while(paper, worker, outside)
    await paper.decide(comment_id, "approve")
    await told_after_a_while(paper, worker, outside)
    assert verdicts(akismet) == ["spam", "ham"]


async def test_a_mind_that_changes_while_it_is_told_is_told_again(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    comment_id = await checked(paper, worker, outside)
    await paper.decide(comment_id, "spam")
    await let_pass(paper, TOLD_AFTER + timedelta(seconds=1))
    akismet.gate.clear()
    telling = asyncio.create_task(tell(worker, outside))
    await until(lambda: asyncio.sleep(0, result=akismet.busy))
    await paper.decide(comment_id, "approve")
    akismet.gate.set()
    await telling
    await told_after_a_while(paper, worker, outside)
    assert verdicts(akismet) == ["spam", "ham"]


@pytest.mark.parametrize("mode", [Mode.SERVER_ERROR, Mode.HANG, Mode.RESET, Mode.TOO_MANY, Mode.REDIRECT])
async def test_what_it_did_not_hear_is_told_again_later_and_later(
    mode: Mode, paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    comment_id = await checked(paper, worker, outside)
    await paper.decide(comment_id, "spam")
    akismet.mode = mode
    hurried = outside_of({"akismet": akismet}, deadline_s=0.5)
    waits = []
    for _ in range(3):
        assert await told_after_a_while(paper, worker, hurried) == 1
        waits.append(await due_in(paper))
        await let_pass(paper, timedelta(hours=1))
        hurried.services["akismet"].restraint.breaker.succeeded()
    assert [round(wait, -1) for wait in waits] == [60, 120, 240]
    akismet.mode = Mode.FINE
    await told_after_a_while(paper, worker, outside)
    assert verdicts(akismet) == ["spam"]


async def due_in(paper: Paper) -> float:
    seconds: float = await paper.owner.fetchval(
        "SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM service_feedback"
    )
    return seconds


async def test_who_is_killed_while_telling_leaves_it_due_again(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    comment_id = await checked(paper, worker, outside)
    await paper.decide(comment_id, "spam")

    async def killed(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("service.storage.service_feedback.mark_told", killed)
        with pytest.raises(RuntimeError, match="killed"):
            await told_after_a_while(paper, worker, outside)
    assert await tell(worker, outside) == 0, "another one has it for so long"
    await let_pass(paper, LEASE)
    assert await tell(worker, outside) == 1
    assert verdicts(akismet) == ["spam", "spam"], "being told twice does no harm"
    await let_pass(paper, timedelta(days=1))
    assert await tell(worker, outside) == 0


async def test_several_tellers_tell_each_thing_once(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    for _ in range(6):
        await paper.decide(await checked(paper, worker, outside), "spam")
    await let_pass(paper, TOLD_AFTER + timedelta(seconds=1))
    told = await asyncio.gather(*(tell(worker, outside) for _ in range(4)))
    assert sum(told) == 6
    assert len({fields["comment_content"] for _, fields in akismet.told}) == len(akismet.told) == 6


async def test_what_one_teller_has_taken_another_passes_over(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    for _ in range(3):
        await paper.decide(await checked(paper, worker, outside), "spam")
    await let_pass(paper, TOLD_AFTER + timedelta(seconds=1))
    async with connection(worker) as first, connection(worker) as second, first.transaction():
        taken = await service_feedback.claim(first, "akismet", limit=2, lease=LEASE)
        others = await service_feedback.claim(second, "akismet", limit=9, lease=LEASE)
    assert (len(taken), len(others)) == (2, 1)
    assert not {one.comment_id for one in taken} & {one.comment_id for one in others}


async def test_a_site_that_turned_it_off_and_what_has_expired_are_told_of_no_more(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    first, second = await checked(paper, worker, outside), await checked(paper, worker, outside)
    for one in (first, second):
        await paper.decide(one, "spam")
    await paper.owner.execute("DELETE FROM comment_as_submitted WHERE comment_id = $1", first)
    await let_pass(paper, TOLD_AFTER + timedelta(seconds=1))
    await paper.owner.execute("UPDATE service_feedback SET due_at = 'infinity' WHERE comment_id = $1", second)
    assert await tell(worker, outside) == 1
    await set_policy(paper.owner, paper.site, Policy())
    await paper.owner.execute("UPDATE service_feedback SET due_at = '-infinity'")
    assert await tell(worker, outside) == 1
    assert await tell(worker, outside) == 0
    assert akismet.told == []


async def test_the_housekeeping_tells_it(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    for _ in range(6):
        await paper.decide(await checked(paper, worker, outside), "spam")
    await let_pass(paper, TOLD_AFTER + timedelta(seconds=1))
    done = await sweep(worker, seconds=20, chores=with_feedback(outside))
    assert done["tell services what people found"] == 6
    assert len(akismet.told) == 6


async def test_a_process_without_services_leaves_it_to_others(
    paper: Paper, worker: Pool, fake: FakeCheck, akismet: AkismetService, outside: OutsideDesk
) -> None:
    comment_id = await checked(paper, worker, outside)
    await paper.decide(comment_id, "spam")
    assert await told_after_a_while(paper, worker, OutsideDesk()) == 0
    assert await tell(worker, outside) == 1
