"""Where a site wants a second pair of eyes, one person proposes and another one does it."""

from uuid import UUID

import pytest

from service.domain.errors import OwnProposal, TooManyNetworks
from service.domain.finding import Span
from service.domain.policy import Policy
from service.storage import decisions, labels, queue, standings
from service.storage.network_standings import NewNetworkStanding
from service.storage.pool import Pool, connection, in_transaction
from service.storage.queue import QueuedComment
from service.storage.standings import NewStanding
from service.usecases import network_standing
from service.usecases.author_standing import give_standing, lift_standing
from service.usecases.decide import Judge
from service.usecases.network_standing import give_standing_of_network
from service.usecases.redact import Redaction, redact
from tests.factories import Paper
from tests.usecases.checking import run

BOTH = Policy(second_pair_of_eyes=("rejection", "ban"))


@pytest.fixture
def policy() -> Policy:
    return BOTH


async def queued(paper: Paper, comment_id: UUID) -> QueuedComment:
    async with connection(paper.web) as held:
        return (await queue.find_queued(held, [paper.site.id], [comment_id]))[comment_id]


async def test_a_rejection_is_proposed_and_confirmed_by_another_one(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "reject", reason="abusive", note="A threat.")
    assert await paper.status(comment_id) == ("held", "abusive")
    shown = (await queued(paper, comment_id)).proposed
    assert shown is not None
    assert (shown["by"], shown["reason"], shown["note"]) == ("Mina", "abusive", "A threat.")
    await paper.decide(comment_id, "reject", reason="hate", judge=await paper.colleague())
    assert await paper.status(comment_id) == ("rejected", "hate")
    assert (await queued(paper, comment_id)).proposed is None
    async with connection(paper.web) as held:
        made = await decisions.list_history(held, paper.site.id, comment_id)
    assert [(one.action, one.moderator, one.reason) for one in made] == [
        ("propose", "Mina", "abusive"), ("reject", "Noor", "hate"),
    ]  # fmt: skip


async def test_nobody_confirms_the_own_proposal(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "reject")
    with pytest.raises(OwnProposal):
        await paper.decide(comment_id, "reject")
    assert (await paper.status(comment_id))[0] == "held"


async def test_any_other_decision_declines_it_and_the_next_one_is_proposed_anew(paper: Paper) -> None:
    noor, comment_id = await paper.colleague(), await paper.post()
    await paper.decide(comment_id, "reject")
    await paper.decide(comment_id, "approve", judge=noor)
    assert (await paper.status(comment_id))[0] == "published"
    await paper.decide(comment_id, "reject", judge=noor)
    assert (await paper.status(comment_id))[0] == "held"
    shown = (await queued(paper, comment_id)).proposed
    assert shown is not None
    assert shown["by"] == "Noor"


async def test_what_is_published_is_off_the_page_meanwhile_and_an_undo_brings_it_back(paper: Paper) -> None:
    comment_id = await paper.post_published()
    await paper.decide(comment_id, "reject")
    assert (await paper.status(comment_id))[0] == "held"
    assert (await paper.page())["published_count"] == 0
    await paper.undo(comment_id)
    assert (await paper.status(comment_id))[0] == "published"
    assert (await queued(paper, comment_id)).proposed is None


async def test_spam_needs_nobody_else(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "spam")
    assert (await paper.status(comment_id))[0] == "spam"


