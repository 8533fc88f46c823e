"""Texts that were found fine, to see what a new rule would do to them."""

from service.storage.pool import Connection


async def latest_published(connection: Connection, site_id: int, *, limit: int) -> list[str]:
    """The texts of the site's latest published comments, the newest first."""
    rows = await connection.fetch(
        """
        SELECT text FROM comment WHERE site_id = $1 AND status = 'published'
        ORDER BY submitted_at DESC, id DESC LIMIT $2
        """,
        site_id,
        limit,
    )
    return [row["text"] for row in rows]
