"""What became of the comments that `replydesk replay` posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.storage.pages import url_digest
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stored comment; `seconds` run from submission to first decision, null while it is pending."""

    id: UUID
    author: str
    text: str
    status: str
    seconds: float | None


async def list_replayed(connection: Connection, site_id: int, page_urls: Sequence[str]) -> list[Replayed]:
    """Every comment of those pages."""
    rows = await connection.fetch(
        """
        SELECT comment.id, comment.author, comment.text, comment.status,
               extract(epoch FROM first.decided_at - comment.submitted_at)::float8 AS seconds
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        LEFT JOIN LATERAL (
            SELECT min(decided_at) AS decided_at FROM decision
            WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
        ) AS first ON true
        WHERE comment.site_id = $1 AND page.url_digest = ANY($2::bytea[])
        """,
        site_id,
        [url_digest(url) for url in page_urls],
    )
    return [Replayed(**dict(row)) for row in rows]


async def count_undecided(connection: Connection, site_id: int, page_urls: Sequence[str]) -> int:
    """How many of them are still pending."""
    count: int = await connection.fetchval(
        """
        SELECT count(*) FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE comment.site_id = $1 AND page.url_digest = ANY($2::bytea[]) AND comment.status = 'pending'
        """,
        site_id,
        [url_digest(url) for url in page_urls],
    )
    return count
