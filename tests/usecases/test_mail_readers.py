"""Readers are mailed what they asked for and confirmed, once each, and nothing else."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
import structlog

from service.domain.mail_to import NO_MAIL, MailWishes
from service.domain.policy import Policy
from service.storage import mail_recipients
from service.storage.pool import Pool, in_transaction
from service.storage.standings import NewStanding
from service.usecases.author_standing import give_standing
from tests.equipment import mail_server
from tests.factories import Paper, make_email, set_policy
from tests.usecases.checking import rules, run
from tests.usecases.mailing import ALL, PUBLIC, Post, of_link, text_of

ADA, BEN = "ada@mail.example", "ben@mail.example"


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


async def want(post: Post, **fields: object) -> None:
    """That policy from now on."""
    policy = rules(**fields)
    await set_policy(post.paper.owner, post.paper.site, policy)
    post.paper.site = replace(post.paper.site, policy=policy)


async def test_who_ticked_a_box_is_asked_to_confirm_first_and_nothing_of_the_reply_is_in_it(
    post: Post,
) -> None:
    comment_id = await post.send("ada", text="The mill <b>stands</b>.", author="Ada Quist")
    [(to, mail)] = await post.drain()
    assert to == mail["To"] == ADA
    assert mail["Subject"] == "Paper: please confirm your email address"
    whole = mail.as_string()
    assert f"{PUBLIC}/mail/confirm/" in text_of(mail)
    for secret in ("mill", "Ada Quist", str(comment_id), "/receipts/"):
        assert secret not in whole
    assert await post.drain() == []


async def test_nobody_is_mailed_who_did_not_ask(post: Post) -> None:
    await post.send("ada", NO_MAIL)
    assert await post.drain() == []
    assert await post.paper.owner.fetchval("SELECT count(*) FROM mail_recipient") == 0


async def test_spam_and_what_is_refused_at_once_mails_nobody(post: Post) -> None:
    await want(post, blocked_words=["mill"])
    await post.send("ada", text="The mill stands.")
    assert await post.drain() == []


async def test_a_mail_can_be_stopped_with_one_click_and_no_machine_answers_it(post: Post) -> None:
    await post.send("ada")
    [(_, mail)] = await post.drain()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        mail["List-Unsubscribe"] == f"<{PUBLIC}/mail/stop/" + mail["List-Unsubscribe"].partition("stop/")[2]
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


async def test_a_decision_is_told_to_who_confirmed_the_address_and_to_nobody_else(post: Post) -> None:
    await want(post, publish="review")
    told, untold = await post.send("ada"), await post.send("ben")
    mails = dict(await post.drain())
    assert await post.confirm(mails[ADA]) is False
    await post.paper.decide(told, "approve")
    await post.paper.decide(untold, "approve")
    [(to, mail)] = await post.drain()
    assert (to, mail["Subject"]) == (ADA, "Paper: your reply is published")
    assert f"https://paper.example/mill#comment-{told}" in text_of(mail)
    assert f"{PUBLIC}/receipts/" in text_of(mail)
    await post.paper.decide(told, "reject", reason="abusive")
    [(_, mail)] = await post.drain()
    assert mail["Subject"] == "Paper: your reply was taken down"


async def test_what_is_taken_back_in_time_is_not_told(post: Post) -> None:
    await want(post, publish="review")
    comment_id = await post.send("ada")
    await post.confirm((await post.drain())[0][1])
    await post.paper.decide(comment_id, "reject", reason="abusive")
    waits = "SELECT due_at > now() + interval '9 minutes' FROM reader_mail WHERE kind = 'decision'"
    assert await post.paper.owner.fetchval(waits)
    await post.paper.undo(comment_id)
    assert await post.drain() == []
    assert ("decision", "dropped", "it does not hold any more") in await post.states()


async def test_a_published_reply_is_told_once_to_who_is_replied_to(post: Post) -> None:
    parent = await post.send("ada")
    await post.confirm((await post.drain())[0][1])
    reply = await post.send("ben", NO_MAIL, parent_id=parent, text="I saw it too.", author="Ben Orr")
    [(to, mail)] = await post.drain()
    assert (to, mail["Subject"]) == (ADA, "Paper: somebody replied to you")
    assert f"#comment-{reply}" in text_of(mail)
    assert "I saw it too" not in mail.as_string()
    await post.paper.decide(reply, "hold")
    await post.paper.decide(reply, "approve")
    await post.send("ada", NO_MAIL, parent_id=parent, text="An answer to myself.")
    assert await post.drain() == []


async def test_after_no_more_mail_there_is_no_more_mail_not_even_asking(post: Post) -> None:
    parent = await post.send("ada")
    [(_, mail)] = await post.drain()
    await post.confirm(mail)
    who = await find(post, of_link(mail, "stop"))
    await in_transaction(post.paper.web, lambda held: mail_recipients.stop(held, who))
    await post.send("ben", NO_MAIL, parent_id=parent)
    await post.send("ada")
    assert await post.drain() == []
    assert ("confirm", "dropped", "no mail is wanted there") in await post.states()


async def find(post: Post, recipient_id: UUID) -> mail_recipients.Recipient:
    async with post.paper.web.acquire() as held:
        who = await mail_recipients.find_recipient(held, recipient_id)
    assert who is not None
    return who


async def test_one_address_is_asked_a_few_times_a_day_and_the_others_wait(post: Post) -> None:
    for _ in range(7):
        await post.send("ada")
    assert len(await post.drain()) == 5
    waiting = [state for state in await post.states() if state[1] == "waiting"]
    assert waiting == [("confirm", "waiting", "too much mail to this address")] * 2


async def test_a_reply_waits_for_its_address_and_is_checked_again_when_that_is_confirmed(post: Post) -> None:
    await want(post, confirm_address="always")
    comment_id = await post.send("ada", NO_MAIL)
    row = await post.paper.row(comment_id)
    assert (row["status"], row["reason"]) == ("held", "awaiting_confirmation")
    [(_, mail)] = await post.drain()
    assert "once you have confirmed" in text_of(mail)
    assert await post.confirm(mail) is True
    assert (await post.paper.row(comment_id))["status"] == "published"
    assert await post.confirm(mail) is None
    history = [(one["source"], one["action"]) for one in await post.paper.decisions(comment_id)]
    assert history == [("checks", "hold"), ("author", "confirm"), ("checks", "publish")]


async def test_an_address_that_was_confirmed_once_is_enough_where_the_policy_says_first(post: Post) -> None:
    await want(post, confirm_address="first")
    await post.send("ada", NO_MAIL)
    await post.confirm((await post.drain())[0][1])
    again = await post.send("ada", NO_MAIL)
    assert (await post.paper.row(again))["status"] == "published"
    stranger = await post.send("ben", NO_MAIL)
    assert (await post.paper.row(stranger))["reason"] == "awaiting_confirmation"


async def test_without_a_way_for_mail_a_person_looks_where_addresses_are_to_be_confirmed(
    paper: Paper, worker: Pool
) -> None:
    await set_policy(paper.owner, paper.site, rules(confirm_address="always"))
    comment_id = await paper.post()
    await run(worker)
    row = await paper.row(comment_id)
    assert (row["status"], row["reason"]) == ("held", None)


async def test_a_record_of_confirmed_replies_earns_trust_and_typing_the_address_earns_none(
    post: Post,
) -> None:
    await want(post, publish="review", trust_from=1)
    known = await post.send("ada")
    await post.confirm((await post.drain())[0][1])
    await post.paper.decide(known, "approve")
    await post.drain()
    typed = await post.send("ada")
    assert (await post.paper.row(typed))["status"] == "held"
    await want(post, publish="review", trust_from=1, confirm_address="always")
    proved = await post.send("ada")
    assert (await post.paper.row(proved))["reason"] == "awaiting_confirmation"
    *_, (_, mail) = await post.drain()
    await post.confirm(mail)
    assert (await post.paper.row(proved))["status"] == "published"
    refused = await post.send("ada", NO_MAIL)
    await post.confirm((await post.drain())[-1][1])
    await post.paper.decide(refused, "reject", reason="abusive")
    after = await post.send("ada", NO_MAIL)
    await post.confirm((await post.drain())[-1][1])
    assert (await post.paper.row(after))["status"] == "held"


async def test_a_site_may_mail_everybody_who_is_refused_a_few_times_a_day_and_never_for_spam(
    post: Post,
) -> None:
    await want(post, blocked_words=["cromulent"], statement_mail="always")
    published = await post.send("ben", NO_MAIL)
    assert await post.drain() == []
    for number in range(6):
        await post.send("ada", NO_MAIL, text=f"A cromulent mill, number {number} of the river.")
    sent = await post.drain()
    assert [(to, mail["Subject"]) for to, mail in sent] == [(ADA, "Paper: your reply was not published")] * 5
    assert all("cromulent" not in mail.as_string() for _, mail in sent)
    await post.paper.decide(published, "spam")
    assert await post.drain() == []
    await post.paper.decide(published, "reject", reason="off_topic")
    assert [to for to, _ in await post.drain()] == [BEN]


async def test_an_author_whom_a_moderator_trusts_is_held_for_cause_alone_and_who_types_the_address_is_not(
    post: Post,
) -> None:
    await want(post, publish="review", confirm_address="always", blocked_words=["cromulent"])
    await post.send("ada")
    key = await post.paper.owner.fetchval("SELECT key FROM author")
    trust = NewStanding("trusted", "other", None, None)
    mina = post.paper.mina.moderator_id
    await in_transaction(post.paper.web, lambda held: give_standing(held, post.paper.site, key, trust, mina))
    await post.drain()
    for text, status in (("The mill stands.", "published"), ("A cromulent mill.", "rejected")):
        comment_id = await post.send("ada", text=text)
        for _, mail in await post.drain():
            if "/mail/confirm/" in text_of(mail):
                await post.confirm(mail)
        assert (await post.paper.row(comment_id))["status"] == status
    await want(post, publish="review")
    typed = await post.send("ada", NO_MAIL, text="The mill stands still.")
    assert (await post.paper.row(typed))["status"] == "held"


async def test_what_nobody_confirmed_is_gone_after_a_week_and_what_is_younger_stays(post: Post) -> None:
    await want(post, confirm_address="always")
    old, young = await post.send("ada", NO_MAIL), await post.send("ben", NO_MAIL)
    age = "UPDATE comment SET decided_at = now() - interval '8 days' WHERE id = $1"
    await post.paper.owner.execute(age, old)
    assert await post.paper.owner.fetchval("SELECT expire_unconfirmed(100)") == 1
    assert (await post.paper.row(old))["status"] == "erased"
    assert (await post.paper.row(young))["status"] == "held"
    assert await post.paper.owner.fetchval("SELECT count(*) FROM mail_recipient") == 1


async def test_an_address_that_is_erased_is_mailed_no_more(post: Post) -> None:
    comment_id = await post.send("ada")
    await post.paper.owner.execute("DELETE FROM comment_email WHERE comment_id = $1", comment_id)
    assert await post.drain() == []
    assert await post.states() == []


async def test_a_server_that_is_down_for_a_while_gets_each_mail_once(
    post: Post, server: mail_server.MailServer
) -> None:
    await post.send("ada")
    server.answers = "451 later"
    for _ in range(3):
        assert await post.drain() == []
    server.answers = "250 OK"
    assert len(await post.drain()) == 1
    assert await post.drain() == []


async def test_two_workers_send_no_mail_twice(post: Post, server: mail_server.MailServer) -> None:
    await post.send("ada")
    await post.send("ben")
    await asyncio.gather(*(post.postman().mail_due() for _ in range(6)))
    assert sorted(to for to, _ in server.taken) == [ADA, BEN]


async def test_no_address_lies_in_the_clear_in_the_outbox_nor_in_the_log(
    post: Post, server: mail_server.MailServer
) -> None:
    server.refuses[ADA] = f"550 no {ADA}"
    with structlog.testing.capture_logs() as said:
        await post.send("ada", ALL)
        await post.drain()
    assert ("confirm", "failed", "the mail server refuses the recipient (550)") in await post.states()
    kept = [
        *await post.paper.owner.fetch("SELECT row_to_json(it)::text AS row FROM mail_recipient AS it"),
        *await post.paper.owner.fetch("SELECT row_to_json(it)::text AS row FROM reader_mail AS it"),
    ]
    assert kept
    for text in (json.dumps(said, default=str), *(row["row"] for row in kept)):
        assert "@" not in text
        assert ADA.encode().hex() not in text
    assert "ada" not in repr(MailWishes()) + repr(make_email("ada"))
