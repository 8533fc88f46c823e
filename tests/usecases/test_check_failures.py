"""Checks that fail, dawdle or die: counted for their own row, and then a person looks."""

import time
from contextlib import AbstractContextManager
from typing import Any

import pytest

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CheckTimedOut
from service.storage.pool import Pool
from service.usecases.check import MAX_ATTEMPTS, CheckDesk
from tests.factories import Paper
from tests.usecases.checking import AUTO, FakeCheck, findings_of, let_leases_end, run


@pytest.fixture
def policy() -> Policy:
    return AUTO


async def test_an_attempt_is_counted_just_before_the_check_and_for_no_other_row(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """The batch is claimed at once, but whoever is not yet begun has no attempt."""
    ids = [await paper.post() for _ in range(3)]

    def die(_evidence: Evidence) -> Finding:
        raise SystemExit

    fake.says = die
    for attempt in (1, 2):
        with pytest.raises(SystemExit):
            await run(worker)
        assert [(await paper.row(one))["attempts"] for one in ids] == [attempt, 0, 0]
        await let_leases_end(paper)


async def test_after_three_attempts_without_an_end_a_person_looks_and_no_check_runs(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    poison, innocent = await paper.post(text="poison"), await paper.post()

    def die(evidence: Evidence) -> Finding:
        if evidence.text == "poison":
            raise SystemExit
        return Finding("fake", 7, Outcome.PASS)

    fake.says = die
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with pytest.raises(SystemExit):
            await run(worker, batch=1)
        assert (await paper.row(poison))["attempts"] == attempt
        await let_leases_end(paper)
    seen = len(fake.seen)
    await run(worker)
    assert await paper.status(poison) == ("held", "check_failed")
    assert await paper.status(innocent) == ("published", None)
    assert [evidence.text for evidence in fake.seen[seen:]].count("poison") == 0
    (decision,) = await paper.decisions(poison)
    assert (decision["source"], decision["findings"], decision["decided_by"]) == ("checks", "[]", None)


async def test_a_check_that_raises_leads_to_a_person(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    def fail(_evidence: Evidence) -> Finding:
        raise ValueError("mara@mail.example")

    fake.says = fail
    comment_id = await paper.post()
    assert await run(worker) == 1
    assert await paper.status(comment_id) == ("held", "check_failed")
    finding = (await findings_of(paper, comment_id))["fake"]
    assert (finding["outcome"], finding["reason"], finding["detail"]) == (
        "unknown",
        "check_failed",
        "ValueError",
    )


async def test_an_error_about_one_comment_stays_with_it_and_its_batch_goes_on(
    paper: Paper, worker: Pool, fake: FakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, broken, last = [await paper.post() for _ in range(3)]
    gather = CheckDesk._gather

    async def fail(self: CheckDesk, leased: Any, text: str) -> Evidence:
        if leased.id == broken:
            raise KeyError("what nobody foresaw")
        return await gather(self, leased, text)

    monkeypatch.setattr(CheckDesk, "_gather", fail)
    assert await run(worker) == 2
    assert [await paper.status(one) for one in (first, last)] == [("published", None)] * 2
    row = await paper.row(broken)
    assert (row["status"], row["attempts"], row["lease_token"] is None) == ("pending", 1, False)
    for _ in range(MAX_ATTEMPTS):
        await let_leases_end(paper)
        await run(worker)
    assert await paper.status(broken) == ("held", "check_failed")


async def test_a_check_that_runs_out_of_its_deadline_leads_to_a_person(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    class Late(AbstractContextManager[None]):
        def __exit__(self, *_: object) -> None:
            raise CheckTimedOut

    comment_id = await paper.post()
    await run(worker, deadline=Late)
    assert await paper.status(comment_id) == ("held", "check_failed")
    assert (await findings_of(paper, comment_id))["fake"]["detail"] == "CheckTimedOut"


async def test_the_alarm_of_a_worker_interrupts_a_check(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    from workers.deadline import alarm

    def dawdle(_evidence: Evidence) -> Finding:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            pass
        raise AssertionError("not interrupted")

    fake.says = dawdle
    comment_id = await paper.post()
    await run(worker, deadline=alarm(0.05))
    assert (await findings_of(paper, comment_id))["fake"]["detail"] == "CheckTimedOut"
    fake.says = None
    after = await paper.post()
    await run(worker, deadline=alarm(5))
    assert await paper.status(after) == ("published", None)


async def test_a_comment_of_an_hour_that_is_yet_to_come_is_checked_now(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """The clock of the database stood an hour ahead when it was written."""
    comment_id = await paper.post()
    await paper.owner.execute("UPDATE comment SET due_at = due_at + interval '1 hour'")
    assert await run(worker) == 1
    assert await paper.status(comment_id) == ("published", None)


async def test_a_check_that_waits_for_the_processor_is_not_late(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """Its deadline is the processor's time; on a busy machine nobody innocent is held."""
    from workers.deadline import alarm

    def wait(_evidence: Evidence) -> Finding:
        time.sleep(0.6)
        return Finding("fake", 7, Outcome.PASS)

    fake.says = wait
    comment_id = await paper.post()
    await run(worker, deadline=alarm(0.5))
    assert await paper.status(comment_id) == ("published", None)
