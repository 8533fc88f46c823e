"""Readers report; enough of them hold a comment for a person, and what people decide settles it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import orjson
import pytest

from service.domain.errors import CommentNotFound
from service.domain.finding import Span
from service.domain.policy import Policy
from service.domain.reports import Report
from service.storage import desk, queue
from service.storage.pool import Pool, connection, in_transaction
from service.storage.queue import QueuedComment
from service.storage.queue_filters import QueueFilter
from service.storage.reports import Reports
from service.usecases.erase import erase, go_on
from service.usecases.redact import Redaction, redact
from service.usecases.report import report
from service.usecases.sweep import CHORES, sweep
from service.vault import Vault
from tests.factories import Paper, make_email, make_vault

FROM = 2.5
ABUSIVE, HATE, SPAM = Report("abusive", "It names Mrs. Quist."), Report("hate"), Report("spam")


@pytest.fixture
def policy() -> Policy:
    return Policy(reports_hold_from=FROM)


async def send(paper: Paper, comment_id: UUID, reader: int, what: Report = ABUSIVE) -> bool:
    """One report by a reader of that number."""
    reporter = b"reader %9d" % reader
    return await in_transaction(paper.web, lambda held: report(held, paper.site, comment_id, what, reporter))


async def queued(paper: Paper, comment_id: UUID) -> QueuedComment:
    async with connection(paper.web) as held:
        return (await queue.find_queued(held, [paper.site.id], [comment_id]))[comment_id]


async def reported(paper: Paper, comment_id: UUID) -> Reports:
    return (await queued(paper, comment_id)).reports


async def outcomes(paper: Paper, comment_id: UUID) -> list[str | None]:
    rows = await paper.owner.fetch("SELECT outcome FROM report WHERE comment_id = $1 ORDER BY id", comment_id)
    return [row["outcome"] for row in rows]


async def test_enough_readers_take_a_comment_back_for_a_person_with_the_reason_of_most(paper: Paper) -> None:
    comment_id = await paper.post_published()
    for reader, what in enumerate((SPAM, ABUSIVE)):
        await send(paper, comment_id, reader, what)
    assert await paper.status(comment_id) == ("published", None)
    await send(paper, comment_id, 7)
    assert await paper.status(comment_id) == ("held", "abusive")
    *_, last = await paper.decisions(comment_id)
    assert (last["source"], last["action"], last["decided_by"], last["rule"]) == (
        "checks", "hold", "reports", "reports_hold_from",
    )  # fmt: skip
    assert last["policy_version"] == paper.site.policy_version
    assert (await paper.page())["published_count"] == 0
    said = orjson.loads(last["findings"])[-1]
    assert (said["check"], said["outcome"]) == ("reports", "hold")
    assert "Quist" not in last["findings"]


async def test_what_the_checks_said_stays_beside_it(paper: Paper) -> None:
    comment_id = await paper.post_published()
    finding = (
        '[{"check": "links", "version": 1, "outcome": "hold", "spans": [], "detail": "", "reason": null}]'
    )
    await paper.owner.execute(
        """
        INSERT INTO decision (site_id, comment_id, from_status, status, source, action, policy_version,
                              findings)
        VALUES ($1, $2, 'published', 'published', 'checks', 'publish', 1, $3)
        """,
        paper.site.id,
        comment_id,
        finding,
    )
    for reader in range(3):
        await send(paper, comment_id, reader)
    assert [one["check"] for one in (await queued(paper, comment_id)).findings] == ["links", "reports"]


async def test_a_report_alone_changes_no_version_and_nothing_that_readers_see(paper: Paper) -> None:
    comment_id = await paper.post_published()
    before, page = dict(await paper.row(comment_id)), dict(await paper.page())
    await send(paper, comment_id, 1)
    assert (dict(await paper.row(comment_id)), dict(await paper.page())) == (before, page)


async def test_who_reports_twice_counts_once_and_what_nobody_sees_cannot_be_reported(paper: Paper) -> None:
    comment_id, waiting = await paper.post_published(), await paper.post()
    assert [await send(paper, comment_id, 1) for _ in range(3)] == [True, False, False]
    assert (await reported(paper, comment_id)).count == 1
    with pytest.raises(CommentNotFound):
        await send(paper, waiting, 1)


async def test_who_made_it_held_is_answered_as_before(paper: Paper) -> None:
    comment_id = await paper.post_published()
    for reader in range(3):
        await send(paper, comment_id, reader)
    assert (await paper.status(comment_id))[0] == "held"
    assert not await send(paper, comment_id, 1)
    with pytest.raises(CommentNotFound):
        await send(paper, comment_id, 9)


async def test_of_reports_that_come_at_once_none_is_overlooked(paper: Paper) -> None:
    comment_id = await paper.post_published()
    await asyncio.gather(*(send(paper, comment_id, reader) for reader in range(3)))
    assert await paper.status(comment_id) == ("held", "abusive")


async def test_after_a_person_kept_it_reports_are_only_counted(paper: Paper) -> None:
    comment_id = await paper.post_published()
    for reader in range(3):
        await send(paper, comment_id, reader)
    await paper.decide(comment_id, "approve")
    assert await outcomes(paper, comment_id) == ["kept"] * 3
    for reader in range(10, 20):
        await send(paper, comment_id, reader)
    assert (await paper.status(comment_id))[0] == "published"
    assert ((await reported(paper, comment_id)).count, (await reported(paper, comment_id)).settled) == (10, 3)


async def test_another_text_is_judged_anew(paper: Paper) -> None:
    comment_id = await paper.post_published()
    await send(paper, comment_id, 1)
    await paper.decide(comment_id, "approve")  # the status stays: it is kept
    row = await paper.row(comment_id)
    part = Redaction(comment_id, row["version"], (Span(0, 1),))
    await in_transaction(paper.web, lambda held: redact(held, paper.mina, part))
    for reader in range(10, 13):
        await send(paper, comment_id, reader)
    assert (await paper.status(comment_id))[0] == "held"


async def test_an_approval_before_the_first_report_protects_nothing(paper: Paper) -> None:
    comment_id = await paper.post_published()
    await paper.decide(comment_id, "approve")
    for reader in range(3):
        await send(paper, comment_id, reader)
    assert (await paper.status(comment_id))[0] == "held"


@pytest.mark.parametrize(
    ("action", "outcome"), [("approve", "kept"), ("reject", "taken_down"), ("spam", "taken_down")]
)
async def test_a_decision_settles_and_taking_it_back_opens_again(
    paper: Paper, action: str, outcome: str
) -> None:
    comment_id = await paper.post_published()
    await send(paper, comment_id, 1)
    await paper.decide(comment_id, action)
    assert await outcomes(paper, comment_id) == [outcome]
    await paper.undo(comment_id)
    assert await outcomes(paper, comment_id) == [None]
    await paper.decide(comment_id, "hold")
    assert await outcomes(paper, comment_id) == [None]


async def test_groundless_reports_make_the_next_ones_of_that_day_lighter_and_right_ones_heavier(
    paper: Paper,
) -> None:
    weights = []
    for action in ("approve", "approve", "reject", "approve"):
        comment_id = await paper.post_published()
        await send(paper, comment_id, 1)
        weights.append((await reported(paper, comment_id)).weight)
        await paper.decide(comment_id, action)
    assert weights == [1.0, 0.5, 0.33, 0.5]
    other = await paper.post_published()
    await send(paper, other, 2)
    assert (await reported(paper, other)).weight == 1.0


async def test_the_queue_shows_what_is_reported_wherever_it_stands(paper: Paper) -> None:
    published, held, refused = [await paper.post_published() for _ in range(3)]
    await paper.post_published()
    for comment_id in (published, held, refused):
        await send(paper, comment_id, 1)
    await paper.decide(held, "hold")
    await paper.decide(refused, "reject")

    async def listed(status: str | None) -> set[UUID]:
        async with connection(paper.web) as reading:
            found = await queue.list_queue(
                reading, [paper.site.id], status=status, sort="oldest", limit=10, after=None,
                only=QueueFilter(reported=True),
            )  # fmt: skip
            return {one.id for one in found}

    assert await listed(None) == {published, held}
    assert await listed("published") == {published}
    async with connection(paper.web) as counting:
        assert (await desk.find_beside(counting, [paper.site.id], [])).reported == 2
        assert (await desk.find_beside(counting, [], [])).reported == 0


async def test_from_where_it_came_is_forgotten_after_two_days_and_what_was_written_after_ninety(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await paper.post_published()
    await send(paper, comment_id, 1)

    async def left(days: float) -> tuple[bool, bool]:
        await paper.owner.execute(
            "UPDATE report SET reported_at = clock_timestamp() - $1::interval", timedelta(days)
        )
        await paper.owner.execute("UPDATE chore SET ran_at = '-infinity'")
        await sweep(worker, seconds=30, chores=[one for one in CHORES if "report" in one.name])
        row = await paper.owner.fetchrow("SELECT reporter, text FROM report")
        assert row is not None
        return row["reporter"] is not None, row["text"] is not None

    assert await left(1.9) == (True, True)
    assert await left(2.1) == (False, True)
    assert await left(89) == (False, True)
    assert await left(91) == (False, False)
    assert (await reported(paper, comment_id)).count == 1  # that it was reported stays


async def test_what_was_said_about_a_comment_goes_with_it(paper: Paper, worker: Pool) -> None:
    email, vault = make_email("mara"), make_vault()
    erased = await paper.post_published(email=email)
    spam = await paper.post_published()
    for comment_id in (erased, spam):
        await send(paper, comment_id, 1)
    await _erase(paper, vault, erased)
    assert await outcomes(paper, erased) == ["gone"]
    await paper.decide(spam, "spam")
    await paper.owner.execute("UPDATE comment SET decided_at = '2020-01-01' WHERE id = $1", spam)
    await paper.owner.execute("UPDATE chore SET ran_at = '-infinity'")
    await sweep(worker, seconds=30, chores=[one for one in CHORES if one.name.startswith("expire spam")])
    rows = await paper.owner.fetch("SELECT comment_id, outcome, text, reporter FROM report ORDER BY id")
    assert [tuple(row) for row in rows] == [(erased, "gone", None, None), (None, "taken_down", None, None)]


async def _erase(paper: Paper, vault: Vault, comment_id: UUID) -> None:
    await erase(paper.web, vault, make_email("mara"), [paper.site.id])
    await go_on(paper.web)
    assert (await paper.status(comment_id))[0] == "erased"


async def test_without_a_threshold_nothing_is_ever_held(paper: Paper) -> None:
    paper.site = replace(paper.site, policy=Policy())
    comment_id = await paper.post_published()
    for reader in range(20):
        await send(paper, comment_id, reader)
    assert (await paper.status(comment_id))[0] == "published"
