"""The mail that this installation sends, made of the settings; nothing where no server is named."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.domain.recipients import NOBODY, Recipients
from service.keyring import Keyring
from service.mail_settings import read_recipients
from service.settings import Settings
from service.storage.pool import Pool
from service.usecases.mail_alerts import alert_postman
from service.usecases.mailing import Postman, Send, Unsent

if TYPE_CHECKING:
    from service.outbound.mail import MailServer


@dataclass(frozen=True, slots=True)
class Sender:
    """A way out for mail, and the address that it comes from."""

    send: Send
    address: str = field(repr=False)


def recipients_of(settings: Settings) -> Recipients:
    """Who gets mail; nobody where it is off."""
    if not settings.smtp_host:
        return NOBODY
    return Recipients(read_recipients(settings.smtp_to.get_secret_value()))


def server_of(settings: Settings) -> "MailServer":
    """Where mail goes in; to be asked for only where a server is named."""
    from service.outbound.mail import MailServer

    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_tls,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        settings.smtp_from.get_secret_value(),
    )


def sender_of(settings: Settings) -> Sender | None:
    """What takes mail: a server, or a folder instead of one; null where mail is off."""
    # Imported where mail is on: it takes memory in every worker.
    if settings.smtp_host:
        server = server_of(settings)
        return Sender(_tried(server), server.sender)
    if settings.mail_folder:
        from service.outbound.mail_folder import MailFolder

        folder = MailFolder(Path(settings.mail_folder))

        async def keep(message: EmailMessage, recipient: str) -> None:
            await folder.send(message, recipient)

        return Sender(keep, settings.smtp_from.get_secret_value() or "replydesk@localhost")
    return None


def postmen_of(settings: Settings, pool: Pool) -> list[Postman[Any]]:
    """What sends mail: alerts to moderators, and to readers what they asked for."""
    way_out, keys = sender_of(settings), settings.submitted_keys.get_secret_value()
    if way_out is None:
        return []
    to = {"sender": way_out.address, "public_url": settings.public_url}
    postmen: list[Postman[Any]] = [alert_postman(pool, recipients_of(settings), way_out.send, **to)]
    if keys:
        from service.usecases.mail_readers import reader_postman

        postmen.append(reader_postman(pool, Keyring.parse(keys), way_out.send, **to))
    return postmen


def _tried(server: "MailServer") -> Send:
    from service.outbound.mail import NotSent

    async def send(message: EmailMessage, recipient: str) -> Unsent | None:
        try:
            await server.send(message, recipient)
        except NotSent as error:
            return error
        return None

    return send
