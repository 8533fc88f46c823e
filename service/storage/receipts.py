"""What an author may see of the own comment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class OwnComment:
    """The author's view: state and reason, the own text, where it stands.

    The page's title may be another author's word: it is there once a comment is published there.
    """

    id: UUID
    site_id: int
    status: str
    reason: str | None
    text: str
    submitted_at: datetime
    page_url: str
    page_title: str | None


async def find_own_comment(connection: Connection, site_id: int, comment_id: UUID) -> OwnComment | None:
    """The comment behind a receipt; an erased one is gone for its author too."""
    row = await connection.fetchrow(
        """
        SELECT comment.id, comment.site_id, comment.status, comment.reason, comment.text,
               comment.submitted_at, page.url AS page_url,
               CASE WHEN page.published_count > 0 THEN page.title END AS page_title
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE comment.site_id = $1 AND comment.id = $2 AND comment.status <> 'erased'
        """,
        site_id,
        comment_id,
    )
    return OwnComment(**dict(row)) if row else None
