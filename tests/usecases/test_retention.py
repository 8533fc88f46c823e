"""What stays as long as it may and no longer; what waits for a person stays until somebody decided."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.storage import retention
from service.storage.hourly_figures import keep_hours
from service.storage.pool import Pool, connection
from service.usecases.decide import MOVES, Ruling, rule
from service.usecases.erase import erase
from service.usecases.sweep import CHORES, sweep
from tests.factories import Paper, make_email, make_submission, until_blocked
from tests.usecases.test_erase import everything
from tests.usecases.test_thread_counts import assert_all_is_counted

DAYS = {"spam": 30, "restricted": 183, "email": 90, "network": 30}
ACTIONS = {"spam": "spam", "restricted": "reject", "email": "approve"}
ENDLESS = 10_000


async def let_days_pass(paper: Paper, days: float) -> None:
    """As if everything had happened so much earlier."""
    await paper.owner.execute(
        "UPDATE comment SET submitted_at = submitted_at - $1::interval", timedelta(days)
    )
    await paper.owner.execute("UPDATE comment SET decided_at = decided_at - $1::interval", timedelta(days))
    await paper.owner.execute("UPDATE chore SET ran_at = '-infinity'")


async def sweep_all(worker: Pool) -> None:
    """As a worker does when nobody has done the chores for a while, but for the hours of many years."""
    await sweep(worker, seconds=60, chores=[one for one in CHORES if one.some is not keep_hours])


async def post_decided(paper: Paper, action: str | None, **changes: Any) -> UUID:
    accepted = await paper.accept(make_submission(**changes), network=b"n" * 16, user_agent="firefox")
    if action:
        await paper.decide(accepted.id, action, note="Looks like Mara.", reason="hate")
    return accepted.id


async def has_address(paper: Paper, comment_id: UUID) -> bool:
    return bool(
        await paper.owner.fetchval("SELECT count(*) FROM comment_email WHERE comment_id = $1", comment_id)
    )


async def exists(paper: Paper, comment_id: UUID) -> bool:
    return bool(await paper.owner.fetchval("SELECT count(*) FROM comment WHERE id = $1", comment_id))


@pytest.mark.parametrize("kind", DAYS)
async def test_until_a_day_before_its_end_everything_is_kept(kind: str, paper: Paper, worker: Pool) -> None:
    comment_id = await post_decided(paper, ACTIONS.get(kind))
    await let_days_pass(paper, DAYS[kind] - 1)
    if kind != "network":  # that one has its own, shorter time
        await paper.owner.execute("UPDATE comment SET submitted_at = clock_timestamp()")
    before = dict(await paper.row(comment_id)), await paper.decisions(comment_id)
    await sweep_all(worker)
    assert (dict(await paper.row(comment_id)), await paper.decisions(comment_id)) == before
    assert await has_address(paper, comment_id)


async def test_spam_goes_wholly_with_its_history_its_address_and_its_author(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await post_decided(paper, "spam")
    await let_days_pass(paper, DAYS["spam"] + 0.01)
    await sweep_all(worker)
    assert not await exists(paper, comment_id)
    tables = ("comment", "decision", "comment_email", "submission_key", "author", "author_identity")
    assert [await paper.count(table) for table in tables] == [0] * len(tables)
    await assert_all_is_counted(paper)


async def test_spam_with_a_published_reply_leaves_an_empty_place(paper: Paper, worker: Pool) -> None:
    parent = await paper.post_published()
    reply = await paper.post_published(parent_id=parent)
    await paper.decide(parent, "spam", note="Looks like Mara.")
    await let_days_pass(paper, DAYS["spam"] + 0.01)
    await sweep_all(worker)
    assert await paper.status(parent) == ("erased", None)
    assert (await paper.row(parent))["published_descendants"] == 1
    assert (await paper.status(reply))[0] == "published"
    *_, last = await paper.decisions(parent)
    assert (last["source"], last["action"]) == ("retention", "erase")
    assert "Looks like Mara" not in await everything(paper)
    await assert_all_is_counted(paper)


async def test_of_a_rejected_comment_text_address_and_reasons_go_and_who_decided_when_stays(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await post_decided(paper, "reject")
    await let_days_pass(paper, DAYS["restricted"] + 0.01)
    await sweep_all(worker)
    row = await paper.row(comment_id)
    assert (row["status"], row["text"], row["author"], row["reason"], row["author_id"]) == (
        "erased", "", "", None, None,
    )  # fmt: skip
    rejected, emptied = await paper.decisions(comment_id)
    assert (rejected["action"], rejected["moderator_id"]) == ("reject", paper.mina.moderator_id)
    assert rejected["scrubbed_at"] > rejected["decided_at"]
    for decision in (rejected, emptied):
        assert (decision["reason"], decision["note"], decision["findings"]) == (None, None, "[]")
    assert not await has_address(paper, comment_id)
    assert await paper.count("author") == await paper.count("author_identity") == 0
    await assert_all_is_counted(paper)


async def test_the_address_of_a_published_comment_goes_and_the_comment_stays(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await post_decided(paper, "approve")
    await let_days_pass(paper, DAYS["email"] + 0.01)
    before = dict(await paper.row(comment_id))
    await sweep_all(worker)
    assert not await has_address(paper, comment_id)
    after = dict(await paper.row(comment_id))
    assert after == before | {"address_dropped": True, "network": None, "user_agent": None}


async def test_a_network_and_a_browser_go_while_the_comment_stays(paper: Paper, worker: Pool) -> None:
    for action in (None, "hold", "approve", "reject"):
        await post_decided(paper, action)
    await let_days_pass(paper, DAYS["network"] + 0.01)
    await sweep_all(worker)
    assert await paper.count("comment WHERE network IS NULL AND user_agent IS NULL AND text <> ''") == 4
    assert await paper.count("comment_email") == 4


@pytest.mark.parametrize("action", [None, "hold"])
async def test_what_waits_for_somebody_is_never_dropped(
    action: str | None, paper: Paper, worker: Pool
) -> None:
    comment_id = await post_decided(paper, action)
    text = (await paper.row(comment_id))["text"]
    await let_days_pass(paper, ENDLESS)
    await sweep_all(worker)
    assert (await paper.row(comment_id))["text"] == text
    assert await has_address(paper, comment_id)


async def test_a_decision_begins_the_time_anew(paper: Paper, worker: Pool) -> None:
    comment_id = await post_decided(paper, "reject")
    await let_days_pass(paper, DAYS["restricted"] - 1)
    await paper.decide(comment_id, "reject", reason="abusive")  # the same status, another reason
    await let_days_pass(paper, 2)
    await sweep_all(worker)
    assert await paper.status(comment_id) == ("rejected", "abusive")


async def test_an_author_of_whom_something_is_left_stays_known(paper: Paper, worker: Pool) -> None:
    spam = await post_decided(paper, "spam", email=make_email("mara"))
    await let_days_pass(paper, DAYS["spam"] + 0.01)
    kept = await paper.post(email=make_email("mara"))
    await sweep_all(worker)
    assert not await exists(paper, spam)
    again = await paper.post(email=make_email("mara"))
    assert (await paper.row(again))["author_id"] == (await paper.row(kept))["author_id"]


async def test_for_ever_is_for_ever(paper: Paper, worker: Pool) -> None:
    await retention.set_retention(paper.owner, dict.fromkeys(DAYS))
    for action in ("spam", "reject", "approve"):
        await post_decided(paper, action)
    await let_days_pass(paper, ENDLESS)
    await sweep_all(worker)
    assert await paper.count("comment WHERE network IS NOT NULL AND text <> ''") == 3
    assert await paper.count("comment_email") == 3


async def test_more_than_a_batch_goes_to_the_end(paper: Paper, worker: Pool) -> None:
    await retention.set_retention(paper.owner, {"spam": 1})
    for number in range(3):
        await post_decided(paper, "spam", email=make_email(f"reader{number % 2}"))
    await let_days_pass(paper, 1.01)
    async with connection(worker) as held:
        assert await retention.expire(held, "restricted", limit=2) == 2
        assert await retention.expire(held, "restricted", limit=2) == 1
        assert await retention.expire(held, "restricted", limit=2) == 0
    assert await paper.count("comment") == await paper.count("author") == 0


async def test_a_person_who_decides_at_that_moment_is_heard(paper: Paper, worker: Pool) -> None:
    comment_id = await post_decided(paper, "spam")
    await let_days_pass(paper, DAYS["spam"] + 0.01)
    async with paper.web.acquire() as held, held.transaction():
        await rule(held, paper.mina, Ruling(comment_id, "approve", 2))
        async with connection(worker) as other:
            expiring = asyncio.create_task(retention.expire(other, "restricted", limit=5))
            await until_blocked(paper)
    await expiring
    assert (await paper.status(comment_id))[0] == "published"


async def test_the_housekeeping_ends_an_erasure_that_somebody_began(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post(email=make_email("mara"))
    await erase(paper.web, paper.desk.vault, make_email("mara"), [paper.site.id])
    await sweep_all(worker)
    assert (await paper.status(comment_id))[0] == "erased"
    assert await paper.count("author") == 0


# ---- what a worker may not do


async def test_a_worker_cannot_change_how_long_things_stay(paper: Paper, worker: Pool) -> None:
    for statement in (
        "UPDATE retention SET days = 1",
        "DELETE FROM retention",
        "INSERT INTO retention VALUES ('spam', 1)",
        "SELECT make_tombstone(1, gen_random_uuid(), 'retention')",
        "SELECT forget_idle_authors(1, '{1}')",
        "UPDATE comment SET decided_at = '-infinity'",
        "UPDATE comment SET submitted_at = '-infinity'",
    ):
        async with worker.acquire() as held:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await held.execute(statement)


@pytest.mark.parametrize("kind", retention.KINDS)
async def test_asked_as_often_as_one_likes_nothing_goes_before_its_time(
    kind: str, paper: Paper, worker: Pool
) -> None:
    for action in (*MOVES, None):
        await post_decided(paper, action)
    before = await everything(paper)
    async with connection(worker) as held:
        for limit in (1, 1_000_000):
            assert await retention.expire(held, kind, limit=limit) == 0
    assert await everything(paper) == before


async def test_days_below_one_are_refused_by_the_database(paper: Paper) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await retention.set_retention(paper.owner, {"spam": 0})


async def test_only_what_can_expire_can_be_asked_for(worker: Pool) -> None:
    async with connection(worker) as held:
        with pytest.raises(ValueError, match="everything"):
            await retention.expire(held, "everything", limit=1)


# ---- what finding it costs


@pytest.mark.parametrize("call", [*(f"expire_{kind}" for kind in retention.KINDS), "go_on_erasing"])
async def test_among_many_that_stay_finding_what_goes_reads_almost_nothing(call: str, paper: Paper) -> None:
    await post_decided(paper, "approve")
    await paper.owner.execute("SET session_replication_role = replica")
    await paper.owner.execute(
        """
        INSERT INTO comment (site_id, id, page_id, author_id, author, text, fingerprint, status, version,
                             decided_at, network, address_dropped)
        SELECT site_id, gen_random_uuid(), page_id, author_id, 'x', 'x', 'x',
               (ARRAY['published', 'spam', 'rejected', 'held'])[1 + n % 4], 2,
               clock_timestamp(), 'n', n % 3 = 0
        FROM comment, generate_series(1, 20000) AS n
        """
    )
    for statement in ("SET session_replication_role = origin", "VACUUM ANALYZE comment"):
        await paper.owner.execute(statement)
    read = """
        SELECT pg_stat_get_xact_numscans('comment'::regclass),
               pg_stat_get_xact_tuples_fetched('comment'::regclass)
    """
    async with paper.owner.transaction():
        before = await paper.owner.fetchrow(read)
        for _ in range(7):  # from the sixth on the plan is one for all values
            assert await paper.owner.fetchval(f"SELECT {call}(50)") == 0
        assert await paper.owner.fetchrow(read) == before  # no scan of the table, no row by an index
