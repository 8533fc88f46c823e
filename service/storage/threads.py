"""What readers see of a page: named columns, and never one that they may not see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from service.storage.pool import Connection, Record

Sort = Literal["oldest", "newest", "picks"]
"""`picks` are the editors' picks alone, the oldest first."""


@dataclass(frozen=True, slots=True)
class PublishedComment:
    """An entry of a thread; `removed` stands for a comment that is gone but has published replies."""

    id: UUID
    parent_id: UUID | None
    author: str
    website: str | None
    text: str
    submitted_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    removed: bool
    is_staff: bool = False
    is_picked: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list that is ordered by (submitted_at, id)."""

    submitted_at: datetime
    id: UUID


_LIST = """
SELECT id, parent_id, status <> 'published' AS removed,
       CASE WHEN status = 'published' THEN author END AS author,
       CASE WHEN status = 'published' THEN website END AS website,
       CASE WHEN status = 'published' THEN text END AS text,
       submitted_at, published_at, edited_at,
       status = 'published' AND staff_id IS NOT NULL AS is_staff,
       status = 'published' AND picked_at IS NOT NULL AS is_picked
FROM comment
WHERE site_id = $1 AND page_id = $2
"""
_SEEN = " AND (status = 'published' OR published_descendants > 0)"
_ORDER = {
    "oldest": (_SEEN, " AND (submitted_at, id) > ($4, $5)", " ORDER BY submitted_at, id LIMIT $3"),
    "newest": (_SEEN, " AND (submitted_at, id) < ($4, $5)", " ORDER BY submitted_at DESC, id DESC LIMIT $3"),
    "picks": (
        " AND picked_at IS NOT NULL AND status = 'published'",
        " AND (submitted_at, id) > ($4, $5)",
        " ORDER BY submitted_at, id LIMIT $3",
    ),
}


async def list_thread(
    connection: Connection, site_id: int, page_id: int, *, sort: Sort, limit: int, after: Position | None
) -> list[PublishedComment]:
    """Up to `limit` entries of a page's thread, beginning behind `after`."""
    which, beyond, order = _ORDER[sort]
    keyset = [after.submitted_at, after.id] if after else []
    query = _LIST + which + (beyond if after else "") + order
    rows = await connection.fetch(query, site_id, page_id, limit, *keyset)
    return [_published(row) for row in rows]


async def find_published(connection: Connection, site_id: int, comment_id: UUID) -> PublishedComment | None:
    """One published comment, for whoever replies to it."""
    row = await connection.fetchrow(
        """
        SELECT id, parent_id, false AS removed, author, website, text, submitted_at, published_at, edited_at,
               staff_id IS NOT NULL AS is_staff, picked_at IS NOT NULL AS is_picked
        FROM comment WHERE site_id = $1 AND id = $2 AND status = 'published'
        """,
        site_id,
        comment_id,
    )
    return _published(row) if row else None


def _published(row: Record) -> PublishedComment:
    return PublishedComment(
        id=row["id"],
        parent_id=row["parent_id"],
        author=row["author"] or "",
        website=row["website"],
        text=row["text"] or "",
        submitted_at=row["submitted_at"],
        published_at=row["published_at"],
        edited_at=row["edited_at"],
        removed=row["removed"],
        is_staff=row["is_staff"],
        is_picked=row["is_picked"],
    )
