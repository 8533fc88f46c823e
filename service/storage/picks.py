"""Editors' picks: noted at the comment, told to its page, and in its history."""

from uuid import UUID

from service.storage.pool import Connection


async def pick(
    connection: Connection, site_id: int, comment_id: UUID, moderator_id: int, *, is_picked: bool
) -> None:
    """Make it a pick, or none any more; what is as it was is left alone. The caller has locked it."""
    await connection.execute(
        """
        WITH done AS (
            UPDATE comment SET picked_at = CASE WHEN $4 THEN clock_timestamp() END
            WHERE site_id = $1 AND id = $2 AND (picked_at IS NOT NULL) <> $4
            RETURNING site_id, id, page_id, status
        ), told AS (
            UPDATE page SET revision = revision + 1
            FROM done WHERE page.site_id = done.site_id AND page.id = done.page_id
        )
        INSERT INTO decision (site_id, comment_id, from_status, status, source, action, moderator_id)
        SELECT site_id, id, status, status, 'moderator', CASE WHEN $4 THEN 'pick' ELSE 'unpick' END, $3
        FROM done
        """,
        site_id,
        comment_id,
        moderator_id,
        is_picked,
    )
