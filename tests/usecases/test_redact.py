"""What is taken out of a text: readers see the mark, the history has what it said."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.domain.errors import (
    ClaimedByAnother,
    CommentNotFound,
    IllegalMove,
    NothingToUndo,
    NotRedactable,
    RoleTooLow,
    StaleVersion,
    UnknownReason,
)
from service.domain.finding import Span
from service.storage import decisions, labels, queue, retention, threads
from service.storage.pool import Pool, connection, in_transaction
from service.usecases.decide import Judge
from service.usecases.redact import Redaction, redact
from tests.factories import Paper, make_email
from tests.usecases.test_erase import erased, everything

TEXT = "Call Mara on 0123 456, she knows."
LEFT = "Call […] on […], she knows."
SPANS = (Span(5, 9), Span(13, 21))


async def take_out(paper: Paper, comment_id: UUID, judge: Judge | None = None, **changes: Any) -> None:
    version = changes.pop("version", None) or (await paper.row(comment_id))["version"]
    wanted = Redaction(comment_id, version, **{"spans": SPANS} | changes)
    await in_transaction(paper.web, lambda held: redact(held, judge or paper.mina, wanted))


async def history(paper: Paper, comment_id: UUID) -> list[decisions.PastDecision]:
    async with connection(paper.web) as held:
        return await decisions.list_history(held, paper.site.id, comment_id)


async def test_readers_see_the_mark_and_that_the_text_was_edited(paper: Paper) -> None:
    comment_id = await paper.post_published(text=TEXT)
    before = await paper.page()
    await take_out(paper, comment_id, reason="personal_data", note="Her number.")
    async with connection(paper.web) as held:
        read = await threads.find_published(held, paper.site.id, comment_id)
    assert read is not None
    assert read.text == LEFT
    assert read.edited_at is not None
    after = await paper.page()
    assert (after["revision"], after["published_count"]) == (
        before["revision"] + 1,
        before["published_count"],
    )


async def test_the_history_has_the_text_of_before_and_who_changed_it(paper: Paper) -> None:
    comment_id = await paper.post_published(text=TEXT)
    await take_out(paper, comment_id, reason="personal_data", note="Her number.")
    last = (await history(paper, comment_id))[-1]
    assert (last.action, last.moderator, last.reason, last.note) == (
        "redact", "Mina", "personal_data", "Her number.",
    )  # fmt: skip
    assert (last.from_status, last.status, last.text_before) == ("published", "published", TEXT)
    assert await paper.status(comment_id) == ("published", None)


async def test_an_undo_puts_the_text_back_and_is_itself_not_taken_back(paper: Paper) -> None:
    comment_id = await paper.post_published(text=TEXT)
    await take_out(paper, comment_id)
    await paper.undo(comment_id)
    row = await paper.row(comment_id)
    assert (row["text"], row["edited_at"], row["status"]) == (TEXT, None, "published")
    assert [one.action for one in await history(paper, comment_id)][-2:] == ["redact", "restore"]
    with pytest.raises(NothingToUndo):
        await paper.undo(comment_id)


async def test_of_two_redactions_the_last_is_taken_back(paper: Paper) -> None:
    comment_id = await paper.post_published(text=TEXT)
    await take_out(paper, comment_id, spans=SPANS[:1])
    first = await paper.row(comment_id)
    await take_out(paper, comment_id, spans=(Span(0, 4),))
    await paper.undo(comment_id)
    again = await paper.row(comment_id)
    assert (again["text"], again["edited_at"]) == (first["text"], first["edited_at"])


async def test_taking_back_a_decision_behind_a_redaction_keeps_the_text_and_the_reason_of_before(
    paper: Paper,
) -> None:
    comment_id = await paper.post(text=TEXT)
    await paper.decide(comment_id, "hold", reason="personal_data")
    await take_out(paper, comment_id)
    await paper.decide(comment_id, "approve")
    await paper.undo(comment_id)
    assert await paper.status(comment_id) == ("held", "personal_data")
    assert (await paper.row(comment_id))["text"] == LEFT


async def test_a_redaction_is_no_opinion(paper: Paper) -> None:
    """What a person thought of the comment stays what they said when they decided."""
    comment_id = await paper.post_published(text=TEXT)
    await take_out(paper, comment_id)
    async with connection(paper.web) as held:
        [label] = await labels.list_labels(held, paper.site.id, limit=10, models=[])
    assert label.action == "approve"


@pytest.mark.parametrize("action", [None, "reject", "spam"])
async def test_only_what_is_published_or_held_is_redacted(paper: Paper, action: str | None) -> None:
    comment_id = await paper.post(text=TEXT)
    if action:
        await paper.decide(comment_id, action, reason="off_topic")
    with pytest.raises(NotRedactable):
        await take_out(paper, comment_id)
    assert (await paper.row(comment_id))["text"] == TEXT


async def test_who_may_not_or_comes_late_changes_nothing(paper: Paper) -> None:
    comment_id = await paper.post_published(text=TEXT)
    noor = await paper.colleague()
    reader = Judge(noor.moderator_id, {}, frozenset({paper.site.id}))
    for judge, changes, error in (
        (reader, {}, RoleTooLow),
        (Judge(noor.moderator_id, {}), {}, CommentNotFound),
        (noor, {"version": 1}, StaleVersion),
        (noor, {"reason": "boredom"}, UnknownReason),
    ):
        with pytest.raises(error):
            await take_out(paper, comment_id, judge, **changes)
    await paper.owner.execute(
        "UPDATE comment SET claimed_by = $1, claimed_until = clock_timestamp() + interval '1 hour'",
        noor.moderator_id,
    )
    with pytest.raises(ClaimedByAnother):
        await take_out(paper, comment_id)
    assert (await paper.row(comment_id))["text"] == TEXT


async def test_of_two_at_once_one_wins_and_the_other_is_told(paper: Paper) -> None:
    comment_id = await paper.post_published(text=TEXT)
    version = (await paper.row(comment_id))["version"]
    noor = await paper.colleague()
    done = await asyncio.gather(
        take_out(paper, comment_id, version=version, spans=SPANS[:1]),
        take_out(paper, comment_id, noor, version=version, spans=SPANS[1:]),
        paper.decide(comment_id, "reject", version=version, reason="off_topic"),
        return_exceptions=True,
    )
    assert [type(one) for one in done if one is not None] == [StaleVersion, StaleVersion]
    assert (await paper.row(comment_id))["version"] == version + 1


async def test_what_the_checks_pointed_at_in_another_text_is_not_marked(paper: Paper) -> None:
    comment_id = await paper.post(text=TEXT)
    await paper.decide(comment_id, "hold", reason="personal_data")
    found = '[{"check": "personal_data", "outcome": "hold", "spans": [[13, 21]]}]'
    await paper.owner.execute(
        "INSERT INTO decision (site_id, comment_id, from_status, status, source, action, policy_version,"
        " findings) VALUES ($1, $2, 'held', 'held', 'checks', 'hold', 1, $3)",
        paper.site.id, comment_id, found,
    )  # fmt: skip

    async def spans() -> Any:
        async with connection(paper.web) as held:
            found = await queue.find_queued(held, [paper.site.id], [comment_id])
        return [one["spans"] for one in found[comment_id].findings]

    assert await spans() == [[[13, 21]]]
    await take_out(paper, comment_id)
    assert await spans() == [[]]


async def test_an_erasure_leaves_nothing_of_any_text(paper: Paper) -> None:
    hers = make_email("mara")
    comment_id = await paper.post(text="Canary one, and canary two.", email=hers)
    await paper.decide(comment_id, "approve")
    await take_out(paper, comment_id, spans=(Span(0, 6),), note="Canary three.")
    await erased(paper, hers)
    assert "anary" not in await everything(paper)
    with pytest.raises(IllegalMove):
        await take_out(paper, comment_id)


async def test_the_text_of_before_goes_when_a_rejected_one_would_and_then_nothing_is_put_back(
    paper: Paper, worker: Pool
) -> None:
    comment_id = await paper.post_published(text=TEXT)
    await take_out(paper, comment_id)
    async with connection(worker) as held:
        assert await retention.expire(held, "earlier_texts", limit=10) == 0
        await paper.owner.execute("UPDATE earlier_text SET replaced_at = now() - interval '184 days'")
        assert await retention.expire(held, "earlier_texts", limit=10) == 1
    assert (await history(paper, comment_id))[-1].text_before is None
    with pytest.raises(NothingToUndo):
        await paper.undo(comment_id)


@pytest.mark.parametrize("call", ["redact_text($1, $2, 2, '{0}', '{4}')", "restore_text($1, $2, 2)"])
async def test_no_text_changes_without_its_decision(paper: Paper, call: str) -> None:
    comment_id = await paper.post_published(text=TEXT)
    await paper.owner.execute("INSERT INTO earlier_text VALUES ($1, $2, 1, 'x')", paper.site.id, comment_id)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await paper.web.execute(f"SELECT {call}", paper.site.id, comment_id)
    assert (await paper.row(comment_id))["text"] == TEXT


async def test_places_are_counted_in_code_points(paper: Paper) -> None:
    comment_id = await paper.post_published(text="🙂e\u0301 and 👩\u200d🚀 here")
    await take_out(paper, comment_id, spans=(Span(0, 1), Span(8, 11), Span(11, 12)))
    assert (await paper.row(comment_id))["text"] == "[…]e\u0301 and […]here"
