"""Mail says why something is restricted, in our own sentences; strangers are asked before they see more."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from service.domain.finding import Span
from service.domain.mail_to import NO_MAIL
from service.domain.policy import Policy
from service.storage.pool import Pool, in_transaction
from service.usecases.appeal import AppealAnswer, answer_appeal, file_appeal
from service.usecases.redact import Redaction, redact
from tests.equipment import mail_server
from tests.factories import Paper, set_policy
from tests.usecases.checking import rules
from tests.usecases.mailing import PUBLIC, Post, of_link, text_of

TEXT = "The cromulent mill stands."


@pytest.fixture
def policy() -> Policy:
    return rules()


@pytest.fixture
def post(paper: Paper, worker: Pool) -> Iterator[Post]:
    with mail_server.MailServer() as server:
        yield Post.of(paper, worker, server)


async def want(post: Post, **fields: object) -> None:
    policy = rules(**fields)
    await set_policy(post.paper.owner, post.paper.site, policy)
    post.paper.site = replace(post.paper.site, policy=policy)


async def confirmed(post: Post) -> UUID:
    """A published comment of somebody who asked for mail and confirmed the address."""
    comment_id = await post.send("ada", text=TEXT)
    await post.confirm((await post.drain())[0][1])
    return comment_id


async def appeal(post: Post, comment_id: UUID, answer: AppealAnswer) -> None:
    paper, noor = post.paper, await post.paper.colleague()
    await in_transaction(paper.web, lambda held: file_appeal(held, paper.site, comment_id, "It does stand."))
    number = await paper.owner.fetchval("SELECT max(id) FROM appeal")
    await in_transaction(paper.web, lambda held: answer_appeal(held, noor, number, answer, ()))


async def test_who_asked_is_told_what_was_done_why_by_whom_and_what_to_do(post: Post) -> None:
    comment_id = await confirmed(post)
    await post.paper.decide(comment_id, "reject", reason="illegal", note="Between us.")
    [(_, mail)] = await post.drain()
    said = text_of(mail)
    for words in (
        "Your reply at Paper was published, and is not any more.", "Why: It seems to be against the law.",
        "The ground is the law", "Moderators of Paper had read it.", "A person decided.",
        "ask behind the link for another look, until", f"{PUBLIC}/receipts/",
    ):  # fmt: skip
        assert words in said, words
    assert "cromulent" not in mail.as_string()
    assert "Between us." not in mail.as_string()


async def test_spam_and_a_part_that_is_taken_out_are_told_to_who_confirmed(post: Post) -> None:
    site = post.paper.site
    await post.paper.owner.execute(
        "INSERT INTO site_reason (site_id, code, label, text) VALUES ($1, 'rude', 'Rude', 'Be {kind}.')",
        site.id,
    )
    comment_id = await confirmed(post)
    wanted = Redaction(comment_id, 2, (Span(4, 13),), None)
    await in_transaction(post.paper.web, lambda held: redact(held, post.paper.mina, wanted))
    [(_, mail)] = await post.drain()
    assert mail["Subject"] == "Paper: a part of your reply was taken out"
    await post.paper.decide(comment_id, "spam")
    [(_, mail)] = await post.drain()
    assert "It looks like spam." in text_of(mail)
    await post.paper.owner.execute("UPDATE decision SET reason = 'rude' WHERE action = 'spam'")
    await post.paper.owner.execute("UPDATE reader_mail SET state = 'waiting'")
    [*_, (_, mail)] = await post.drain()
    assert "Why: Be {kind}." in text_of(mail)


async def test_a_stranger_is_told_what_was_decided_and_asked_before_seeing_what_was_written(
    post: Post,
) -> None:
    await want(post, statement_mail="always", blocked_words=["cromulent"])
    comment_id = await post.send("ada", NO_MAIL, text=TEXT)
    [(_, mail)] = await post.drain()
    said = text_of(mail)
    assert "Automated checks decided; no person has looked at it." in said
    assert "Somebody, most likely you, gave this address" in said
    assert "/receipts/" not in mail.as_string()
    assert of_link(mail, "own") == await post.paper.owner.fetchval("SELECT id FROM mail_recipient")
    await appeal(post, comment_id, AppealAnswer("uphold", "It is <not> a word."))
    [(_, mail)] = await post.drain()
    assert (mail["Subject"], "/receipts/" in mail.as_string()) == ("Paper: your appeal was answered", False)
    assert "not> a word" not in mail.as_string()


async def test_the_outcome_of_an_appeal_is_mailed_once_to_who_is_mailed_of_decisions(post: Post) -> None:
    comment_id = await confirmed(post)
    await post.send("ben", NO_MAIL)
    await post.paper.decide(comment_id, "reject")
    await post.drain()
    await appeal(post, comment_id, AppealAnswer("grant"))
    waits = "SELECT due_at > now() + interval '9 minutes' FROM reader_mail WHERE kind = 'appeal'"
    assert await post.paper.owner.fetchval(waits)
    await post.paper.undo(comment_id)
    assert await post.drain() == []
    number = await post.paper.owner.fetchval("SELECT id FROM appeal WHERE outcome IS NULL")
    noor, again = await post.paper.colleague("Olga"), AppealAnswer("grant")
    await in_transaction(post.paper.web, lambda held: answer_appeal(held, noor, number, again, ()))
    assert [mail["Subject"] for _, mail in await post.drain()] == ["Paper: your appeal was granted"]
