"""Seals every address with the newest key and indexes every author under it, while the service runs.

Each step is a short transaction that leaves all addresses readable: it can be stopped, or killed, anywhere,
and the next run goes on with what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from cryptography.exceptions import InvalidTag

from service.domain.email import EmailAddress
from service.storage import sealed_emails
from service.storage.pool import Connection, Pool, connection, in_transaction
from service.storage.sealed_emails import NOWHERE, StoredEmail, UnindexedAuthor
from service.vault import Vault

BATCH = 200
"""Rows that are locked at once: a few milliseconds of work."""

MOST_WALKS = 10
"""The later ones find what was locked, or came meanwhile from a process that has the old keys alone.

While there is such a process it never ends, so a run does; `replydesk keys status` says what is left.
"""


@dataclass(slots=True)
class Progress:
    """What was done so far; `unreadable` addresses need a key that is not in the keyring, or were altered."""

    sealed: int = 0
    indexed: int = 0
    dropped: int = 0
    unreadable: int = 0


Say = Callable[[Progress], None]


@dataclass(slots=True)
class KeyRotation:
    """One run over everything that is stored; `say` is told after every batch."""

    pool: Pool
    vault: Vault
    say: Say
    progress: Progress

    async def run(self) -> Progress:
        """Seal anew, index anew, drop what no key of the keyring finds.

        Raises:
            StorageUnavailable: Postgres is away; what was done is done.
        """
        for _ in range(MOST_WALKS):
            if not await self._seal_all():
                break
        await self._index_all()
        await self._drop_all()
        return self.progress

    async def _seal_all(self) -> bool:
        """One walk over all addresses; whether it changed any."""
        before, after = self.progress.sealed, NOWHERE
        self.progress.unreadable = 0
        while True:
            batch, sealed, unreadable = await in_transaction(self.pool, partial(self._seal, after=after))
            self.progress.sealed += sealed
            self.progress.unreadable += unreadable
            self.say(self.progress)
            if not batch:
                return self.progress.sealed > before
            after = (batch[-1].site_id, batch[-1].comment_id)

    async def _seal(self, held: Connection, *, after: tuple[int, UUID]) -> tuple[list[StoredEmail], int, int]:
        """One batch: what was looked at, how many were sealed anew, how many could not be opened."""
        newest, sealed, unreadable = self.vault.email_keys.newest, 0, 0
        batch = await sealed_emails.lock_sealed_otherwise(held, newest, after=after, limit=BATCH)
        for old in batch:
            email = self._opened(old)
            if email is None:
                unreadable += 1
                continue
            new = self.vault.seal(email, old.site_id, old.comment_id)
            sealed += await sealed_emails.replace_sealed(held, old, new)
        return batch, sealed, unreadable

    def _opened(self, stored: StoredEmail) -> EmailAddress | None:
        try:
            return self.vault.open(stored.sealed, stored.site_id, stored.comment_id)
        except (KeyError, InvalidTag):
            return None

    async def _index_all(self) -> None:
        newest, sealed, after = self.vault.index_keys.newest, self.vault.email_keys.newest, (0, 0)
        while True:
            async with connection(self.pool) as held:
                batch = await sealed_emails.list_unindexed(
                    held, newest, email_key_id=sealed, after=after, limit=BATCH
                )
            for author in batch:
                await self._index(author)
            self.say(self.progress)
            if not batch:
                return
            after = (batch[-1].email.site_id, batch[-1].author_id)

    async def _index(self, author: UnindexedAuthor) -> None:
        site_id, email = author.email.site_id, self._opened(author.email)
        if email is None:
            return  # counted when it could not be sealed
        indexes = self.vault.indexes(email, site_id)
        await in_transaction(
            self.pool, lambda held: sealed_emails.index_author(held, site_id, author.author_id, indexes)
        )
        self.progress.indexed += 1

    async def _drop_all(self) -> None:
        keys = self.vault.index_keys
        while True:
            dropped = await in_transaction(
                self.pool,
                lambda held: sealed_emails.delete_needless_indexes(
                    held, newest=keys.newest, kept=list(keys.keys), limit=BATCH
                ),
            )
            self.progress.dropped += dropped
            if dropped < BATCH:
                return
