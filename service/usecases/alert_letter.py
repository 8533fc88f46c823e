"""What a mail about an alert says: figures and a link, and nothing of any comment."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from service.domain.alerts import AlertType
from service.storage.alert_mails import LeasedMail
from service.storage.alerts import Alert


def alert_letter(mail: LeasedMail, sender: str, recipient: str, public_url: str) -> EmailMessage:
    """The message for one recipient; on each try it has the same Message-ID, so that a reader sees one."""
    alert, letter = mail.alert, EmailMessage(SMTP)
    is_over = mail.type == "alert.ended"
    letter["From"] = Address("Replydesk", addr_spec=sender)
    letter["To"] = recipient
    letter["Subject"] = f"[{mail.site}] {'Over: ' if is_over else ''}{_sentence(alert)}"
    letter["Date"] = format_datetime((alert.ended_at if is_over else None) or alert.raised_at)
    host = urlsplit(public_url).hostname or "replydesk"
    letter["Message-ID"] = f"<{mail.type[6:]}.{alert.id.hex}.{mail.recipient.hex()[:8]}@{host}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers of machines, please
    letter.set_content("\n".join(_lines(mail, public_url)) + "\n")
    return letter


def _sentence(alert: Alert) -> str:
    if alert.kind == "held_too_long":
        return f"a comment is held for {alert.value} minutes"
    if alert.kind == "queue_too_long":
        return f"{alert.value} comments are held"
    return f"the check {alert.subject} is down"


_WANTED = {
    "held_too_long": "Its policy tells of comments that are held for more than {} minutes.",
    "queue_too_long": "Its policy tells of more than {} held comments.",
    "check_down": "Its policy tells of checks that give no answer {} times in a row.",
}


def _lines(mail: LeasedMail, public_url: str) -> list[str]:
    alert = mail.alert
    begun = f"{alert.raised_at:%Y-%m-%d %H:%M} UTC"
    lines = [f"Site: {mail.site_name}", f"Since {begun}: {_sentence(alert)}."]
    lines += _end(alert, mail.type)
    lines += [_WANTED[alert.kind].format(alert.threshold), "", f"{public_url}/dashboard?site={mail.site}"]
    return lines


def _end(alert: Alert, kind: AlertType) -> list[str]:
    if kind != "alert.ended" or alert.ended_at is None:
        return []
    now = {
        "held_too_long": "Now none is held for longer than {} minutes.",
        "queue_too_long": "Now {} are held.",
        "check_down": "It answers again.",
    }[alert.kind]
    gone = alert.ended_value is None
    what = "Nobody asks for it any more." if gone else now.format(alert.ended_value)
    return [f"Over since {alert.ended_at:%Y-%m-%d %H:%M} UTC. {what}"]
