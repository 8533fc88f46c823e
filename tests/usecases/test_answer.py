"""The paper answers its readers: at once, under a badge that nobody else can have."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from service.domain.errors import CommentNotFound, NothingToUndo, NotPublished, RoleTooLow
from service.storage import decisions, labels, threads
from service.storage.pool import Pool, connection, in_transaction
from service.usecases.answer import StaffAnswer, answer_as_staff
from service.usecases.decide import Judge
from tests.factories import PAGE_URL, Paper
from tests.usecases.checking import rules, run

TEXT = "It runs again from Monday on."


async def answer(paper: Paper, comment_id: UUID, judge: Judge | None = None, name: str | None = None) -> UUID:
    wanted = StaffAnswer(comment_id, TEXT, name)
    return await in_transaction(
        paper.web, lambda held: answer_as_staff(held, judge or paper.mina, paper.desk.signing, wanted)
    )


async def test_readers_see_it_at_once_below_the_comment_with_its_badge(paper: Paper) -> None:
    asked = await paper.post_published()
    answer_id = await answer(paper, asked)
    async with connection(paper.web) as held:
        found = await threads.find_published(held, paper.site.id, answer_id)
        whole = await threads.find_published(held, paper.site.id, asked)
    assert found is not None
    assert whole is not None
    assert (found.author, found.text, found.parent_id) == ("Paper", TEXT, asked)
    assert (found.is_staff, whole.is_staff) == (True, False)
    page = await paper.page()
    assert page["published_count"] == 2
    assert (await paper.row(asked))["published_descendants"] == 1


async def test_a_thread_shows_the_badge_of_no_reader_and_of_nothing_that_is_gone(paper: Paper) -> None:
    asked = await paper.post_published()
    answer_id = await answer(paper, asked)
    await paper.post_published(parent_id=answer_id, text="Thank you.")
    assert await badges(paper) == [False, True, False]
    await paper.decide(answer_id, "reject", reason="other")
    assert await badges(paper) == [False, False, False]  # its place is there, for the reply


async def badges(paper: Paper) -> list[bool]:
    page_id = (await paper.page())["id"]
    async with connection(paper.web) as held:
        listed = await threads.list_thread(held, paper.site.id, page_id, sort="oldest", limit=9, after=None)
    return [one.is_staff for one in listed]


async def test_it_is_on_record_who_answered_and_it_is_no_opinion(paper: Paper) -> None:
    answer_id = await answer(paper, await paper.post_published())
    async with connection(paper.web) as held:
        [made] = await decisions.list_history(held, paper.site.id, answer_id)
    assert (made.action, made.moderator, made.status) == ("answer", "Mina", "published")
    with pytest.raises(NothingToUndo):
        await paper.undo(answer_id)
    await paper.decide(answer_id, "reject", reason="other")
    async with connection(paper.web) as held:
        labelled = await labels.list_labels(held, paper.site.id, limit=10, models=[])
    assert [label.action for label in labelled] == ["approve"]  # the reader's


async def test_a_double_click_is_one_answer(paper: Paper) -> None:
    asked = await paper.post_published()
    first, second = await asyncio.gather(answer(paper, asked), answer(paper, asked))
    assert first == second
    assert await answer(paper, asked, await paper.colleague()) != first
    assert await paper.count("comment") == 3


async def test_a_closed_page_is_answered_too(paper: Paper) -> None:
    asked = await paper.post_published()
    await paper.owner.execute("UPDATE page SET open = false")
    await answer(paper, asked)


async def test_what_is_not_published_or_not_the_judges_is_not_answered(paper: Paper) -> None:
    asked = await paper.post()
    noor = await paper.colleague()
    for judge, error in (
        (noor, NotPublished),
        (Judge(noor.moderator_id, {}, frozenset({paper.site.id})), RoleTooLow),
        (Judge(noor.moderator_id, {}), CommentNotFound),
    ):
        with pytest.raises(error):
            await answer(paper, asked, judge)
    assert await paper.count("comment") == 1


async def test_the_depth_of_the_site_is_kept(paper: Paper) -> None:
    asked = await paper.post_published()
    for _ in range(8):
        asked = await answer(paper, asked, name=str(asked))
    assert len((await paper.row(asked))["ancestors"]) == paper.site.policy.depth - 1


@pytest.mark.parametrize("policy", [rules()])
async def test_whoever_signs_as_the_paper_does_waits_for_a_person(paper: Paper, worker: Pool) -> None:
    await answer(paper, await paper.post_published())
    impostor = await paper.post(author="P\u0430per")  # a Cyrillic letter
    other = await paper.post(author="Peter")
    await run(worker)
    assert await paper.status(impostor) == ("held", "impersonation")
    assert await paper.status(other) == ("published", None)


async def test_no_reader_is_staff(paper: Paper) -> None:
    comment_id = await paper.post(page_url=PAGE_URL)
    with pytest.raises(asyncpg.CheckViolationError):
        await paper.owner.execute("UPDATE comment SET staff_id = 1 WHERE id = $1", comment_id)
