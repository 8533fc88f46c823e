"""Tells people what is held about them, by a link that is mailed to the address that they ask about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.domain.email import EmailAddress
from service.domain.site import Site
from service.keyring import Keyring
from service.storage import mail_recipients, own_data, reader_mails
from service.storage.own_data import OwnData
from service.storage.pool import Connection
from service.usecases.mail_desk import MailDesk
from service.vault import DataLinks, Vault

LINK_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnDataDesk:
    """Made where mail is on."""

    vault: Vault
    mail: MailDesk
    signing: Keyring

    async def ask(self, connection: Connection, site: Site, email: EmailAddress, language: str) -> None:
        """Have a link mailed to that address, if something was ever written with it.

        The same is stored for any address: for one that nobody knows it holds no link, and nothing is sent.
        """
        known = await own_data.find_author_behind(connection, site.id, self.vault.indexes(email, site.id))
        token = DataLinks(self.signing).make(email, site.id, datetime.now(UTC))
        link = f"{self.mail.public_url}/my-data/{token}" if known is not None else ""
        to = self.mail.recipient_at(site, email, link, language)
        await mail_recipients.insert_recipient(connection, to)
        await reader_mails.request_mail(connection, to.id, "data")

    def open(self, token: str) -> tuple[int, EmailAddress] | None:
        """The site and the address of a link; null where it is not one of ours, or a day old."""
        return DataLinks(self.signing).open(token, datetime.now(UTC) - LINK_LASTS)

    async def read(self, connection: Connection, site_id: int, email: EmailAddress) -> list[OwnData]:
        """Everything that is held about who has that address; empty where that is nothing."""
        indexes = self.vault.indexes(email, site_id)
        author_id = await own_data.find_author_behind(connection, site_id, indexes)
        return [] if author_id is None else await own_data.list_own_data(connection, site_id, author_id)
