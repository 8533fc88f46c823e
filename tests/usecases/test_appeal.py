"""To uphold is no second refusal, what grants an appeal can be taken back, and who decided stays out."""

from dataclasses import replace

import asyncpg
import pytest

from service.domain.errors import NothingToUndo, OwnDecision
from service.domain.policy import Policy
from service.storage import appeals, moderators, people
from service.storage.colleagues import is_anybody_else
from service.storage.hourly_figures import list_hours
from service.storage.pool import connection, in_transaction
from service.usecases.appeal import AppealAnswer, answer_appeal, file_appeal
from service.usecases.decide import Judge
from tests.factories import Paper, set_policy

HOURS = "SELECT clock_timestamp() - interval '2 hours', clock_timestamp() + interval '1 hour'"


async def refused(paper: Paper, action: str = "reject") -> int:
    """The id of an appeal against what Mina decided."""
    comment_id = await paper.post()
    await paper.decide(comment_id, action)
    await in_transaction(paper.web, lambda held: file_appeal(held, paper.site, comment_id, "I quoted."))
    number: int = await paper.owner.fetchval("SELECT max(id) FROM appeal")
    return number


async def answer(paper: Paper, appeal: int, how: str, judge: Judge, *, is_admin: bool = False) -> None:
    given = AppealAnswer("grant" if how == "grant" else "uphold", "So it is.")
    admin_at = judge.site_ids if is_admin else ()
    await in_transaction(paper.web, lambda held: answer_appeal(held, judge, appeal, given, admin_at))


async def outcome(paper: Paper, appeal: int) -> str | None:
    found: str | None = await paper.owner.fetchval("SELECT outcome FROM appeal WHERE id = $1", appeal)
    return found


async def the_comment(paper: Paper, appeal: int) -> asyncpg.Record:
    number = await paper.owner.fetchval("SELECT comment_id FROM appeal WHERE id = $1", appeal)
    return await paper.row(number)


async def decided(paper: Paper) -> dict[tuple[str, str, str], int]:
    """What the figures count: (what, source, status) to how many."""
    since, until = await paper.owner.fetchrow(HOURS)
    async with connection(paper.web) as held:
        hours = await list_hours(held, paper.site.id, since, until)
    return {
        (one.what, one.source, one.status): one.n for one in hours if one.what in {"decided", "overturned"}
    }


async def test_upholding_counts_nothing_twice_begins_no_time_anew_and_cannot_be_taken_back(
    paper: Paper,
) -> None:
    appeal = await refused(paper)
    before = dict(await the_comment(paper, appeal))
    await answer(paper, appeal, "uphold", await paper.colleague())
    assert dict(await the_comment(paper, appeal)) == before
    assert await decided(paper) == {("decided", "moderator", "rejected"): 1}
    last = (await paper.decisions(before["id"]))[-1]
    assert (last["action"], last["rule"], last["version"]) == ("uphold", "appeal", None)
    with pytest.raises(NothingToUndo):
        await paper.undo(before["id"])


async def test_what_granted_an_appeal_is_taken_back_and_the_appeal_waits_again(paper: Paper) -> None:
    by_answer, by_decision = await refused(paper), await refused(paper)
    await answer(paper, by_answer, "grant", await paper.colleague())
    await paper.decide((await the_comment(paper, by_decision))["id"], "approve")
    for appeal in (by_answer, by_decision):
        assert await outcome(paper, appeal) == "granted"
        await paper.undo((await the_comment(paper, appeal))["id"])
        assert await outcome(paper, appeal) is None
        async with connection(paper.web) as held:
            found = await appeals.find_open(held, [paper.site.id], appeal)
        assert found is not None
        assert found.decider_ids == [paper.mina.moderator_id]


async def test_a_refusal_that_is_taken_back_grants_the_appeal_against_it(paper: Paper) -> None:
    comment_id = await paper.post_published()
    await paper.decide(comment_id, "reject")
    await in_transaction(paper.web, lambda held: file_appeal(held, paper.site, comment_id, "I quoted."))
    await paper.undo(comment_id)
    assert await outcome(paper, 1) == "granted"


