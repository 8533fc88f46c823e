"""Held comments are given back to the checks, and nothing that a person did is overruled."""

from uuid import uuid4

import pytest

from service.domain.errors import NothingToUndo
from service.domain.policy import Policy
from service.limits.limit import Limit
from service.storage import leases, queue
from service.storage.pool import Pool, in_transaction
from service.storage.rechecks import Recheck, recheck_some
from tests.factories import Paper, make_email, make_submission, set_policy
from tests.usecases.checking import LEASE, rules, run

LINKS = "See http://a.example http://b.example http://c.example, number {}."


@pytest.fixture
def policy() -> Policy:
    """Clean comments are published by the checks."""
    return rules()


async def recheck(paper: Paper, *, limit: int = 100, **wish: object) -> list[object]:
    wanted = Recheck(paper.site.id, **{"moderator_id": paper.mina.moderator_id, **wish})  # type: ignore[arg-type]
    return list(await in_transaction(paper.web, lambda held: recheck_some(held, wanted, limit=limit)))


async def test_what_the_checks_held_is_decided_by_todays_policy(paper: Paper, worker: Pool) -> None:
    held = await paper.post(text=LINKS.format(1))
    await run(worker)
    assert (await paper.status(held))[0] == "held"
    await set_policy(paper.owner, paper.site, rules(max_links=5))
    assert await recheck(paper) == [held]
    assert await paper.status(held) == ("pending", None)
    assert await run(worker) == 1
    assert await paper.status(held) == ("published", None)
    first, asked, last = await paper.decisions(held)
    assert (asked["source"], asked["action"], asked["moderator_id"]) == (
        "moderator", "recheck", paper.mina.moderator_id,
    )  # fmt: skip
    assert [one["version"] for one in (first, asked, last)] == [2, 3, 4]
    assert (last["policy_version"], last["rule"]) == (2, "publish")
    assert (await paper.page())["published_count"] == 1


async def test_a_persons_decision_is_never_overruled(paper: Paper, worker: Pool) -> None:
    put_back, undone, approved = [await paper.post(text=LINKS.format(n)) for n in range(3)]
    await run(worker)
    await paper.decide(put_back, "hold")
    await paper.decide(undone, "approve")
    await paper.undo(undone)
    await paper.decide(approved, "approve")
    assert await recheck(paper) == []
    assert (await paper.status(put_back))[0] == (await paper.status(undone))[0] == "held"


async def test_what_a_moderator_looks_at_is_left_alone(paper: Paper, worker: Pool) -> None:
    claimed = await paper.post(text=LINKS.format(1))
    await run(worker)
    async with paper.web.acquire() as held:
        assert await queue.claim_held(held, [paper.site.id], paper.mina.moderator_id, limit=1, seconds=60)
    assert await recheck(paper) == []
    await paper.owner.execute("UPDATE comment SET claimed_until = clock_timestamp()")
    assert await recheck(paper) == [claimed]


async def test_only_what_was_asked_for_a_part_at_a_time(paper: Paper, worker: Pool) -> None:
    linked = [await paper.post(text=LINKS.format(number)) for number in range(3)]
    mailbox = await paper.post(text="Write to me at mara@mail.example.")
    await run(worker)
    first = await recheck(paper, reason="links", limit=2)
    rest = await recheck(paper, reason="links", limit=2, after=first[-1])
    assert first + rest == linked
    assert (await paper.status(mailbox))[0] == "held"


async def test_what_awaits_its_authors_mail_goes_on_waiting(paper: Paper, worker: Pool) -> None:
    await paper.post(text=LINKS.format(1))
    await run(worker)
    await paper.owner.execute("UPDATE comment SET reason = 'awaiting_confirmation'")
    assert await recheck(paper) == []


async def test_a_comment_that_was_given_up_has_its_attempts_again(paper: Paper, worker: Pool) -> None:
    given_up = await paper.post()
    await paper.owner.execute("UPDATE comment SET attempts = 3")
    await run(worker)
    assert await paper.status(given_up) == ("held", "check_failed")
    assert await recheck(paper, reason="check_failed") == [given_up]
    await run(worker)
    assert await paper.status(given_up) == ("published", None)


async def test_asking_again_is_no_opinion_that_could_be_taken_back(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post(text=LINKS.format(1))
    await run(worker)
    await recheck(paper)
    with pytest.raises(NothingToUndo):
        await paper.undo(comment_id)
    await run(worker)
    assert await recheck(paper) == [comment_id]  # the wish was no decision of a person about it


async def test_a_person_may_decide_while_it_is_checked_again(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post(text=LINKS.format(1))
    await run(worker)
    await recheck(paper)
    async with worker.acquire() as held:
        assert await leases.claim_due(held, uuid4(), limit=5, lease=LEASE)
    await paper.decide(comment_id, "approve")
    assert (await paper.status(comment_id))[0] == "published"


async def test_the_command_line_is_named_as_such(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post(text=LINKS.format(1))
    await run(worker)
    await recheck(paper, moderator_id=None)
    asked = (await paper.decisions(comment_id))[-1]
    assert (asked["source"], asked["moderator_id"]) == ("operator", None)


async def test_what_was_held_as_one_of_a_flood_is_not_published_because_its_network_was_forgotten(
    paper: Paper, worker: Pool
) -> None:
    arrival = {"network": b"n" * 16}
    ids = [(await paper.accept(make_submission(), **arrival)).id for _ in range(3)]
    await run(worker, network_limit=Limit(2, 3600))
    assert (await paper.status(ids[2])) == ("held", "flood")
    assert await recheck(paper) == [ids[2]]  # what was counted is still known
    await run(worker, network_limit=Limit(2, 3600))
    assert (await paper.status(ids[2])) == ("held", "flood")
    await paper.owner.execute("UPDATE comment SET network = NULL")
    assert await recheck(paper) == []


async def test_what_was_held_as_one_of_many_is_not_published_because_the_others_were_forgotten(
    paper: Paper, worker: Pool
) -> None:
    """Sketches are kept for a week."""
    text = (
        "Nobody told us about the old mill before we came here, so see http://mill{}.example for all of it."
    )
    ids = [await paper.post(text=text.format(number), email=make_email()) for number in range(3)]
    await run(worker)
    assert (await paper.status(ids[2])) == ("held", "duplicate")
    await paper.owner.execute("UPDATE comment SET submitted_at = submitted_at - interval '8 days'")
    assert await recheck(paper) == []
