"""Erases what a person submitted: at once for those who look for it, comment by comment behind that."""

from collections.abc import Iterable
from datetime import datetime

from service.domain.email import EmailAddress, EmailIndex
from service.storage import audit, erasures
from service.storage.audit import AuditEntry
from service.storage.pool import Connection, Pool, in_transaction
from service.vault import Vault

BATCH = 50
"""Comments in one transaction: their pages stay locked until it ends."""


async def erase(
    pool: Pool,
    vault: Vault,
    email: EmailAddress,
    site_ids: Iterable[int],
    moderator_id: int | None = None,
    *,
    subject: str = "a person",
) -> None:
    """Begin to erase an address at those sites; `go_on` does the rest, now or whoever comes first.

    When this returns, nothing that is submitted under the address meets what was there before. The work is
    the same for an address that nobody knows. `subject` is how the audit log calls who is erased.

    Raises:
        StorageUnavailable: some sites may be left; doing it again is harmless.
    """
    for site_id in sorted(site_ids):
        entry = AuditEntry("person.erased", site_id, moderator_id, subject)
        await _begin(pool, site_id, vault.indexes(email, site_id), None, entry)


async def reapply(pool: Pool, site_id: int, index: EmailIndex, erased_at: datetime) -> None:
    """Begin to erase again what an entry of the ledger erased; what is younger than that stays.

    Raises:
        StorageUnavailable: doing it again is harmless.
    """
    entry = AuditEntry("erasure.reapplied", site_id, None, "a person")
    await _begin(pool, site_id, [index], erased_at, entry)


async def go_on(pool: Pool) -> int:
    """Make tombstones of all that is marked, a batch at a time; how many there were.

    Raises:
        StorageUnavailable: what is left stays marked, and the next one goes on with it.
    """
    erased = 0
    while True:
        batch = await in_transaction(pool, lambda held: erasures.go_on_erasing(held, limit=BATCH))
        erased += batch
        if batch < BATCH:
            return erased


async def _begin(
    pool: Pool, site_id: int, indexes: list[EmailIndex], before: datetime | None, entry: AuditEntry
) -> None:
    async def begin(held: Connection) -> None:
        await erasures.begin_erasure(held, site_id, indexes, submitted_before=before)
        await audit.record(held, entry)

    await in_transaction(pool, begin)
