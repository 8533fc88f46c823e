"""Mail is handed over by SMTP, over TLS unless somebody said otherwise, and a refusal quotes no address."""

import asyncio
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from service.outbound import mail
from service.outbound.mail import MailServer, NotSent
from tests.equipment import mail_server
from tests.equipment.self_signed import self_signed

TO = "ruth@paper.example"


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@paper.example", TO, "Grüße"
    message.set_content("Zweihundert warten.\n")
    return message


def to(server: mail_server.MailServer, **how: str) -> MailServer:
    return MailServer(
        **{"host": "127.0.0.1", "tls": "off", "sender": "desk@paper.example"} | how, port=server.port
    )  # type: ignore[arg-type]


async def reason(server: MailServer) -> NotSent:
    with pytest.raises(NotSent) as refused:
        await server.send(letter(), TO)
    assert "@" not in str(refused.value)
    assert refused.value.__suppress_context__
    return refused.value


async def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server.MailServer() as server:
        await to(server).send(letter(), TO)
    [(recipient, message)] = server.taken
    assert (recipient, message["Subject"]) == (TO, "Grüße")
    assert message.get_content().splitlines() == ["Zweihundert warten."]


@pytest.mark.parametrize(
    ("answer", "for_good"), [("550 no such user ruth@paper.example", True), ("450 come again", False)]
)
async def test_a_recipient_that_is_refused_for_ever_is_told_from_one_that_is_not(
    answer: str, *, for_good: bool
) -> None:
    with mail_server.MailServer(refuses={TO: answer}) as server:
        refused = await reason(to(server))
    assert (refused.for_good, refused.reason) == (
        for_good,
        f"the mail server refuses the recipient ({answer[:3]})",
    )


async def test_a_server_that_takes_no_mail_now_may_take_it_later() -> None:
    with mail_server.MailServer(answers="554 ruth@paper.example writes too much") as server:
        refused = await reason(to(server))
    assert (refused.for_good, refused.reason) == (False, "the mail server refuses the mail")


async def test_nobody_listens() -> None:
    with mail_server.MailServer() as server:
        gone = to(server)
    assert (await reason(gone)).reason == "the mail server cannot be reached"


async def test_without_tls_nothing_is_sent_where_tls_is_wanted() -> None:
    with mail_server.MailServer() as server:
        assert "no TLS" in (await reason(to(server, tls="starttls"))).reason
    assert server.taken == []


async def test_over_tls_it_signs_in_and_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = tls(tmp_path, monkeypatch)
    with mail_server.MailServer(context, user=("desk", "a long password")) as server:
        out = to(server, tls="starttls", user="desk", password="a long password")
        await out.check()
        assert server.taken == []
        await out.send(letter(), TO)
        wrong = to(server, tls="starttls", user="desk", password="another")
        assert (await reason(wrong)).reason == "the mail server refuses user or password"
        with pytest.raises(NotSent):
            await wrong.check()
    assert len(server.taken) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls(tmp_path, monkeypatch)
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_server.MailServer(context) as server:
        refused = await reason(to(server, tls="starttls"))
    assert refused.reason == "the mail server has no certificate that can be trusted"
    assert server.taken == []


def test_neither_password_nor_sender_shows_in_a_repr() -> None:
    server = MailServer("mail.example", 587, "tls", "desk", "s3cret", "desk@paper.example")
    assert "s3cret" not in repr(server)
    assert "@" not in repr(server)


def tls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS that this process trusts."""
    certificate = self_signed("127.0.0.1")
    trusted = folder / "trusted.pem"
    trusted.write_bytes(certificate.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return certificate.server_context()


async def test_a_server_that_says_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "DEADLINE_S", 0.1)
    gone = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        gone.set()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        server = MailServer("127.0.0.1", port, "off", sender="desk@paper.example")
        assert (await reason(server)).reason == "the mail server takes too long"
        await gone.wait()  # the connection is closed, not forgotten