async def test_one_that_lies_in_the_queue_again_is_refused_as_it_was(paper: Paper) -> None:
    appeal = await refused(paper, "spam")
    comment = await the_comment(paper, appeal)
    await paper.decide(comment["id"], "hold")
    await answer(paper, appeal, "uphold", await paper.colleague())
    assert await paper.status(comment["id"]) == ("spam", None)
    assert await outcome(paper, appeal) == "upheld"


async def test_who_proposed_the_refusal_or_refused_it_again_had_a_hand_in_it(paper: Paper) -> None:
    await set_policy(paper.owner, paper.site, Policy(second_pair_of_eyes=("rejection",)))
    site = replace(paper.site, policy=Policy(second_pair_of_eyes=("rejection",)))
    paper.site, paper.mina.sites[site.id] = site, site
    noor, olga = await paper.colleague("Noor"), await paper.colleague("Olga")
    comment_id = await paper.post()
    await paper.decide(comment_id, "reject")
    await paper.decide(comment_id, "reject", judge=noor)
    await in_transaction(paper.web, lambda held: file_appeal(held, site, comment_id, "I quoted."))
    await paper.owner.execute(
        "INSERT INTO moderator_token (moderator_id, digest, prefix, role) VALUES ($1, 'd', 'p', 'moderator')",
        olga.moderator_id,
    )
    for judge in (paper.mina, noor):
        with pytest.raises(OwnDecision):
            await answer(paper, 1, "uphold", judge, is_admin=True)
    await paper.decide(comment_id, "spam", judge=olga)
    with pytest.raises(OwnDecision):
        await answer(paper, 1, "uphold", olga)
    await answer(paper, 1, "uphold", olga, is_admin=True)  # everybody had a hand in it
    assert await paper.owner.fetchval("SELECT alone FROM appeal") is True


async def test_anybody_else_is_who_can_come_in_and_decide_there(paper: Paper) -> None:
    async def is_there() -> bool:
        async with connection(paper.web) as held:
            return await is_anybody_else(held, paper.site.id, [paper.mina.moderator_id])

    noor = await moderators.ensure_moderator(paper.owner, "Noor")
    access = "INSERT INTO moderator_access (moderator_id, site_id, role) VALUES ($1, $2, $3)"
    await paper.owner.execute(access, noor, None, "moderator")
    assert not await is_there()  # she has no way in
    await paper.owner.execute(
        "INSERT INTO moderator_password (moderator_id, hash) VALUES ($1, '$argon2id$x')", noor
    )
    assert await is_there()
    await paper.owner.execute(access, noor, paper.site.id, "viewer")
    assert not await is_there()  # here she only reads
    token = "INSERT INTO moderator_token (moderator_id, digest, prefix, role) VALUES ($1, 'd', 'p', 'admin')"
    await paper.owner.execute(token, noor)
    assert not await is_there()  # no token opens more than its person
    await paper.owner.execute("DELETE FROM moderator_access WHERE site_id IS NOT NULL")
    assert await is_there()
    await paper.owner.execute("UPDATE moderator SET disabled_at = now() WHERE id = $1", noor)
    assert not await is_there()
    assert await people.find_id(paper.owner, "Noor") == noor


async def test_the_words_go_after_a_time_and_what_became_of_it_stays_also_where_the_comment_has_gone(
    paper: Paper,
) -> None:
    kept, gone = await refused(paper), await refused(paper, "spam")
    noor = await paper.colleague()
    for appeal in (kept, gone):
        await answer(paper, appeal, "grant" if appeal == kept else "uphold", noor)
    await paper.owner.execute("UPDATE comment SET decided_at = decided_at - interval '31 days'")
    await paper.owner.execute("SELECT expire_restricted(100)")
    words = "SELECT id, outcome, text, answer, comment_id IS NULL AS alone FROM appeal ORDER BY id"
    rows = [tuple(row) for row in await paper.owner.fetch(words)]
    assert rows == [
        (kept, "granted", "I quoted.", "So it is.", False), (gone, "upheld", None, None, True),
    ]  # fmt: skip
    assert await paper.owner.fetchval("SELECT expire_appeals(100)") == 0
    await paper.owner.execute("UPDATE appeal SET settled_at = settled_at - interval '184 days'")
    assert await paper.owner.fetchval("SELECT expire_appeals(100)") == 1
    assert await paper.count("appeal WHERE text IS NOT NULL OR answer IS NOT NULL") == 0
