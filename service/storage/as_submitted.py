"""What is asked about a comment from outside: its place, and, sealed, where its submission came from."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from service.domain.as_submitted import SealedSubmission
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a service may be asked about a comment besides the evidence of the checks."""

    author: str = field(repr=False)
    website: str | None = field(repr=False)
    text: str = field(repr=False)
    page_url: str = field(repr=False)
    parent_id: UUID | None
    submitted_at: datetime
    sealed: SealedSubmission | None


async def read_surroundings(connection: Connection, site_id: int, comment_id: UUID) -> Surroundings | None:
    """Those of a comment; null where it is gone or erased."""
    row = await connection.fetchrow(
        """
        SELECT it.author, it.website, it.text, page.url, it.parent_id, it.submitted_at,
               kept.key_id, kept.sealed
        FROM comment AS it
        JOIN page ON page.site_id = it.site_id AND page.id = it.page_id
        LEFT JOIN comment_as_submitted AS kept ON kept.site_id = it.site_id AND kept.comment_id = it.id
        WHERE it.site_id = $1 AND it.id = $2 AND it.status <> 'erased'
        """,
        site_id,
        comment_id,
    )
    if row is None:
        return None
    plain = {name: row[name] for name in ("author", "website", "text", "parent_id", "submitted_at")}
    sealed = None if row["sealed"] is None else SealedSubmission(row["key_id"], row["sealed"])
    return Surroundings(**plain, page_url=row["url"], sealed=sealed)
