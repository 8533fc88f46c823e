"""An appeal against a part that was taken out: granting puts it back, a publication says nothing of it."""

from uuid import UUID

import pytest

from service.domain.errors import AlreadyAppealed, NotAppealable
from service.domain.finding import Span
from service.storage.pool import in_transaction
from service.usecases.appeal import AppealAnswer, answer_appeal, file_appeal
from service.usecases.own_comment import edit
from service.usecases.redact import Redaction, redact
from tests.factories import Paper

TEXT = "Old Ben was late with the ferry."


async def published(paper: Paper) -> UUID:
    return await paper.post_published(text=TEXT)


async def take_out(paper: Paper, comment_id: UUID, start: int, end: int) -> None:
    version = (await paper.row(comment_id))["version"]
    wanted = Redaction(comment_id, version, (Span(start, end),), "personal_data")
    await in_transaction(paper.web, lambda held: redact(held, paper.mina, wanted))


async def file(paper: Paper, comment_id: UUID) -> None:
    await in_transaction(paper.web, lambda held: file_appeal(held, paper.site, comment_id, "It is me."))


async def answer(paper: Paper, appeal: int, how: str) -> None:
    noor = await paper.colleague()
    given = AppealAnswer("grant" if how == "grant" else "uphold")
    await in_transaction(paper.web, lambda held: answer_appeal(held, noor, appeal, given, ()))


async def outcomes(paper: Paper) -> list[str | None]:
    return [row["outcome"] for row in await paper.owner.fetch("SELECT outcome FROM appeal ORDER BY id")]


async def test_granting_puts_the_part_back_and_the_one_before_can_be_appealed_against(paper: Paper) -> None:
    comment_id = await published(paper)
    with pytest.raises(NotAppealable):
        await file(paper, comment_id)
    await take_out(paper, comment_id, 0, 7)
    first = (await paper.row(comment_id))["text"]
    await take_out(paper, comment_id, 8, 11)
    await paper.decide(comment_id, "hold")
    await paper.decide(comment_id, "approve")
    await file(paper, comment_id)
    with pytest.raises(AlreadyAppealed):
        await file(paper, comment_id)
    await answer(paper, 1, "grant")
    row = await paper.row(comment_id)
    assert (row["text"], row["status"]) == (first, "published")
    last = (await paper.decisions(comment_id))[-1]
    assert (last["action"], last["rule"]) == ("restore", "appeal")
    await file(paper, comment_id)
    await answer(paper, 2, "grant")
    assert (await paper.row(comment_id))["text"] == TEXT
    assert await outcomes(paper) == ["granted", "granted"]
    with pytest.raises(NotAppealable):
        await file(paper, comment_id)


async def test_upholding_leaves_the_text_and_a_publication_says_nothing_about_it(paper: Paper) -> None:
    comment_id = await published(paper)
    await take_out(paper, comment_id, 0, 7)
    await file(paper, comment_id)
    await paper.decide(comment_id, "hold")
    await paper.decide(comment_id, "approve")
    assert await outcomes(paper) == [None]
    before = dict(await paper.row(comment_id))
    await answer(paper, 1, "uphold")
    assert dict(await paper.row(comment_id)) == before
    assert await outcomes(paper) == ["upheld"]


async def test_whoever_puts_it_back_otherwise_grants_and_a_new_text_leaves_nothing_to_answer(
    paper: Paper,
) -> None:
    undone, edited = await published(paper), await paper.post(text=TEXT + " Twice.")
    for comment_id in (undone, edited):
        if comment_id == edited:
            await paper.decide(comment_id, "approve")
        await take_out(paper, comment_id, 0, 7)
        await file(paper, comment_id)
    await paper.undo(undone)
    assert (await paper.row(undone))["text"] == TEXT
    await in_transaction(paper.web, lambda held: edit(held, paper.site, edited, "He was late."))
    revision = await paper.owner.fetchval("SELECT id FROM comment WHERE revises IS NOT NULL")
    await paper.decide(revision, "approve")
    assert (await paper.row(edited))["text"] == "He was late."
    assert await outcomes(paper) == ["granted", "gone"]


async def test_what_was_taken_out_is_kept_until_the_appeal_is_answered(paper: Paper) -> None:
    comment_id = await published(paper)
    await take_out(paper, comment_id, 0, 7)
    await file(paper, comment_id)
    await paper.owner.execute("UPDATE earlier_text SET replaced_at = replaced_at - interval '200 days'")
    assert await paper.owner.fetchval("SELECT expire_earlier_texts(100)") == 0
    await answer(paper, 1, "uphold")
    assert await paper.owner.fetchval("SELECT expire_earlier_texts(100)") == 1
