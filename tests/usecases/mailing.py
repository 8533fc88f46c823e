"""A paper whose readers are mailed, by a real SMTP server on this machine."""

from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from service.domain.mail_to import MailWishes
from service.outbound.mail import MailServer, NotSent
from service.signed import MailPurpose, read_mail_link
from service.storage import mail_recipients
from service.storage.pool import Pool, in_transaction
from service.storage.reader_mails import LeasedMail
from service.usecases.mail_desk import MailDesk
from service.usecases.mail_readers import reader_postman
from service.usecases.mailing import Postman, Unsent
from service.vault import RecipientVault
from tests.equipment import mail_server
from tests.factories import Paper, make_email, make_keyring
from tests.usecases.checking import run

PUBLIC = "https://talk.paper.example"
KEYS = make_keyring(31)
ALL = MailWishes(decision=True, replies=True)


@dataclass
class Post:
    """One paper, its postman and what arrived."""

    paper: Paper
    worker: Pool
    server: mail_server.MailServer

    @classmethod
    def of(cls, paper: Paper, worker: Pool, server: mail_server.MailServer) -> "Post":
        paper.desk = replace(paper.desk, mail=MailDesk(RecipientVault(KEYS), paper.desk.signing, PUBLIC))
        return cls(paper, worker, server)

    def postman(self) -> Postman[LeasedMail]:
        out = MailServer("127.0.0.1", self.server.port, "off", sender="desk@paper.example")

        async def send(message: EmailMessage, recipient: str) -> Unsent | None:
            try:
                await out.send(message, recipient)
            except NotSent as error:
                return error
            return None

        return reader_postman(self.worker, KEYS, send, sender="desk@paper.example", public_url=PUBLIC)

    async def drain(self) -> list[tuple[str, EmailMessage]]:
        """Send whatever waits, also what waits for its time; what arrived meanwhile."""
        before = len(self.server.taken)
        await self.make_due()
        while await self.postman().mail_due():
            pass
        return self.server.taken[before:]

    async def make_due(self) -> None:
        await self.paper.owner.execute("UPDATE reader_mail SET due_at = now() WHERE state = 'waiting'")

    async def send(self, name: str, wishes: MailWishes = ALL, **changes: Any) -> UUID:
        """A reply by that reader, checked."""
        comment_id = await self.paper.post(email=make_email(name), wishes=wishes, **changes)
        await run(self.worker)
        return comment_id

    async def confirm(self, mail: EmailMessage) -> bool | None:
        """Use the link of a mail, and have checked what waited for it."""
        recipient_id = of_link(mail, "confirm")
        async with self.worker.acquire() as held:
            row = await held.fetchrow(
                "SELECT site_id, comment_id FROM mail_recipient WHERE id = $1", recipient_id
            )
        assert row is not None
        waited = await in_transaction(
            self.paper.web, lambda held: mail_recipients.confirm(held, row["site_id"], row["comment_id"])
        )
        await run(self.worker)
        return waited

    async def states(self) -> list[tuple[str, str, str | None]]:
        rows = await self.paper.owner.fetch(
            "SELECT kind, state, last_error FROM reader_mail ORDER BY created_at, kind"
        )
        return [(row["kind"], row["state"], row["last_error"]) for row in rows]


def of_link(mail: EmailMessage, purpose: MailPurpose) -> UUID:
    """The recipient of the link in a mail."""
    start = f"{PUBLIC}/mail/{'stop' if purpose == 'stop' else 'confirm'}/"
    [link] = {word for word in text_of(mail).split() if word.startswith(start)}
    recipient_id = read_mail_link(KEYS, purpose, urlsplit(link).path.rpartition("/")[2], now_s=0)
    assert recipient_id is not None
    return recipient_id


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
