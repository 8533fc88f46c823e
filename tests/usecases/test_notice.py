"""Notices of illegal content are decided by people, and whoever sent one is told, by mail and at a link."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from service.domain.comment_id import new_comment_id
from service.domain.errors import CommentNotFound
from service.domain.policy import Policy
from service.storage.pool import Pool, connection, in_transaction
from service.storage.reports import NewNotice, find_notice
from service.usecases.report import give_notice
from tests.equipment import mail_server
from tests.factories import Paper, make_email
from tests.usecases.checking import rules
from tests.usecases.mailing import PUBLIC, Post, text_of

WHY = "It calls for violence, q7x-canary."
CANARIES = ("q7x-canary", "Ada Quist")


@pytest.fixture
def policy() -> Policy:
    return rules()


@pytest.fixture
def server() -> Iterator[mail_server.MailServer]:
    with mail_server.MailServer() as server:
        yield server


@pytest.fixture
def post(paper: Paper, worker: Pool, server: mail_server.MailServer) -> Post:
    return Post.of(paper, worker, server)


async def notify(post: Post, comment_id: UUID, *, mailed: bool = True) -> UUID:
    notice_id, paper = new_comment_id(), post.paper
    assert paper.desk.mail
    link = f"{PUBLIC}/notices/{notice_id.hex}"
    to = paper.desk.mail.recipient_at(paper.site, make_email("ada"), link, "de") if mailed else None
    new = NewNotice(notice_id, "Ada Quist", WHY, to.id if to else None)
    await in_transaction(paper.web, lambda held: give_notice(held, paper.site, comment_id, new, to))
    return notice_id


async def outcome(post: Post, notice_id: UUID) -> str | None:
    async with connection(post.paper.web) as held:
        found = await find_notice(held, notice_id)
    assert found is not None
    return found.outcome


async def test_whoever_sends_a_notice_is_told_that_it_came_and_what_was_decided(post: Post) -> None:
    comment_id = await post.paper.post_published()
    notice_id = await notify(post, comment_id)
    [(to, came)] = await post.drain()
    assert (to, came["Subject"]) == ("ada@mail.example", "Paper: Ihre Meldung ist angekommen")
    await post.paper.decide(comment_id, "reject", reason="illegal")
    assert await outcome(post, notice_id) == "taken_down"
    [(_, told)] = await post.drain()
    assert told["Subject"] == "Paper: Der Kommentar ist entfernt"
    for mail in (came, told):
        assert f"{PUBLIC}/notices/{notice_id.hex}" in text_of(mail)
        assert not [word for word in CANARIES if word in mail.as_string()]
    assert await post.drain() == []


async def test_a_decision_that_is_taken_back_is_not_told_and_the_next_one_is(post: Post) -> None:
    comment_id = await post.paper.post_published()
    notice_id = await notify(post, comment_id)
    await post.drain()
    await post.paper.decide(comment_id, "reject", reason="illegal")
    await post.paper.undo(comment_id)
    assert await outcome(post, notice_id) is None
    assert await post.drain() == []
    await post.paper.decide(comment_id, "approve")
    assert await outcome(post, notice_id) == "kept"
    [(_, told)] = await post.drain()
    assert told["Subject"] == "Paper: Der Kommentar bleibt stehen"


async def test_a_notice_weighs_whole_and_knows_no_network(post: Post) -> None:
    site = replace(post.paper.site, policy=rules(reports_hold_from=2.0))
    post.paper.site = site
    comment_id = await post.paper.post_published()
    for _ in range(2):
        await notify(post, comment_id, mailed=False)
    assert await post.paper.status(comment_id) == ("held", "illegal")
    rows = await post.paper.owner.fetch("SELECT reporter, weight, reason FROM report")
    assert [tuple(row) for row in rows] == [(None, 1.0, "illegal")] * 2
    with pytest.raises(CommentNotFound):
        await notify(post, comment_id)


async def test_words_and_name_stay_until_the_decision_and_the_address_a_week_longer(post: Post) -> None:
    owner, comment_id = post.paper.owner, await post.paper.post_published()
    await notify(post, comment_id)
    await post.drain()

    async def later(days: int) -> tuple[str | None, str | None, int]:
        await owner.execute(
            "UPDATE report SET reported_at = reported_at - $1 * interval '1 day',"
            " settled_at = settled_at - $1 * interval '1 day'", days
        )  # fmt: skip
        await owner.execute("UPDATE mail_recipient SET created_at = created_at - $1 * interval '1 day'", days)
        async with post.worker.acquire() as held:
            await held.execute("SELECT expire_reports(100), expire_unconfirmed(100)")
        row = await owner.fetchrow("SELECT text, notifier FROM report")
        return row["text"], row["notifier"], await post.paper.count("mail_recipient")

    assert await later(100) == (WHY, "Ada Quist", 1)
    await post.paper.decide(comment_id, "approve")
    assert (await later(6))[2] == 1
    assert await later(100) == (None, None, 0)


async def test_what_is_erased_takes_the_words_of_its_notices_along(post: Post) -> None:
    comment_id = await post.paper.post_published(email=make_email("cara"))
    notice_id = await notify(post, comment_id)
    await post.drain()
    await post.paper.owner.execute("SELECT withdraw_comment($1, $2)", post.paper.site.id, comment_id)
    assert await outcome(post, notice_id) == "gone"
    row = await post.paper.owner.fetchrow("SELECT text, notifier FROM report")
    assert tuple(row) == (None, None)
    [(_, told)] = await post.drain()
    assert told["Subject"] == "Paper: Der Kommentar ist gelöscht"
