"""Takes a reply: stores it `pending`, its address sealed, in one transaction, or finds it stored already."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from service.domain.as_submitted import AsSubmitted, SealedSubmission
from service.domain.comment_id import new_comment_id
from service.domain.email import EmailAddress, SealedEmail
from service.domain.errors import IdempotencyKeyReused, PageClosed, ParentNotFound, TooManyPages
from service.domain.site import Site
from service.domain.submission import Submission
from service.keyring import Keyring
from service.moderation.names import name_skeleton
from service.moderation.text_view import fingerprint
from service.storage import pages, submissions
from service.storage.mail_recipients import insert_recipient
from service.storage.pages import Page
from service.storage.pool import Connection, Pool, connection, in_transaction
from service.storage.submissions import KeyToTake, NewComment, Parent
from service.usecases.mail_desk import MailDesk
from service.vault import SubmittedVault, Vault, body_mac

KEY_WINDOW = timedelta(hours=24)
"""How long an Idempotency-Key or a submission_key is remembered."""

SAME_REPLY_WINDOW = timedelta(seconds=60)
"""Without a key, the same reply within this time is a double click, not a second reply."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is on disk now; `is_new` is false when it was accepted before."""

    id: UUID
    page_url: str
    submitted_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the request adds to what the reader typed.

    `refuse_other_body`: whether another body under a remembered key is an error (an API client's mistake) or
    a submission of its own (a form that was sent, changed, and sent again). `as_submitted` is given where the
    site has Akismet on, and nowhere else.
    """

    page_url: str
    idempotency_key: str | None
    refuse_other_body: bool
    network: bytes | None
    seconds_to_fill: float | None
    user_agent: str | None = None
    network_standing_id: int | None = None
    language: str = "en"
    as_submitted: AsSubmitted | None = None


@dataclass(frozen=True, slots=True)
class SubmissionDesk:
    """Takes replies; holds what that needs and nothing of the request.

    Without `submitted` nothing of where a submission came from can be kept, without `mail` nobody is mailed.
    """

    pool: Pool
    vault: Vault
    signing: Keyring
    submitted: SubmittedVault | None = None
    mail: MailDesk | None = None

    async def accept(self, site: Site, submission: Submission, arrival: Arrival) -> Accepted:
        """Store a reply; when this returns, it is on disk.

        Raises:
            PageClosed, ParentNotFound, TooManyPages, IdempotencyKeyReused: nothing was stored.
            StorageUnavailable: whether it was stored is unknown; the same key tells on a retry.
        """
        return await in_transaction(
            self.pool, lambda connection: self._accept(connection, site, submission, arrival)
        )

    async def find_accepted(self, site: Site, submission: Submission, arrival: Arrival) -> Accepted | None:
        """The first answer to the same submission, where it was given; stores and takes nothing.

        Raises:
            StorageUnavailable: nobody can tell now.
        """
        bodies = self._bodies(submission, arrival.page_url)
        keys, window = self._keys(bodies, _same_reply(arrival)), SAME_REPLY_WINDOW
        if arrival.idempotency_key is not None:
            given = str(arrival.idempotency_key)
            window = KEY_WINDOW
            keys = [
                *self._keys(bodies, lambda _: ("key", given)),
                *self._keys(bodies, lambda body: ("key", given, body.hex())),
            ]
        async with connection(self.pool) as held:
            found = await submissions.find_same(held, site.id, keys, window=window)
            return await _accepted_before(held, site, found) if found else None

    async def is_parent(self, site: Site, page_url: str, parent_id: UUID) -> bool:
        """Whether that is a published comment of the page, which can be replied to.

        Raises:
            StorageUnavailable: nobody can tell now.
        """
        async with connection(self.pool) as held:
            page = await pages.find_page(held, site.id, page_url)
            return page is not None and bool(await submissions.find_parent(held, site.id, page.id, parent_id))

    async def _accept(
        self, connection: Connection, site: Site, submission: Submission, arrival: Arrival
    ) -> Accepted:
        comment_id = new_comment_id()
        known = await self._find_repeat(connection, site, submission, arrival, comment_id)
        if known is not None:
            return known
        page = await _page_of(connection, site, arrival.page_url, submission.page_title)
        parent = await _parent_of(connection, site, page, submission.parent_id)
        new = await self._new_comment(connection, site, submission, arrival, page, parent, comment_id)
        submitted_at = await submissions.insert_comment(connection, new)
        if self.mail and (to := self.mail.recipient_of(site, submission, comment_id, arrival.language)):
            await insert_recipient(connection, to)
        return Accepted(comment_id, page.url, submitted_at, is_new=True)

    async def _find_repeat(
        self,
        connection: Connection,
        site: Site,
        submission: Submission,
        arrival: Arrival,
        comment_id: UUID,
    ) -> Accepted | None:
        """The earlier submission that this one repeats; otherwise its keys are taken for this one."""
        bodies = self._bodies(submission, arrival.page_url)
        if arrival.idempotency_key is not None:
            keys = self._keys(bodies, lambda _: ("key", str(arrival.idempotency_key)))
            kept = await submissions.claim_keys(connection, site.id, keys, comment_id, window=KEY_WINDOW)
            if kept is None or kept.is_same:
                return None if kept is None else await _accepted_before(connection, site, kept.comment_id)
            if arrival.refuse_other_body:
                raise IdempotencyKeyReused
            # A form that was changed and sent again: a submission of its own, whose retries are as harmless.
            keys = self._keys(bodies, lambda body: ("key", str(arrival.idempotency_key), body.hex()))
            window = KEY_WINDOW
        else:
            keys = self._keys(bodies, _same_reply(arrival))
            window = SAME_REPLY_WINDOW
        kept = await submissions.claim_keys(connection, site.id, keys, comment_id, window=window)
        return None if kept is None else await _accepted_before(connection, site, kept.comment_id)

    def _keys(self, bodies: dict[int, bytes], named: Callable[[bytes], tuple[str, ...]]) -> list[KeyToTake]:
        """The key of a submission with its body, under every signing key: a change of those forgets none."""
        return [
            KeyToTake(body_mac(self.signing, *named(body), key_id=key_id), body)
            for key_id, body in bodies.items()
        ]

    def _bodies(self, submission: Submission, page_url: str) -> dict[int, bytes]:
        """What was sent, as each signing key digests it."""
        parts = (
            page_url,
            str(submission.parent_id or ""),
            submission.author,
            submission.email.index_form().decode() if submission.email else "",
            submission.website or "",
            submission.text,
        )
        return {key_id: body_mac(self.signing, *parts, key_id=key_id) for key_id in self.signing.keys}

    async def _new_comment(
        self,
        connection: Connection,
        site: Site,
        submission: Submission,
        arrival: Arrival,
        page: Page,
        parent: Parent | None,
        comment_id: UUID,
    ) -> NewComment:
        author_id, email = await self._identify(connection, site, submission.email, comment_id)
        return NewComment(
            site_id=site.id,
            id=comment_id,
            page_id=page.id,
            parent=parent,
            author_id=author_id,
            author=submission.author,
            website=submission.website,
            text=submission.text,
            fingerprint=fingerprint(submission.text),
            name_skeleton=name_skeleton(submission.author),
            network=arrival.network,
            network_standing_id=arrival.network_standing_id,
            user_agent=arrival.user_agent,
            honeypot_filled=submission.honeypot_filled,
            seconds_to_fill=arrival.seconds_to_fill,
            email=email,
            as_submitted=self._seal_submitted(site, arrival.as_submitted, comment_id),
        )

    def _seal_submitted(
        self, site: Site, submitted: AsSubmitted | None, comment_id: UUID
    ) -> SealedSubmission | None:
        if self.submitted is None or submitted is None:
            return None
        return self.submitted.seal(submitted, site.id, comment_id)

    async def _identify(
        self, connection: Connection, site: Site, email: EmailAddress | None, comment_id: UUID
    ) -> tuple[int | None, SealedEmail | None]:
        if email is None:
            return None, None
        indexes = self.vault.indexes(email, site.id)
        author_id = await submissions.author_of(connection, site.id, indexes, secrets.token_urlsafe(9))
        return author_id, self.vault.seal(email, site.id, comment_id)


def _same_reply(arrival: Arrival) -> Callable[[bytes], tuple[str, ...]]:
    """What tells a double click, which comes from where the first one came.

    From elsewhere it is another reply: whoever repeats what a reader published and guesses the address would
    see by the first answer, and get the reader's receipt with it, that the guess is right.
    """
    network = arrival.network.hex() if arrival.network else ""
    return lambda body: ("same reply", body.hex(), network)


async def _accepted_before(connection: Connection, site: Site, comment_id: UUID) -> Accepted | None:
    found = await submissions.find_accepted(connection, site.id, comment_id)
    return Accepted(comment_id, *found, is_new=False) if found else None


async def _page_of(connection: Connection, site: Site, url: str, title: str | None) -> Page:
    days = site.policy.close_after_days
    page = await pages.find_page(connection, site.id, url, close_after_days=days)
    if page is None:
        if await pages.count_new_pages(connection, site.id) >= site.policy.new_pages_per_hour:
            raise TooManyPages
        page = await pages.insert_page(connection, site.id, url, title)
    elif page.title is None and title:
        await pages.title_page(connection, site.id, page.id, title)
    if not page.is_open or site.mode_at(datetime.now(UTC)) == "closed":
        raise PageClosed
    return page


async def _parent_of(connection: Connection, site: Site, page: Page, parent_id: UUID | None) -> Parent | None:
    """The comment to attach to: the one replied to, or the deepest of its ancestors that the site allows."""
    if parent_id is None:
        return None
    parent = await submissions.find_parent(connection, site.id, page.id, parent_id)
    if parent is None:
        raise ParentNotFound
    return allowed_parent(site, parent)


def allowed_parent(site: Site, parent: Parent) -> Parent | None:
    """That comment, or the deepest of its ancestors below which the site allows a reply."""
    room = site.policy.depth - 1  # how many comments may stand above a reply
    above = (*parent.ancestors, parent.id)[:room]
    return Parent(above[-1], above[:-1]) if above else None
