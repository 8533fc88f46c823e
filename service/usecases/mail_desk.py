"""Says who is to be mailed about a reply, with the address sealed for the worker that mails."""

from dataclasses import dataclass, replace
from uuid import UUID

from service.domain.comment_id import new_comment_id
from service.domain.email import EmailAddress
from service.domain.mail_to import LANGUAGES, MailTo
from service.domain.site import Site
from service.domain.submission import Submission
from service.keyring import Keyring
from service.signed import make_receipt
from service.storage.mail_recipients import NewRecipient
from service.vault import RecipientVault


@dataclass(frozen=True, slots=True)
class MailDesk:
    """Made where mail is on; `signing` makes receipts, which only a mail to their owner holds."""

    vault: RecipientVault
    signing: Keyring
    public_url: str

    def recipient_of(
        self, site: Site, submission: Submission, comment_id: UUID, language: str
    ) -> NewRecipient | None:
        """Who is mailed about it; null where nobody asked and the site's policy wants no mail."""
        must_confirm = site.policy.confirm_address != "off"
        is_told = site.policy.statement_mail == "always"
        if submission.email is None or not (must_confirm or is_told or submission.wishes):
            return None
        link = f"{self.public_url}/receipts/{make_receipt(self.signing, site.id, comment_id)}"
        made = self.recipient_at(site, submission.email, link, language)
        return replace(
            made,
            comment_id=comment_id,
            wants_decision=submission.wishes.decision,
            wants_replies=submission.wishes.replies,
            must_confirm=must_confirm,
            wants_statement=is_told,
        )

    def recipient_at(self, site: Site, email: EmailAddress, link: str, language: str) -> NewRecipient:
        """Who is mailed without a comment of the own; the link is theirs alone."""
        recipient_id = new_comment_id()
        key_id, sealed = self.vault.seal(MailTo(email, link), recipient_id)
        return NewRecipient(
            id=recipient_id,
            site_id=site.id,
            comment_id=None,
            mailbox=self.vault.mailbox(email),
            key_id=key_id,
            sealed=sealed,
            language=language if language in LANGUAGES else "en",
        )
