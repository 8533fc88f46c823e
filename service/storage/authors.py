"""An author as moderators know one: a pseudonym, the names used, and what became of the comments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.storage.pool import Connection

STRIKES_WITHIN = timedelta(days=90)
_LATEST = 200


@dataclass(frozen=True, slots=True)
class Author:
    """`strikes` are comments of the last 90 days that people rejected or called spam.

    Names and record are those of the latest 200 comments.
    """

    id: int
    key: str
    first_seen: datetime
    names: list[str]
    record: dict[str, int]
    strikes: int


@dataclass(frozen=True, slots=True)
class AuthorComment:
    """A line of an author's history."""

    id: UUID
    page_url: str
    status: str
    reason: str | None
    text: str
    submitted_at: datetime


async def find_author_id(connection: Connection, site_id: int, key: str) -> int | None:
    """The author of that pseudonym at that site, who stays locked against erasure until the end."""
    found: int | None = await connection.fetchval(
        "SELECT id FROM author WHERE site_id = $1 AND key = $2", site_id, key
    )
    return found


async def find_author(connection: Connection, site_id: int, key: str) -> Author | None:
    """The author with names, record and strikes."""
    row = await connection.fetchrow(
        """
        WITH it AS (SELECT id, key, created_at FROM author WHERE site_id = $1 AND key = $2),
        latest AS MATERIALIZED (
            SELECT comment.id, comment.status, comment.author, comment.submitted_at
            FROM it JOIN comment ON comment.site_id = $1 AND comment.author_id = it.id
            ORDER BY comment.submitted_at DESC LIMIT $3
        )
        SELECT it.id, it.key, it.created_at AS first_seen,
               array(SELECT author FROM latest WHERE status <> 'erased'
                     GROUP BY author ORDER BY max(submitted_at) DESC) AS names,
               (SELECT count(*) FROM latest WHERE status = 'published') AS published,
               (SELECT count(*) FROM latest WHERE status = 'held') AS held,
               (SELECT count(*) FROM latest WHERE status = 'rejected') AS rejected,
               (SELECT count(*) FROM latest WHERE status = 'spam') AS spam,
               (SELECT count(*) FROM latest CROSS JOIN LATERAL (
                    SELECT source FROM decision
                    WHERE site_id = $1 AND comment_id = latest.id ORDER BY decision.id DESC LIMIT 1
                ) AS last
                WHERE latest.status IN ('rejected', 'spam') AND last.source = 'moderator'
                  AND latest.submitted_at > clock_timestamp() - $4::interval) AS strikes
        FROM it
        """,
        site_id,
        key,
        _LATEST,
        STRIKES_WITHIN,
    )
    if row is None:
        return None
    record = {name: row[name] for name in ("published", "held", "rejected", "spam")}
    return Author(row["id"], row["key"], row["first_seen"], list(row["names"]), record, row["strikes"])


async def list_comments(
    connection: Connection, site_id: int, author_id: int, *, limit: int
) -> list[AuthorComment]:
    """The author's latest comments, the newest first."""
    rows = await connection.fetch(
        """
        SELECT comment.id, page.url AS page_url, status, reason, text, submitted_at
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE comment.site_id = $1 AND author_id = $2 AND status <> 'erased'
        ORDER BY submitted_at DESC, comment.id DESC LIMIT $3
        """,
        site_id,
        author_id,
        limit,
    )
    return [AuthorComment(**dict(row)) for row in rows]
