"""Makes of a stored comment the question that services are asked, without any address of a mailbox."""

from uuid import UUID

from service.domain.as_submitted import AsSubmitted
from service.domain.site import Site
from service.moderation.mailboxes import without_mailboxes, without_mailboxes_in_url
from service.outbound.services.question import Question
from service.storage.as_submitted import Surroundings
from service.vault import SubmittedVault


def question_of(
    site: Site, comment_id: UUID, version: int, found: Surroundings, vault: SubmittedVault | None
) -> Question:
    """The question about one comment; the same whenever it is made, so that feedback fits the check."""
    submitted = None
    if found.sealed is not None and vault is not None:
        submitted = vault.open(found.sealed, site.id, comment_id)
    return Question(
        site=site.slug,
        blog=site.policy.service("akismet").blog or front_page(site),
        id=comment_id,
        version=version,
        text=without_mailboxes(found.text),
        author=without_mailboxes(found.author),
        website=without_mailboxes_in_url(found.website or "") or None,
        page_url=without_mailboxes_in_url(found.page_url),
        parent_id=found.parent_id,
        submitted_at=found.submitted_at,
        as_submitted=submitted and _without_mailboxes(submitted),
    )


def _without_mailboxes(submitted: AsSubmitted) -> AsSubmitted:
    return AsSubmitted(
        submitted.ip,
        without_mailboxes(submitted.user_agent),
        without_mailboxes_in_url(submitted.referrer),
    )


def front_page(site: Site) -> str:
    """Of several origins the first one with https, in the order of the alphabet: always the same one."""
    origins = sorted(site.origins, key=lambda origin: (not origin.startswith("https:"), origin))
    return f"{origins[0]}/" if origins else ""
