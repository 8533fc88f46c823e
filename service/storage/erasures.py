"""Erases a person's data, and keeps of it nothing but keyed indexes: the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.email import EmailIndex
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Erasure:
    """An entry of the ledger: at `site`, what this index's owner submitted before `erased_at` is erased."""

    site: str
    index: EmailIndex
    erased_at: datetime


async def begin_erasure(
    connection: Connection,
    site_id: int,
    indexes: Sequence[EmailIndex],
    *,
    submitted_before: datetime | None = None,
) -> None:
    """Make the person behind these indexes unfindable, and mark what is to be erased.

    It waits for a submission of that person that is being stored, and does the same for one that nobody
    knows. Without `submitted_before` all that is there is marked.
    """
    await connection.execute(
        "SELECT begin_erasure($1, $2, $3, $4)",
        site_id,
        [index.value for index in indexes],
        [index.key_id for index in indexes],
        submitted_before,
    )


async def go_on_erasing(connection: Connection, *, limit: int) -> int:
    """Turn up to `limit` marked comments into tombstones; how many there were."""
    count: int = await connection.fetchval("SELECT go_on_erasing($1)", limit)
    return count


async def list_erasures(connection: Connection) -> list[Erasure]:
    """The whole ledger, oldest first."""
    rows = await connection.fetch(
        """
        SELECT site.slug, index_key_id, email_index, erased_at
        FROM erasure JOIN site ON site.id = erasure.site_id
        ORDER BY erased_at, site_id, index_key_id, email_index
        """
    )
    return [
        Erasure(row["slug"], EmailIndex(row["index_key_id"], row["email_index"]), row["erased_at"])
        for row in rows
    ]
