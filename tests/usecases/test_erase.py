"""Erasing a person: nothing personal is left, readers see it at once, and it can be done again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.domain.email import EmailAddress
from service.domain.errors import IllegalMove
from service.domain.policy import Policy
from service.domain.site import Site
from service.domain.status import Status
from service.storage import erasures, leases, moves
from service.storage.moves import Move
from service.storage.pool import Pool, connection
from service.usecases.erase import BATCH, erase, go_on, reapply
from tests.factories import (
    Paper,
    make_arrival,
    make_email,
    make_site,
    make_submission,
    make_vault,
    set_policy,
)
from tests.usecases.checking import rules, run
from tests.usecases.test_thread_counts import assert_all_is_counted

MARA = make_email("mara.canary")
HERS: dict[str, Any] = {
    "email": MARA,
    "author": "Mara Canary",
    "website": "https://mara-canary.example/",
    "honeypot_filled": True,
}


async def erased(paper: Paper, email: EmailAddress = MARA, *sites: Site) -> int:
    """Erase to the end, as the web process may; how many comments it were."""
    await erase(paper.web, paper.desk.vault, email, [site.id for site in sites or (paper.site,)])
    return await go_on(paper.web)


async def everything(paper: Paper) -> str:
    """Every row of every table, as text."""
    tables = await paper.owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [await paper.owner.fetch(f"SELECT t::text FROM {table} AS t") for (table,) in tables]  # noqa: S608
    return "\n".join(row[0] for table in rows for row in table)


async def post_hers(paper: Paper, **changes: Any) -> UUID:
    accepted = await paper.accept(
        make_submission(**HERS | {"text": "Canary was here."} | changes),
        network=b"n" * 16,
        user_agent="firefox",
        seconds_to_fill=2.0,
    )
    return accepted.id


async def test_nothing_personal_is_left_of_a_comment_in_any_status(paper: Paper) -> None:
    decided = {"approve": "a", "reject": "b", "spam": "c", "hold": "d"}
    ids = [await post_hers(paper, text=f"Canary {mark}.") for mark in ("pending", *decided.values())]
    for comment_id, action in zip(ids[1:], decided, strict=True):
        await paper.decide(comment_id, action, note="Looks like Mara Canary of Fen Street.", reason="hate")
    assert await erased(paper) == len(ids)
    for comment_id in ids:
        row = dict(await paper.row(comment_id))
        assert (row["status"], row["text"], row["author"], row["fingerprint"]) == ("erased", "", "", b"")
        empty = ("reason", "website", "author_id", "network", "user_agent", "seconds_to_fill", "lease_token")
        assert {row[name] for name in empty} == {None}
        assert not row["honeypot_filled"]
        *_, last = await paper.decisions(comment_id)
        assert (last["source"], last["action"], last["status"]) == ("request", "erase", "erased")
        for decision in await paper.decisions(comment_id):
            assert (decision["reason"], decision["note"], decision["findings"]) == (None, None, "[]")
    assert "anary" not in await everything(paper)
    for table in ("comment_email", "author", "author_identity", "submission_key"):
        assert await paper.count(table) == 0, table
    await assert_all_is_counted(paper)


async def test_the_line_of_the_policy_that_decided_names_no_word_of_hers_any_more(
    paper: Paper, worker: Pool
) -> None:
    """It says which of the listed words stood in the text: the text could be guessed from it."""
    await set_policy(paper.owner, paper.site, rules(blocked_words=["harmless", "canary"]))
    hers = await post_hers(paper, honeypot_filled=False)
    await run(worker)
    (checked,) = await paper.decisions(hers)
    assert checked["rule"] == "blocked_words.1"
    await erased(paper)
    for decision in await paper.decisions(hers):
        assert decision["rule"] is None


async def test_readers_see_it_at_once_and_replies_keep_their_place(paper: Paper) -> None:
    top = await paper.post_published()
    hers = await post_hers(paper, parent_id=top)
    await paper.decide(hers, "approve")
    reply = await paper.post_published(parent_id=hers)
    before = await paper.page()
    await erased(paper)
    after = await paper.page()
    assert after["revision"] > before["revision"]
    assert (before["published_count"], after["published_count"]) == (3, 2)
    assert (await paper.row(hers))["published_descendants"] == 1
    assert (await paper.row(top))["published_descendants"] == 1
    assert (await paper.row(reply))["parent_id"] == hers
    await assert_all_is_counted(paper)


async def test_others_are_left_alone_and_other_sites_unless_they_are_named(paper: Paper) -> None:
    gazette = await make_site(paper.owner, "gazette", Policy())
    other = await paper.post(email=make_email("noor"))
    hers = await post_hers(paper)
    there = await paper.desk.accept(
        gazette, make_submission(**HERS), make_arrival(page_url="https://gazette.example/a")
    )
    before = dict(await paper.row(other))
    assert await erased(paper) == 1
    assert (await paper.status(hers))[0] == "erased"
    assert (await paper.status(there.id))[0] == "pending"
    assert dict(await paper.row(other)) == before
    assert await paper.count("comment_email") == 2
    assert await erased(paper, MARA, paper.site, gazette) == 1
    assert (await paper.status(there.id))[0] == "erased"


async def test_any_spelling_of_the_address_is_the_same_person(paper: Paper) -> None:
    await post_hers(paper)
    assert await erased(paper, EmailAddress.parse("Mara.CANARY@mail.EXAMPLE")) == 1


async def test_erasing_again_changes_nothing(paper: Paper) -> None:
    hers = await post_hers(paper)
    await erased(paper)
    before, history = dict(await paper.row(hers)), len(await paper.decisions(hers))
    assert await erased(paper) == 0
    assert (dict(await paper.row(hers)), len(await paper.decisions(hers))) == (before, history)


async def test_who_comes_back_is_somebody_new(paper: Paper) -> None:
    await post_hers(paper)
    before = await paper.owner.fetchval("SELECT key FROM author")
    await erased(paper)
    again = await post_hers(paper)
    assert (await paper.row(again))["text"] == "Canary was here."
    assert await paper.owner.fetchval("SELECT key FROM author") != before


async def test_an_erased_comment_stays_erased(paper: Paper, worker: Pool) -> None:
    hers = await post_hers(paper)
    await erased(paper)
    for action in ("approve", "hold", "spam", "reject"):
        with pytest.raises(IllegalMove):
            await paper.decide(hers, action)
    with pytest.raises(IllegalMove):
        await paper.undo(hers)
    async with connection(worker) as held:
        token = UUID(int=1)
        assert await leases.claim_due(held, token, limit=5, lease=timedelta(seconds=9)) == []


async def test_more_than_a_batch_is_erased_to_the_end_by_whoever_goes_on(paper: Paper, worker: Pool) -> None:
    ids = [await post_hers(paper, text=f"Canary {n}.") for n in range(BATCH + 3)]
    await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])  # and then the process is killed
    assert await paper.count("author_identity") == 0
    again = await post_hers(paper, text="Canary comes back.")
    assert await go_on(worker) == len(ids)
    assert (await paper.status(again))[0] == "pending"
    assert await paper.count("author") == 1
    assert await paper.count("comment_email") == 1


async def test_a_comment_that_was_withdrawn_before_is_emptied_too(paper: Paper) -> None:
    hers = await post_hers(paper)
    async with paper.owner.transaction():
        await paper.owner.execute(
            """
            INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)
            VALUES ($1, $2, 2, 'pending', 'erased', 'author', 'erase')
            """,
            paper.site.id,
            hers,
        )
        await paper.owner.execute("UPDATE comment SET status = 'erased', version = 2 WHERE id = $1", hers)
    await erased(paper)
    assert "anary" not in await everything(paper)


async def test_all_keys_of_the_ring_find_the_person(paper: Paper) -> None:
    """As after a change of the index key: some are known by the old one alone."""
    hers = await post_hers(paper)
    await erase(paper.web, make_vault(index=(12, 11)), MARA, [paper.site.id])
    await go_on(paper.web)
    assert (await paper.status(hers))[0] == "erased"
    keys = await paper.owner.fetch("SELECT index_key_id FROM erasure ORDER BY index_key_id")
    assert [key for (key,) in keys] == [11, 12]


# ---- the ledger


async def test_the_ledger_holds_keyed_indexes_and_nothing_else_for_anybody(paper: Paper) -> None:
    await post_hers(paper)
    await erased(paper)
    await erased(paper, make_email("nobody.canary"))
    columns = await paper.owner.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'erasure'"
    )
    assert {name for (name,) in columns} == {"site_id", "email_index", "index_key_id", "erased_at"}
    entries = await erasures.list_erasures(paper.owner)
    assert [entry.site for entry in entries] == ["paper", "paper"]
    assert {len(entry.index.value) for entry in entries} == {32}


async def test_reapplied_it_erases_what_is_older_and_leaves_what_is_younger(paper: Paper) -> None:
    old = await post_hers(paper, text="Canary before.")
    [index] = paper.desk.vault.indexes(MARA, paper.site.id)
    moment = datetime.now(UTC)
    new = await post_hers(paper, text="Canary after.")
    author = (await paper.row(new))["author_id"]
    for _ in range(2):
        await reapply(paper.web, paper.site.id, index, moment)
        await go_on(paper.web)
    assert (await paper.status(old))[0] == "erased"
    assert (await paper.row(new))["text"] == "Canary after."
    assert (await paper.row(new))["author_id"] == author
    assert await paper.count("comment_email") == await paper.count("author_identity") == 1
    [entry] = await erasures.list_erasures(paper.owner)
    assert entry.erased_at == moment
    assert (await paper.row(await post_hers(paper)))["author_id"] == author


async def test_reapplied_to_one_who_never_came_back_it_forgets_the_author_too(paper: Paper) -> None:
    await post_hers(paper)
    [index] = paper.desk.vault.indexes(MARA, paper.site.id)
    await reapply(paper.web, paper.site.id, index, datetime.now(UTC) + timedelta(seconds=5))
    assert await go_on(paper.web) == 1
    assert await paper.count("author") == await paper.count("author_identity") == 0


async def test_an_earlier_entry_never_makes_a_later_one_forgotten(paper: Paper) -> None:
    [index] = paper.desk.vault.indexes(MARA, paper.site.id)
    late, early = datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    for moment in (late, early):
        await reapply(paper.web, paper.site.id, index, moment)
    [entry] = await erasures.list_erasures(paper.owner)
    assert entry.erased_at == late


async def test_a_late_verdict_of_the_checks_is_discarded(paper: Paper, worker: Pool) -> None:
    hers = await post_hers(paper)
    token = UUID(int=7)
    async with connection(worker) as held:
        [leased] = await leases.claim_due(held, token, limit=1, lease=timedelta(seconds=60))
        await erased(paper)
        verdict = Move(
            site_id=paper.site.id, comment_id=hers, version=leased.version, lease_token=token,
            status=Status.PUBLISHED,
            source="checks", action="publish", policy_version=1, findings='[{"detail": "Canary"}]',
        )  # fmt: skip
        assert await moves.move(held, verdict) is None
    assert "anary" not in await everything(paper)
