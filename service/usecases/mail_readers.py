"""Mails readers what they asked for, and asks them to confirm their address."""

from datetime import UTC, datetime, timedelta

from service.domain.statement import Statement
from service.keyring import Keyring
from service.letters.letter import ReaderLetter
from service.signed import MailPurpose, make_mail_link
from service.storage import reader_mails
from service.storage.pool import Pool
from service.storage.reader_mails import LeasedMail
from service.usecases.mailing import Letter, NoLetter, Outbox, Postman, Send
from service.usecases.reason_letter import reason_paragraphs, reason_values
from service.vault import RecipientVault

OUTBOX: Outbox[LeasedMail] = Outbox(reader_mails.is_any_due, reader_mails.lease_due, reader_mails.settle)

MOST_A_DAY = {"confirm": 5, "data": 3, "notice_received": 5, "statement": 5, "appeal": 5}
"""So many mails that nobody confirmed to want go to one mailbox in 24 hours; others wait for their turn."""

MOST_OTHERS_A_DAY = 50
_WITH_A_NOTE = frozenset({
    "data", "notice_received", "notice_kept", "notice_taken_down", "notice_gone", "appeal_granted",
    "appeal_upheld",
})  # fmt: skip
PATIENCE = timedelta(days=3)


def reader_postman(
    pool: Pool, keys: Keyring, send: Send, *, sender: str, public_url: str
) -> Postman[LeasedMail]:
    """What mails readers; `keys` are those that web and worker share."""
    vault = RecipientVault(keys)

    def write(one: LeasedMail) -> Letter | NoLetter:
        if (no := _no_letter(one)) is not None:
            return no
        to = vault.open(one.key_id, one.sealed, one.recipient_id)
        if to is None:
            return NoLetter("failed", "no key of ours opens the address")
        if not to.link:
            return NoLetter("dropped", "nothing is held about this address")
        address = to.email.reveal()
        links = _Links(keys, public_url, one, to.link)
        letter = ReaderLetter(
            id=one.id,
            kind=_kind(one),
            language=one.language,
            site_name=one.site_name,
            paragraphs=_paragraphs(one),
            values=reason_values(one, told) if (told := _told(one)) else {},
            href=links.main(),
            second_href=to.link if _kind(one) in {"published", "reply"} else None,
            stop_href=links.of("stop"),
            written_at=datetime.now(UTC) - one.age,
            sender=sender,
            recipient=address,
            public_url=public_url,
        )
        return Letter(letter.message(), address)

    return Postman(pool, OUTBOX, write, send, patience=PATIENCE)


def _no_letter(one: LeasedMail) -> NoLetter | None:
    """Why this mail is not written: it does not hold any more, is not wanted, or there were many."""
    if not one.is_due:
        return NoLetter("dropped", "it does not hold any more")
    if one.is_stopped and one.kind != "data":
        return NoLetter("dropped", "no mail is wanted there")
    most = MOST_A_DAY.get(one.kind, MOST_OTHERS_A_DAY)
    if one.sent_lately >= (MOST_OTHERS_A_DAY if one.is_confirmed else most):
        if one.age > PATIENCE:
            return NoLetter("failed", "too much mail to this address")
        return NoLetter("waiting", "too much mail to this address", timedelta(hours=1))
    return None


def _kind(one: LeasedMail) -> str:
    if one.kind == "notice_decided":
        return f"notice_{one.status}"
    if one.kind == "appeal":
        return f"appeal_{one.status}"
    if told := _told(one):
        return told.restriction
    return str(one.status) if one.kind == "decision" else one.kind


def _told(one: LeasedMail) -> Statement | None:
    """Why the comment is restricted, where the mail is about that."""
    return one.statement if one.kind in {"decision", "statement"} else None


def _paragraphs(one: LeasedMail) -> tuple[str, ...]:
    if one.kind == "confirm":
        return ("first", "must" if one.must_confirm else "may", "note")
    if told := _told(one):
        return reason_paragraphs(told, is_confirmed=one.is_confirmed)
    return ("first", "note") if _kind(one) in _WITH_A_NOTE else ("first",)


class _Links:
    def __init__(self, keys: Keyring, public_url: str, one: LeasedMail, own: str) -> None:
        self._keys, self._public_url, self._one, self._own = keys, public_url, one, own

    def of(self, purpose: MailPurpose) -> str:
        made = make_mail_link(self._keys, purpose, self._one.recipient_id)
        return f"{self._public_url}/mail/{'stop' if purpose == 'stop' else 'confirm'}/{made}"

    def main(self) -> str:
        if self._one.kind == "confirm":
            return self.of("confirm")
        if self._one.kind in {"statement", "appeal"} and not self._one.is_confirmed:
            return self.of("own")  # what was written is shown to whoever says that it was theirs
        if _kind(self._one) in {"published", "reply"} and self._one.page_url:
            return f"{self._one.page_url}#comment-{self._one.shown_id}"
        return self._own
