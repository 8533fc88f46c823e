"""The mail that this installation sends, made of the settings; nothing where no server is named."""

from email.message import EmailMessage
from typing import TYPE_CHECKING

from service.domain.recipients import NOBODY, Recipients
from service.mail_settings import read_recipients
from service.settings import Settings
from service.storage.pool import Pool
from service.usecases.mail_alerts import Postman, Unsent

if TYPE_CHECKING:
    from service.outbound.mail import MailServer


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


def postman_of(settings: Settings, pool: Pool) -> Postman | None:
    """What sends it; null where mail is off."""
    if not settings.smtp_host:
        return None
    # Imported where mail is on: it takes memory in every worker.
    from service.outbound.mail import NotSent

    server = server_of(settings)

    async def send(message: EmailMessage, recipient: str) -> Unsent | None:
        try:
            await server.send(message, recipient)
        except NotSent as error:
            return error
        return None

    return Postman(pool, recipients_of(settings), send, server.sender, settings.public_url)
