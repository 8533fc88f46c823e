"""The newest published comments of a site or of one page, for feeds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.storage.pool import Connection

MOST = 50


@dataclass(frozen=True, slots=True)
class FeedComment:
    """A published comment and where it stands."""

    id: UUID
    author: str
    text: str
    published_at: datetime
    edited_at: datetime | None
    page_url: str
    page_title: str | None


async def list_newest(connection: Connection, site_id: int, page_id: int | None) -> list[FeedComment]:
    """Up to `MOST`, the newest first; of every page where none is named."""
    where = "AND comment.page_id = $2" if page_id is not None else ""
    rows = await connection.fetch(
        f"""
        SELECT comment.id, comment.author, comment.text, comment.published_at, comment.edited_at,
               page.url AS page_url, page.title AS page_title
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE comment.site_id = $1 AND comment.status = 'published' {where}
        ORDER BY comment.submitted_at DESC, comment.id DESC LIMIT {MOST}
        """,  # noqa: S608  (what was asked for is a value)
        site_id,
        *([page_id] if page_id is not None else []),
    )
    return [FeedComment(**dict(row)) for row in rows]