async def test_a_proposal_teaches_nothing_and_frees_the_comment(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.owner.execute(
        "UPDATE comment SET claimed_by = $1, claimed_until = now() + interval '2 minutes'",
        paper.mina.moderator_id,
    )
    await paper.decide(comment_id, "reject")
    assert (await paper.row(comment_id))["claimed_by"] is None
    async with connection(paper.web) as held:
        assert await labels.list_labels(held, paper.site.id, limit=10, models=[]) == []
    await paper.decide(comment_id, "reject", judge=await paper.colleague())
    async with connection(paper.web) as held:
        [label] = await labels.list_labels(held, paper.site.id, limit=10, models=[])
    assert label.action == "reject"


async def next_for(paper: Paper, judge: Judge) -> list[UUID]:
    async with connection(paper.web) as held:
        return await queue.claim_held(held, [paper.site.id], judge.moderator_id, limit=1, seconds=60)


async def test_what_somebody_proposed_is_handed_to_others_and_not_to_its_proposer_again(paper: Paper) -> None:
    noor, first, second = await paper.colleague(), await paper.post(), await paper.post()
    for comment_id in (first, second):
        await paper.decide(comment_id, "hold")
    assert await next_for(paper, paper.mina) == [first]
    await paper.decide(first, "reject")
    assert await next_for(paper, paper.mina) == [second]
    assert await next_for(paper, noor) == [first]
    await paper.decide(first, "hold", judge=noor)
    await paper.owner.execute("UPDATE comment SET claimed_by = NULL, claimed_until = NULL")
    assert await next_for(paper, paper.mina) == [first]


@pytest.mark.parametrize("policy", [Policy()])
async def test_a_site_that_does_not_want_it_rejects_alone(paper: Paper) -> None:
    comment_id = await paper.post()
    await paper.decide(comment_id, "reject")
    assert (await paper.status(comment_id))[0] == "rejected"


async def ban(paper: Paper, key: str, judge: Judge) -> tuple[str, bool]:
    new = NewStanding("banned", "abusive", None, None)
    await in_transaction(
        paper.web, lambda held: give_standing(held, paper.site, key, new, judge.moderator_id)
    )
    async with connection(paper.web) as held:
        author_id = await held.fetchval("SELECT id FROM author")
        [standing, *_] = await standings.list_of_author(held, paper.site.id, author_id)
    return standing.kind, standing.proposes_ban


async def test_a_ban_premoderates_until_another_one_bans_too(paper: Paper) -> None:
    await paper.post()
    key = await paper.owner.fetchval("SELECT key FROM author")
    assert await ban(paper, key, paper.mina) == ("premoderated", True)
    with pytest.raises(OwnProposal):
        await ban(paper, key, paper.mina)
    assert await ban(paper, key, await paper.colleague()) == ("banned", False)
    actions = await paper.owner.fetch("SELECT action FROM audit_entry ORDER BY id")
    assert [row["action"] for row in actions] == ["author.ban_proposed", "author.banned"]


async def test_a_milder_order_and_one_that_is_over_propose_no_ban(paper: Paper) -> None:
    await paper.post()
    key, noor = await paper.owner.fetchval("SELECT key FROM author"), await paper.colleague()
    milder = NewStanding("premoderated", "abusive", None, None)
    await in_transaction(
        paper.web, lambda held: give_standing(held, paper.site, key, milder, paper.mina.moderator_id)
    )
    assert await ban(paper, key, noor) == ("premoderated", True)
    await in_transaction(paper.web, lambda held: lift_standing(held, paper.site, key, noor.moderator_id))
    assert await ban(paper, key, paper.mina) == ("premoderated", True)
    await paper.owner.execute(
        "UPDATE standing SET since = now() - interval '2 days', expires_at = now() - interval '1 day'"
        " WHERE lifted_at IS NULL"
    )
    assert await ban(paper, key, noor) == ("premoderated", True)
    assert await ban(paper, key, paper.mina) == ("banned", False)


async def test_taking_a_part_out_leaves_the_proposal_as_it_is(paper: Paper) -> None:
    noor, comment_id = await paper.colleague(), await paper.post()
    await paper.decide(comment_id, "reject")
    version = (await paper.row(comment_id))["version"]
    wanted = Redaction(comment_id, version, (Span(0, 3),))
    await in_transaction(paper.web, lambda held: redact(held, noor, wanted))
    with pytest.raises(OwnProposal):
        await paper.decide(comment_id, "reject")
    await paper.decide(comment_id, "reject", judge=noor)
    assert (await paper.status(comment_id))[0] == "rejected"


HERE_TODAY, HERE_TOMORROW = b"0123456789abcdef", b"fedcba9876543210"
"""Hashes of one network; what comes from there later is known by the order alone."""


async def ban_network(paper: Paper, comment_id: UUID, judge: Judge) -> int:
    expires_at = await paper.owner.fetchval("SELECT now() + interval '1 day'")
    new = NewNetworkStanding("banned", "abusive", None, expires_at)
    _, standing_id = await in_transaction(
        paper.web, lambda held: give_standing_of_network(held, judge, comment_id, new)
    )
    return standing_id


async def orders(paper: Paper) -> list[tuple[str, bool, bool]]:
    """Kind, whether a ban is proposed, whether it holds."""
    rows = await paper.owner.fetch(
        "SELECT kind, proposes_ban, lifted_at IS NULL FROM network_standing ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def test_so_does_the_ban_of_a_network(paper: Paper) -> None:
    comment_id = (await paper.accept(network=HERE_TODAY)).id
    await ban_network(paper, comment_id, paper.mina)
    with pytest.raises(OwnProposal):
        await ban_network(paper, comment_id, paper.mina)
    await ban_network(paper, comment_id, await paper.colleague())
    assert await orders(paper) == [("premoderated", True, False), ("banned", False, True)]
    actions = await paper.owner.fetch("SELECT action FROM audit_entry ORDER BY id")
    assert [row["action"] for row in actions] == ["network.ban_proposed", "network.banned"]


async def test_a_ban_is_confirmed_by_what_comes_from_there_on_a_later_day(paper: Paper) -> None:
    first = await paper.accept(network=HERE_TODAY)
    proposed = await ban_network(paper, first.id, paper.mina)
    later = (await paper.accept(network=HERE_TOMORROW, network_standing_id=proposed)).id
    with pytest.raises(OwnProposal):
        await ban_network(paper, later, paper.mina)
    await ban_network(paper, later, await paper.colleague())
    assert await orders(paper) == [("premoderated", True, False), ("banned", False, True)]


async def test_a_ban_is_confirmed_where_no_more_orders_may_hold(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_standing, "MOST", 1)
    comment_id = (await paper.accept(network=HERE_TODAY)).id
    await ban_network(paper, comment_id, paper.mina)
    await ban_network(paper, comment_id, await paper.colleague())
    assert await orders(paper) == [("premoderated", True, False), ("banned", False, True)]
    beside = (await paper.accept(network=b"another network.")).id
    with pytest.raises(TooManyNetworks):
        await ban_network(paper, beside, paper.mina)


@pytest.mark.parametrize("day", [HERE_TODAY, HERE_TOMORROW])
@pytest.mark.parametrize("confirmed_by", ["first", "later"])
async def test_what_came_while_a_ban_was_proposed_is_met_by_the_ban(
    paper: Paper, worker: Pool, day: bytes, confirmed_by: str
) -> None:
    first = (await paper.accept(network=HERE_TODAY)).id
    proposed = await ban_network(paper, first, paper.mina)
    later = (await paper.accept(network=day, network_standing_id=proposed)).id
    await ban_network(paper, {"first": first, "later": later}[confirmed_by], await paper.colleague())
    await run(worker)
    assert await paper.status(later) == ("rejected", "abusive")
    assert (await paper.status(first))[0] == "held"  # an order holds from the next comment on
