"""An erasure meets a check, a submission, a moderator and a change of keys: nothing personal comes back."""

import asyncio
import random
import threading
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from service.domain.errors import DomainError, IllegalMove, StaleVersion
from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.moderation.evidence import Evidence
from service.moderation.pipeline import run_checks
from service.storage import sealed_emails, submissions
from service.storage.pool import Connection, Pool, connection, in_transaction, open_pool
from service.storage.submissions import NewComment
from service.usecases import check
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.decide import Ruling, rule
from service.usecases.directory import SiteDirectory
from service.usecases.erase import erase, go_on
from service.usecases.rotate_keys import KeyRotation, Progress
from tests.factories import Paper, make_email, make_submission, make_vault, until_blocked
from tests.usecases.test_erase import everything
from tests.usecases.test_thread_counts import assert_all_is_counted

MARA = make_email("mara.canary")


async def post_hers(paper: Paper, **changes: Any) -> UUID:
    return await paper.post(**{"email": MARA, "author": "Mara Canary", "text": "Canary was here."} | changes)


async def erase_all(paper: Paper, pool: Pool | None = None) -> None:
    await erase(pool or paper.web, paper.desk.vault, MARA, [paper.site.id])
    await go_on(pool or paper.web)


async def assert_nothing_is_left(paper: Paper) -> None:
    rest = await everything(paper)
    assert "anary" not in rest, rest
    for table in ("comment_email", "author", "author_identity", "submission_key"):
        assert await paper.count(table) == 0, table
    await assert_all_is_counted(paper)


class ErasingCheck:
    """A check in whose middle somebody else erases the author."""

    NAME, VERSION = "erasing", 1
    READS = ()

    def __init__(self, paper: Paper, database_url: str) -> None:
        self._paper, self._url = paper, database_url
        self.saw: list[str] = []

    def check(self, evidence: Evidence, _policy: Policy, /) -> Finding:
        self.saw.append(evidence.text)
        other = threading.Thread(target=lambda: asyncio.run(self._erase()))
        other.start()
        other.join(20)
        return Finding(self.NAME, self.VERSION, Outcome.HOLD, detail=evidence.text)

    async def _erase(self) -> None:
        pool = await open_pool(self._url, "replydesk_web", size=1, name="another-process")
        await erase_all(self._paper, pool)
        await pool.close()


async def test_erased_while_it_is_being_checked(
    paper: Paper, worker: Pool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasing = ErasingCheck(paper, database_url)
    monkeypatch.setattr(check, "run_checks", partial(run_checks, checks=(erasing,)))
    hers = await post_hers(paper)
    rules = CheckRules(
        lease=timedelta(seconds=60), batch=5, deadline=nullcontext, author_limit=None, network_limit=None
    )
    await CheckDesk(worker, worker, SiteDirectory(worker), rules).check_due(lambda: False)
    assert erasing.saw == ["Canary was here."]
    assert await paper.status(hers) == ("erased", None)
    assert [one["action"] for one in await paper.decisions(hers)] == ["erase"]
    await assert_nothing_is_left(paper)


@pytest.mark.parametrize("known", [True, False], ids=["of a known author", "of a new author"])
async def test_erased_while_a_submission_is_being_stored(
    known: bool, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    if known:
        await post_hers(paper, text="Canary was here before.")
    found, go = asyncio.Event(), asyncio.Event()
    insert = submissions.insert_comment

    async def slowly(held: Connection, new: NewComment) -> Any:
        found.set()
        await go.wait()
        return await insert(held, new)

    monkeypatch.setattr(submissions, "insert_comment", slowly)
    storing = asyncio.create_task(post_hers(paper))
    await found.wait()
    erasing = asyncio.create_task(erase_all(paper))
    await until_blocked(paper)
    assert not erasing.done()
    go.set()
    hers = await storing
    await erasing
    assert await paper.status(hers) == ("erased", None)
    await assert_nothing_is_left(paper)


async def test_what_is_submitted_after_an_erasure_has_begun_waits_and_is_somebody_new(paper: Paper) -> None:
    old = (await paper.row(await post_hers(paper, text="Canary was here before.")))["author_id"]
    [index] = paper.desk.vault.indexes(MARA, paper.site.id)
    async with paper.web.acquire() as held, held.transaction():
        await held.execute(
            "SELECT begin_erasure($1, ARRAY[$2::bytea], ARRAY[$3::smallint], NULL)",
            paper.site.id, index.value, index.key_id,
        )  # fmt: skip
        storing = asyncio.create_task(post_hers(paper, text="Canary comes back."))
        await until_blocked(paper)
        assert not storing.done()
    new = await storing
    await go_on(paper.web)
    assert (await paper.row(new))["text"] == "Canary comes back."
    assert (await paper.row(new))["author_id"] != old
    assert await paper.count("comment_email") == await paper.count("author") == 1


@pytest.mark.parametrize("first", ["moderator", "erasure"])
async def test_erased_while_a_moderator_decides(first: str, paper: Paper) -> None:
    hers = await post_hers(paper)
    await paper.decide(hers, "approve")
    await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])

    async def deciding(held: Connection) -> None:
        await rule(held, paper.mina, Ruling(hers, "reject", 2, "hate", "Mara Canary again."))

    async def erasing(held: Connection) -> None:
        await held.execute("SELECT go_on_erasing(50)")

    one, other = (deciding, erasing) if first == "moderator" else (erasing, deciding)
    async with paper.web.acquire() as held, held.transaction():
        await one(held)
        second = asyncio.create_task(in_transaction(paper.web, other))
        await until_blocked(paper)
    if first == "moderator":
        await second
    else:
        with pytest.raises(IllegalMove):
            await second
    assert await paper.status(hers) == ("erased", None)
    await assert_nothing_is_left(paper)


