"""Moderators are mailed each alert once for each success, whatever the mail server and workers go through."""

import asyncio
import json
from dataclasses import replace
from email.message import EmailMessage

import pytest
import structlog

from service.domain.policy import Policy
from service.domain.recipients import Recipients
from service.outbound.mail import MailServer, NotSent
from service.storage.alert_mails import LeasedMail
from service.storage.pool import Pool, in_transaction
from service.usecases.mail_alerts import alert_postman
from service.usecases.mailing import Postman, Send, Unsent
from service.usecases.raise_alerts import raise_alerts
from tests.equipment import mail_server
from tests.factories import Paper
from tests.usecases.checking import rules
from tests.usecases.test_raise_alerts import hold

RUTH, NOOR, SPORT = "ruth@paper.example", "noor@paper.example", "sport@paper.example"
RECIPIENTS = Recipients([(None, RUTH), ("paper", NOOR), ("paper", RUTH), ("sport", SPORT)])


@pytest.fixture
def policy() -> Policy:
    return rules(publish="review", alerts={"queue": 2})


async def look(worker: Pool, recipients: Recipients = RECIPIENTS) -> None:
    await in_transaction(worker, lambda held: raise_alerts(recipients)(held, 1000))


def by(worker: Pool, send: Send, recipients: Recipients = RECIPIENTS) -> Postman[LeasedMail]:
    return alert_postman(
        worker, recipients, send, sender="desk@paper.example", public_url="https://talk.paper.example"
    )


def postman(
    worker: Pool, server: mail_server.MailServer, recipients: Recipients = RECIPIENTS
) -> Postman[LeasedMail]:
    out = MailServer("127.0.0.1", server.port, "off", sender="desk@paper.example")

    async def send(message: EmailMessage, recipient: str) -> Unsent | None:
        try:
            await out.send(message, recipient)
        except NotSent as error:
            return error
        return None

    return by(worker, send, recipients)


async def drain(paper: Paper, who: Postman[LeasedMail]) -> None:
    while await who.mail_due():
        await paper.owner.execute("UPDATE alert_mail SET due_at = now() WHERE state = 'waiting'")


async def states(paper: Paper) -> list[tuple[str, str | None]]:
    rows = await paper.owner.fetch("SELECT state, last_error FROM alert_mail ORDER BY state, type")
    return [(row["state"], row["last_error"]) for row in rows]


async def test_each_moderator_of_the_site_hears_of_the_beginning_and_of_the_end(
    paper: Paper, worker: Pool
) -> None:
    with mail_server.MailServer() as server:
        ids = await hold(paper, 3)
        await look(worker)
        await drain(paper, postman(worker, server))
        begun = list(server.taken)
        for one in ids:
            await paper.decide(one, "approve")
        await look(worker)
        await drain(paper, postman(worker, server))
    assert sorted(who for who, _ in begun) == [NOOR, RUTH]
    assert sorted(who for who, _ in server.taken[2:]) == [NOOR, RUTH]
    first, last = begun[0][1], server.taken[-1][1]
    assert first["Subject"] == "[paper] 3 comments are held"
    assert last["Subject"] == "[paper] Over: 3 comments are held"
    assert first["To"] == begun[0][0]
    assert first["Auto-Submitted"] == "auto-generated"
    assert "https://talk.paper.example/dashboard?site=paper" in first.get_content()
    assert "Now 0 are held." in last.get_content()


async def test_nothing_of_a_reader_is_in_a_mail(paper: Paper, worker: Pool) -> None:
    with mail_server.MailServer() as server:
        await hold(paper, 3)
        await look(worker)
        await drain(paper, postman(worker, server))
    row = await paper.owner.fetchrow("SELECT id, author, text FROM comment LIMIT 1")
    for _, message in server.taken:
        for value in (str(row["id"]), row["author"], row["text"]):
            assert value not in message.as_string()


async def test_a_server_that_is_down_for_a_while_gets_each_mail_once(paper: Paper, worker: Pool) -> None:
    server = mail_server.MailServer(answers="451 later")
    with server:
        who = postman(worker, server)
        await hold(paper, 3)
        await look(worker)
        for _ in range(4):
            assert await who.mail_due() == 1
            await paper.owner.execute("UPDATE alert_mail SET due_at = now()")
    assert await who.mail_due() == 1
    assert ("waiting", "the mail server cannot be reached") in await states(paper)
    server.answers = "250 OK"
    with server:
        await paper.owner.execute("UPDATE alert_mail SET due_at = now()")
        await drain(paper, who)
    assert sorted(one for one, _ in server.taken) == [NOOR, RUTH]
    assert await states(paper) == [("sent", None)] * 2


