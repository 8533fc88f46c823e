"""Mails alerts to moderators, each recipient by itself."""

from service.domain.recipients import Recipients
from service.storage import alert_mails
from service.storage.alert_mails import LeasedMail
from service.storage.pool import Pool
from service.usecases.alert_letter import alert_letter
from service.usecases.mailing import Letter, NoLetter, Outbox, Postman, Send

OUTBOX: Outbox[LeasedMail] = Outbox(alert_mails.is_any_due, alert_mails.lease_due, alert_mails.settle)


def alert_postman(
    pool: Pool, recipients: Recipients, send: Send, *, sender: str, public_url: str
) -> Postman[LeasedMail]:
    """What mails alerts; `sender` is an address and `public_url` where the dashboard is."""

    def write(one: LeasedMail) -> Letter | NoLetter:
        address = recipients.address(one.site, one.recipient)
        if address is None:
            return NoLetter("failed", "the settings do not name this recipient any more")
        return Letter(alert_letter(one, sender, address, public_url), address)

    return Postman(pool, OUTBOX, write, send)