async def test_a_change_of_keys_in_the_middle_makes_nobody_findable_again(
    paper: Paper, database_url: str
) -> None:
    for number in range(3):
        await post_hers(paper, text=f"Canary {number}.")
    await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])
    private = await open_pool(database_url, "replydesk_private", size=1, name="keys")
    rotation = KeyRotation(private, make_vault(email=(2, 1), index=(12, 11)), lambda _: None, Progress())
    await rotation.run()
    await private.close()
    assert await paper.count("author_identity") == 0
    await go_on(paper.web)
    await assert_nothing_is_left(paper)


@pytest.mark.parametrize("finished", [False, True])
async def test_an_author_whom_a_change_of_keys_has_read_is_not_indexed_after_the_erasure(
    finished: bool, paper: Paper, database_url: str
) -> None:
    hers = await post_hers(paper)
    private = await open_pool(database_url, "replydesk_private", size=1, name="keys")
    async with connection(private) as held:
        [author] = await sealed_emails.list_unindexed(held, 12, email_key_id=1, after=(0, 0), limit=5)
        await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])
        if finished:
            await go_on(paper.web)
        indexes = make_vault(index=(12, 11)).indexes(MARA, paper.site.id)
        await sealed_emails.index_author(held, paper.site.id, author.author_id, indexes)
    await private.close()
    assert await paper.count("author_identity") == 0
    await go_on(paper.web)
    assert (await paper.status(hers))[0] == "erased"
    await assert_nothing_is_left(paper)


@pytest.mark.parametrize("seed", range(3))
async def test_of_all_that_happens_at_once_nothing_is_left_behind_the_last_erasure(
    seed: int, paper: Paper, worker: Pool
) -> None:
    chance = random.Random(seed)  # noqa: S311
    ids: list[UUID] = []

    async def write(hand: random.Random) -> None:
        for number in range(12):
            submission = make_submission(email=MARA, author="Mara Canary", text=f"Canary {hand.random()}")
            ids.append((await paper.accept(submission, idempotency_key=f"canary {number}")).id)

    async def decide(hand: random.Random) -> None:
        for _ in range(25):
            await asyncio.sleep(0)
            try:
                one = hand.choice(ids or [UUID(int=0)])
                version = hand.choice((1, 2, 3))
                await paper.decide(
                    one, hand.choice(("approve", "spam", "hold")), version=version, note="Canary"
                )
            except (IllegalMove, StaleVersion):
                pass
            except DomainError:
                await asyncio.sleep(0.01)  # nothing was written yet

    async def keep_erasing(pool: Pool) -> None:
        for _ in range(6):
            await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])
            await go_on(pool)

    hands = [random.Random(chance.random()) for _ in range(4)]  # noqa: S311
    await asyncio.gather(
        write(hands[0]), write(hands[1]), decide(hands[2]), decide(hands[3]),
        keep_erasing(paper.web), keep_erasing(worker),
    )  # fmt: skip
    await erase_all(paper)
    await assert_nothing_is_left(paper)
    for comment_id in ids:
        assert (await paper.status(comment_id))[0] == "erased"