async def test_a_try_keeps_its_message_id_and_waits_longer_each_time(paper: Paper, worker: Pool) -> None:
    seen: list[str] = []

    async def send(message: EmailMessage, _recipient: str) -> Unsent | None:
        seen.append(message["Message-ID"])
        return NotSent("the mail server cannot be reached")

    ruth = Recipients([(None, RUTH)])
    who = replace(by(worker, send, ruth), draw=lambda _low, high: high)
    await hold(paper, 3)
    await look(worker, ruth)
    for _ in range(3):
        assert await who.mail_due() == 1
        assert await who.mail_due() == 0
        await paper.owner.execute("UPDATE alert_mail SET due_at = now()")
    assert len(seen) == 3
    assert len(set(seen)) == 1
    waits = [who.again_in_s(attempt) for attempt in range(1, 30)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (20, 1800)


async def test_a_recipient_that_is_refused_keeps_no_other_from_being_told(paper: Paper, worker: Pool) -> None:
    with mail_server.MailServer(refuses={RUTH: "550 unknown"}) as server:
        await hold(paper, 3)
        await look(worker)
        await drain(paper, postman(worker, server))
    assert [who for who, _ in server.taken] == [NOOR]
    assert await states(paper) == [("failed", "the mail server refuses the recipient (550)"), ("sent", None)]


async def test_what_is_a_day_old_is_given_up(paper: Paper, worker: Pool) -> None:
    with mail_server.MailServer(answers="451 later") as server:
        await hold(paper, 3)
        await look(worker, Recipients([(None, RUTH)]))
        await paper.owner.execute("UPDATE alert_mail SET created_at = created_at - interval '25 hours'")
        await postman(worker, server).mail_due()
    assert await states(paper) == [("failed", "the mail server refuses the mail")]


async def test_who_was_taken_out_of_the_settings_gets_nothing_more(paper: Paper, worker: Pool) -> None:
    with mail_server.MailServer() as server:
        await hold(paper, 3)
        await look(worker)
        await drain(paper, postman(worker, server, Recipients([(None, NOOR), ("sport", RUTH)])))
    assert [who for who, _ in server.taken] == [NOOR]


async def test_two_workers_send_no_mail_twice(paper: Paper, worker: Pool) -> None:
    with mail_server.MailServer() as server:
        await hold(paper, 3)
        await look(worker)
        await asyncio.gather(*(postman(worker, server).mail_due() for _ in range(6)))
    assert sorted(who for who, _ in server.taken) == [NOOR, RUTH]


async def test_a_worker_that_died_leaves_a_lease_that_ends(paper: Paper, worker: Pool) -> None:
    with mail_server.MailServer() as server:
        await hold(paper, 3)
        await look(worker, Recipients([(None, RUTH)]))
        await paper.owner.execute(
            "UPDATE alert_mail SET due_at = now() + interval '1 minute', lease_token = gen_random_uuid()"
        )
        assert await postman(worker, server).mail_due() == 0
        await paper.owner.execute("UPDATE alert_mail SET due_at = now()")
        assert await postman(worker, server).mail_due() == 1
    assert len(server.taken) == 1


async def test_a_mail_that_cannot_be_written_is_no_reason_to_stop(paper: Paper, worker: Pool) -> None:
    async def send(_message: EmailMessage, _recipient: str) -> Unsent | None:
        raise RuntimeError(RUTH)

    await hold(paper, 3)
    await look(worker)
    who = by(worker, send)
    with structlog.testing.capture_logs() as said:
        assert await who.mail_due() == 1
    assert ("waiting", "it could not be sent") in await states(paper)
    assert "@" not in json.dumps(said)


async def test_no_address_lies_in_the_database_nor_in_the_log(paper: Paper, worker: Pool) -> None:
    with (
        mail_server.MailServer(refuses={RUTH: f"550 {RUTH}"}) as server,
        structlog.testing.capture_logs() as said,
    ):
        await hold(paper, 3)
        await look(worker)
        await drain(paper, postman(worker, server))
    assert said
    assert "@" not in json.dumps(said)
    for row in await paper.owner.fetch("SELECT row_to_json(alert_mail)::text AS row FROM alert_mail"):
        assert "@" not in row["row"]
    assert "@" not in repr(RECIPIENTS)
