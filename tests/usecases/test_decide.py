"""What moderators decide: every move, its version and reason, who holds the lease, and taking it back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.domain.errors import (
    ClaimedByAnother,
    CommentNotFound,
    IllegalMove,
    MissingReason,
    NothingToUndo,
    StaleVersion,
    UnknownReason,
)
from service.domain.policy import Policy
from service.domain.site import ReasonText
from service.storage import queue
from service.storage.pool import in_transaction
from service.usecases.decide import MOVES, Judge, Ruling, rule
from tests.factories import Paper, make_site

ACTIONS = {"approve": "published", "reject": "rejected", "spam": "spam", "hold": "held"}


async def claim(paper: Paper, judge: Judge, *, limit: int = 10, seconds: int = 300) -> list[Any]:
    return await in_transaction(
        paper.web,
        lambda held: queue.claim_held(held, judge.site_ids, judge.moderator_id, limit=limit, seconds=seconds),
    )


async def pass_time(paper: Paper, passed: timedelta) -> None:
    await paper.owner.execute("UPDATE decision SET decided_at = decided_at - $1::interval", passed)
    await paper.owner.execute("UPDATE comment SET claimed_until = claimed_until - $1::interval", passed)


# ---- moves


def test_there_is_an_action_for_each_status_that_a_person_can_give() -> None:
    assert {action: str(status) for action, status in MOVES.items()} == ACTIONS


@pytest.mark.parametrize("first", [None, *ACTIONS])
async def test_every_comment_can_be_moved_anywhere_and_the_decision_is_recorded(
    first: str | None, paper: Paper
) -> None:
    for action, status in ACTIONS.items():
        comment_id = await paper.post()
        if first:
            await paper.decide(comment_id, first, reason="other")
        before = await paper.row(comment_id)
        await paper.decide(comment_id, action, reason="spam", note="A note.")
        row = await paper.row(comment_id)
        moved = before["status"] != status
        assert (row["status"], row["reason"]) == (status, "spam")
        assert row["version"] == before["version"] + moved
        last = (await paper.decisions(comment_id))[-1]
        assert (last["from_status"], last["status"], last["action"]) == (before["status"], status, action)
        assert (last["source"], last["moderator_id"]) == ("moderator", paper.mina.moderator_id)
        assert (last["reason"], last["note"], last["policy_version"]) == ("spam", "A note.", None)
        assert last["version"] == (row["version"] if moved else None)


async def test_publishing_is_timed_once(paper: Paper) -> None:
    comment_id = await paper.post()
    assert (await paper.row(comment_id))["published_at"] is None
    await paper.decide(comment_id, "approve")
    first = (await paper.row(comment_id))["published_at"]
    assert first is not None
    await paper.decide(comment_id, "reject")
    await paper.decide(comment_id, "approve")
    assert (await paper.row(comment_id))["published_at"] == first


async def test_a_stale_version_is_refused_with_what_is_current(paper: Paper) -> None:
    comment_id = await paper.post_published()
    for version in (1, 3, 0, -1):
        with pytest.raises(StaleVersion) as caught:
            await paper.decide(comment_id, "spam", version=version)
        assert (caught.value.status, caught.value.version) == ("published", 2)
    assert await paper.status(comment_id) == ("published", None)
    assert len(await paper.decisions(comment_id)) == 1


async def test_an_erased_comment_stays_erased(paper: Paper) -> None:
    comment_id = await paper.post_published()
    async with paper.owner.transaction():
        await paper.owner.execute("UPDATE comment SET status = 'erased', version = 3")
        await paper.owner.execute(
            "INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)"
            " VALUES (1, $1, 3, 'published', 'erased', 'author', 'erase')",
            comment_id,
        )
    for action in ACTIONS:
        with pytest.raises(IllegalMove):
            await paper.decide(comment_id, action, version=3)
    with pytest.raises(IllegalMove):
        await paper.undo(comment_id)


async def test_another_sites_comment_is_as_if_it_did_not_exist(paper: Paper) -> None:
    comment_id = await paper.post()
    other = await make_site(paper.owner, "gazette", Policy())
    stranger = Judge(paper.mina.moderator_id, {other.id: other})
    nobody = Judge(paper.mina.moderator_id, {})
    for judge, which in ((stranger, comment_id), (nobody, comment_id), (paper.mina, uuid4())):
        ruling = Ruling(which, "approve", 1)
        with pytest.raises(CommentNotFound):
            await in_transaction(paper.web, lambda held, j=judge, r=ruling: rule(held, j, r))  # type: ignore[misc]
        with pytest.raises(CommentNotFound):
            await paper.undo(which, judge)
    assert await paper.status(comment_id) == ("pending", None)


# ---- reasons


async def test_a_rejection_says_why_and_other_moves_may(paper: Paper) -> None:
    for action in ACTIONS:
        comment_id = await paper.post()
        ruling = Ruling(comment_id, action, 1)
        if action == "reject":
            with pytest.raises(MissingReason):
                await in_transaction(paper.web, lambda held, r=ruling: rule(held, paper.mina, r))  # type: ignore[misc]
            assert await paper.status(comment_id) == ("pending", None)
        else:
            await paper.decide(comment_id, action)


@pytest.mark.parametrize("reason", ["", "Spam", "rude", "spam ", "own_of_another_site"])
async def test_an_unknown_reason_is_refused_whatever_the_move(reason: str, paper: Paper) -> None:
    comment_id = await paper.post()
    for action in ACTIONS:
        with pytest.raises(UnknownReason):
            await paper.decide(comment_id, action, reason=reason)
    assert await paper.decisions(comment_id) == []


async def test_a_site_has_reasons_of_its_own(paper: Paper) -> None:
    own = replace(paper.site, own_reasons=(ReasonText("house_rule_4", "Rule 4", "We do not print that."),))
    judge = Judge(paper.mina.moderator_id, {own.id: own})
    comment_id = await paper.post()
    await paper.decide(comment_id, "reject", reason="house_rule_4", judge=judge)
    assert await paper.status(comment_id) == ("rejected", "house_rule_4")


# ---- claims


async def test_who_does_not_hold_the_claim_is_refused_and_told_who_does(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold")
    noor = await paper.colleague("Noor")
    assert await claim(paper, noor) == [comment_id]
    with pytest.raises(ClaimedByAnother) as caught:
        await paper.decide(comment_id, "approve")
    assert caught.value.claimed_by == "Noor"
    assert caught.value.claimed_until == (await paper.row(comment_id))["claimed_until"]
    with pytest.raises(ClaimedByAnother):
        await paper.undo(comment_id)
    await paper.decide(comment_id, "approve", judge=noor)


async def test_a_claim_that_has_run_out_holds_nobody_back(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold")
    await claim(paper, await paper.colleague())
    await pass_time(paper, timedelta(seconds=301))
    await paper.decide(comment_id, "approve")


async def test_a_stale_version_is_told_before_the_claim(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold")
    await claim(paper, await paper.colleague())
    with pytest.raises(StaleVersion):
        await paper.decide(comment_id, "approve", version=1)


async def test_a_decided_comment_is_nobodys_any_more(paper: Paper) -> None:
    """Or a colleague could take a wrong decision back only when the claim has run out."""
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold")
    noor = await paper.colleague()
    await claim(paper, noor)
    await paper.decide(comment_id, "approve", judge=noor)
    row = await paper.row(comment_id)
    assert (row["claimed_by"], row["claimed_until"]) == (None, None)
    await paper.undo(comment_id)
    assert await claim(paper, noor) == [comment_id]


async def test_who_holds_a_claimed_comment_again_is_not_handed_it_again_at_once(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold")
    assert await claim(paper, paper.mina) == [comment_id]
    await paper.decide(comment_id, "hold", reason="other", note="Ask the editor.")
    assert await claim(paper, paper.mina) == []


async def test_a_decision_that_moves_nothing_keeps_the_reason_unless_it_names_another(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold", reason="links")
    await paper.decide(comment_id, "hold")
    assert await paper.status(comment_id) == ("held", "links")
    await paper.decide(comment_id, "hold", reason="other")
    assert await paper.status(comment_id) == ("held", "other")
    await paper.decide(comment_id, "approve")
    assert await paper.status(comment_id) == ("published", None)


async def test_claims_go_to_the_oldest_held_comments_each_to_one_person(paper: Paper) -> None:
    ids = [await paper.post() for _ in range(30)]
    for comment_id in ids:
        await paper.decide(comment_id, "hold")
    judges = [await paper.colleague(f"Person {n}") for n in range(4)]
    got = await asyncio.gather(*(claim(paper, judge, limit=6) for judge in judges))
    assert [len(one) for one in got] == [6, 6, 6, 6]
    assert sorted(one for part in got for one in part) == sorted(ids[:24])
    assert await claim(paper, judges[0], limit=50) == ids[24:]
    assert await claim(paper, judges[1]) == []


async def test_what_waits_for_its_authors_mail_or_is_not_held_is_claimed_by_nobody(paper: Paper) -> None:
    waiting, published, pending = await paper.post(), await paper.post_published(), await paper.post()
    await paper.decide(waiting, "hold", reason="awaiting_confirmation")
    assert await claim(paper, paper.mina) == []
    assert {published, pending, waiting}


# ---- undo


@pytest.mark.parametrize("action", list(ACTIONS))
async def test_undo_restores_status_and_reason(action: str, paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold", reason="flood")
    await paper.decide(comment_id, action, reason="off_topic")
    version = (await paper.row(comment_id))["version"]
    await paper.undo(comment_id)
    row = await paper.row(comment_id)
    assert (row["status"], row["reason"]) == ("held", "flood")
    assert row["version"] == version + (action != "hold")
    last = (await paper.decisions(comment_id))[-1]
    assert (last["action"], last["status"], last["moderator_id"]) == ("undo", "held", paper.mina.moderator_id)


async def test_undo_of_a_decision_about_a_pending_comment_makes_it_wait_for_the_checks_again(
    paper: Paper,
) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "reject")
    await paper.undo(comment_id)
    row = await paper.row(comment_id)
    assert (row["status"], row["reason"], row["version"]) == ("pending", None, 3)
    assert row["due_at"] <= row["submitted_at"] + timedelta(minutes=1)


async def test_undo_is_done_once(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold")
    await paper.decide(comment_id, "approve")
    await paper.undo(comment_id)
    with pytest.raises(NothingToUndo):
        await paper.undo(comment_id)
    assert await paper.status(comment_id) == ("held", None)


async def test_undo_of_a_decision_after_an_undo_restores_what_stood_between(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "hold", reason="flood")
    await paper.decide(comment_id, "reject", reason="hate")
    await paper.undo(comment_id)
    await paper.decide(comment_id, "spam", reason="spam")
    await paper.undo(comment_id)
    assert await paper.status(comment_id) == ("held", "flood")


async def test_undo_ends_after_ten_minutes(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "approve")
    await pass_time(paper, timedelta(minutes=9, seconds=55))
    await pass_time(paper, timedelta(seconds=10))
    with pytest.raises(NothingToUndo):
        await paper.undo(comment_id)
    await paper.decide(comment_id, "reject")
    await pass_time(paper, timedelta(minutes=9, seconds=55))
    await paper.undo(comment_id)


async def test_anyone_of_the_site_may_take_a_decision_back(paper: Paper) -> None:
    comment_id = await paper.post()
    noor = await paper.colleague()
    await paper.decide(comment_id, "approve", judge=noor)
    await paper.undo(comment_id)
    assert (await paper.decisions(comment_id))[-1]["moderator_id"] == paper.mina.moderator_id


async def test_a_comment_that_nobody_decided_has_nothing_to_undo(paper: Paper) -> None:
    with pytest.raises(NothingToUndo):
        await paper.undo(await paper.post())


# ---- two at once


async def test_of_two_moderators_at_once_exactly_one_wins_fifty_times(paper: Paper) -> None:
    noor = await paper.colleague()
    ids = [await paper.post() for _ in range(50)]

    async def attempt(comment_id: Any, action: str, judge: Judge) -> str:
        try:
            await paper.decide(comment_id, action, version=1, judge=judge)
        except StaleVersion:
            return "stale"
        return action

    for comment_id in ids:
        outcomes = await asyncio.gather(
            attempt(comment_id, "approve", paper.mina), attempt(comment_id, "spam", noor)
        )
        assert outcomes.count("stale") == 1
        winner = next(one for one in outcomes if one != "stale")
        assert (await paper.status(comment_id))[0] == ACTIONS[winner]
        assert len(await paper.decisions(comment_id)) == 1
