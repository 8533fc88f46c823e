"""Authors change and withdraw what they wrote; readers see the old text until the new one is let through."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.domain.errors import CommentNotFound, CommentRefused, NotEditable
from service.domain.finding import Span
from service.domain.policy import Policy
from service.storage.pool import Pool, connection, in_transaction
from service.storage.receipts import OwnComment, find_own_comment
from service.usecases.own_comment import edit, withdraw
from service.usecases.redact import Redaction, redact
from tests.factories import Paper
from tests.usecases.checking import rules, run

FIRST, SECOND, THIRD = "The mill was blue.", "The mill was green.", "The mill was red."
BLOCKED = "The mill was a cromulent thing."


@pytest.fixture
def policy() -> Policy:
    """What no check objects to is published; one word is not."""
    return rules(blocked_words=["cromulent"])


async def change(paper: Paper, comment_id: UUID, text: str) -> None:
    await in_transaction(paper.web, lambda held: edit(held, paper.site, comment_id, text))


async def published(paper: Paper, worker: Pool, **more: Any) -> UUID:
    comment_id = await paper.post(text=FIRST, **more)
    await run(worker)
    assert (await paper.status(comment_id))[0] == "published"
    return comment_id


async def seen(paper: Paper, comment_id: UUID) -> tuple[str, str]:
    row = await paper.row(comment_id)
    return row["status"], row["text"]


async def edit_of(paper: Paper, comment_id: UUID) -> Any:
    return await paper.owner.fetchrow(
        "SELECT * FROM comment WHERE revises = $1 AND status <> 'erased'", comment_id
    )


async def own(paper: Paper, comment_id: UUID) -> OwnComment | None:
    async with connection(paper.web) as held:
        return await find_own_comment(held, paper.site.id, comment_id)


async def actions(paper: Paper, comment_id: UUID) -> list[tuple[str, str]]:
    return [(row["source"], row["action"]) for row in await paper.decisions(comment_id)]


async def test_what_nobody_reads_yet_is_changed_in_place_and_checked_anew(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post(text=BLOCKED)
    await change(paper, comment_id, SECOND)
    assert await seen(paper, comment_id) == ("pending", SECOND)
    await run(worker)
    assert await seen(paper, comment_id) == ("published", SECOND)
    assert await actions(paper, comment_id) == [("author", "edit"), ("checks", "publish")]
    assert (await paper.row(comment_id))["edited_at"] is None  # readers have seen nothing else
    kept = await paper.owner.fetch("SELECT text FROM earlier_text")
    assert [row["text"] for row in kept] == [BLOCKED]


async def test_an_edit_that_passes_takes_the_place_of_what_was_published(paper: Paper, worker: Pool) -> None:
    comment_id = await published(paper, worker)
    before = await paper.page()
    await change(paper, comment_id, SECOND)
    assert await seen(paper, comment_id) == ("published", FIRST)
    assert (await edit_of(paper, comment_id))["text"] == SECOND
    await run(worker)
    assert await seen(paper, comment_id) == ("published", SECOND)
    row, page = await paper.row(comment_id), await paper.page()
    assert row["edited_at"] is not None
    assert page["published_count"] == before["published_count"] == 1
    assert page["revision"] > before["revision"]
    assert await actions(paper, comment_id) == [("checks", "publish"), ("checks", "edit")]
    assert await edit_of(paper, comment_id) is None
    left = await paper.owner.fetch("SELECT text, author, author_id FROM comment WHERE revises IS NOT NULL")
    assert [tuple(one) for one in left] == [("", "", None)]
    told = await paper.owner.fetch("SELECT type, comment_id FROM event ORDER BY id")
    assert [tuple(one) for one in told] == [("comment.published", comment_id), ("comment.edited", comment_id)]


async def test_an_edit_that_is_refused_leaves_what_was_published_and_says_why(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await published(paper, worker)
    await change(paper, comment_id, BLOCKED)
    await run(worker)
    assert await seen(paper, comment_id) == ("published", FIRST)
    found = await own(paper, comment_id)
    assert found is not None
    assert found.edit is not None
    assert (found.edit.status, found.edit.reason, found.edit.text) == ("rejected", "blocked_word", BLOCKED)
    await change(paper, comment_id, SECOND)  # a better try takes its place
    await run(worker)
    assert await seen(paper, comment_id) == ("published", SECOND)
    found = await own(paper, comment_id)
    assert found is not None
    assert found.edit is None


async def test_a_moderator_decides_about_an_edit_and_its_comment_stays_meanwhile(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await published(paper, worker)
    await change(paper, comment_id, SECOND)
    first = (await edit_of(paper, comment_id))["id"]
    await paper.decide(first, "hold")
    await change(paper, comment_id, THIRD)  # a person held it: a person looks at that too
    assert await seen(paper, first) == ("held", THIRD)
    await run(worker)
    assert await seen(paper, comment_id) == ("published", FIRST)
    await paper.decide(first, "approve")
    assert await seen(paper, comment_id) == ("published", THIRD)
    assert (await actions(paper, comment_id))[-1] == ("moderator", "edit")
    await change(paper, comment_id, SECOND)
    second = (await edit_of(paper, comment_id))["id"]
    await paper.decide(second, "reject", reason="off_topic")
    assert await seen(paper, comment_id) == ("published", THIRD)
    assert (await paper.page())["published_count"] == 1


async def test_no_edit_brings_back_a_comment_that_was_refused(paper: Paper, worker: Pool) -> None:
    comment_id = await published(paper, worker)
    await change(paper, comment_id, SECOND)
    revision = (await edit_of(paper, comment_id))["id"]
    await paper.decide(comment_id, "reject", reason="off_topic")
    await run(worker)
    assert (await seen(paper, revision))[0] == "held"
    with pytest.raises(CommentRefused):
        await paper.decide(revision, "approve")
    assert await seen(paper, comment_id) == ("rejected", FIRST)
    with pytest.raises(NotEditable):
        await change(paper, comment_id, THIRD)


async def test_the_checks_alone_put_nothing_back_that_a_moderator_took_out(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await published(paper, worker)
    version = (await paper.row(comment_id))["version"]
    wanted = Redaction(comment_id, version, (Span(4, 8),))
    await in_transaction(paper.web, lambda held: redact(held, paper.mina, wanted))
    await change(paper, comment_id, FIRST)
    await run(worker)
    assert await seen(paper, comment_id) == ("published", "The […] was blue.")
    assert (await edit_of(paper, comment_id))["status"] == "held"


async def test_an_edit_is_no_repetition_of_what_it_edits(paper: Paper, worker: Pool) -> None:
    long = "The mill by the river was built in 1902 by two brothers who came from the coast with nothing. "
    comment_id = await paper.post(text=long * 3)
    await run(worker)
    await change(paper, comment_id, long * 3 + "They died rich.")
    await run(worker)
    assert (await seen(paper, comment_id))[1].endswith("They died rich.")


async def test_the_time_for_edits_ends(paper: Paper, worker: Pool) -> None:
    comment_id = await published(paper, worker)
    await paper.owner.execute("UPDATE comment SET submitted_at = submitted_at - interval '11 minutes'")
    with pytest.raises(NotEditable):
        await change(paper, comment_id, SECOND)
    assert Policy().edit_minutes == 10


async def test_a_withdrawn_comment_is_a_tombstone_with_its_edits(paper: Paper, worker: Pool) -> None:
    comment_id = await published(paper, worker)
    await change(paper, comment_id, SECOND)
    revision = (await edit_of(paper, comment_id))["id"]
    await in_transaction(paper.web, lambda held: withdraw(held, paper.site, comment_id))
    assert await seen(paper, comment_id) == ("erased", "")
    assert await seen(paper, revision) == ("erased", "")
    assert (await paper.page())["published_count"] == 0
    assert await paper.count("comment_email") == 0
    assert await own(paper, comment_id) is None
    assert (await actions(paper, comment_id))[-1] == ("author", "erase")
    with pytest.raises(CommentNotFound):
        await change(paper, comment_id, THIRD)
    with pytest.raises(CommentNotFound):
        await in_transaction(paper.web, lambda held: withdraw(held, paper.site, comment_id))


async def test_no_process_can_publish_an_edit_as_a_comment_of_its_own(paper: Paper, worker: Pool) -> None:
    comment_id = await published(paper, worker)
    await change(paper, comment_id, SECOND)
    with pytest.raises(asyncpg.CheckViolationError):
        await paper.owner.execute(
            "UPDATE comment SET status = 'published', version = 2 WHERE revises = $1", comment_id
        )
