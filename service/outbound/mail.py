"""Hands a mail to the configured server (RFC 5321), over TLS unless the operator says otherwise."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP

DEADLINE_S = 30.0
"""For one mail, from the name of the server to its last answer."""


class NotSent(Exception):
    """The server did not take it; `reason` is for people and quotes neither server nor address."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes in."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "off"]
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)

    async def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand it over for one recipient.

        Raises:
            NotSent: it was not taken; `for_good` where that recipient is refused for ever (5xx).
        """
        client = self._client()
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._begin(client)
                await client.send_message(message, sender=self.sender, recipients=[recipient])
                await client.quit()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _not_sent(error) from None  # its message holds addresses
        finally:
            client.close()

    async def check(self) -> None:
        """Connect and sign in, and send nothing.

        Raises:
            NotSent: that is not possible.
        """
        client = self._client()
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._begin(client)
                await client.quit()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _not_sent(error) from None
        finally:
            client.close()

    async def _begin(self, client: SMTP) -> None:
        await client.connect()
        if self.user:
            await client.login(self.user, self.password)

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",  # never by chance: without it nothing is sent
            timeout=DEADLINE_S,
            local_hostname=self.sender.rpartition("@")[2] or "localhost",
        )


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiosmtplib.SMTPAuthenticationError, "the mail server refuses user or password"),
    (aiosmtplib.SMTPSenderRefused, "the mail server refuses the sender"),
    (aiosmtplib.SMTPResponseException, "the mail server refuses the mail"),
    (TimeoutError, "the mail server takes too long"),
    (ssl.SSLError, "the mail server has no certificate that can be trusted"),
    (aiosmtplib.SMTPServerDisconnected, "the mail server hung up"),
    (OSError, "the mail server cannot be reached"),
)
"""The first that fits; anything else is what the server does not offer."""


def _not_sent(error: Exception) -> NotSent:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [one.code for one in error.recipients]
        return NotSent(f"the mail server refuses the recipient ({codes[0]})", for_good=min(codes) >= 500)
    if isinstance(error.__cause__, ssl.SSLError):
        error = error.__cause__
    said = next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)
    return NotSent(said or "the mail server offers no TLS, or no way to sign in")
