"""Parts of a text that become a mark, and come back; the database puts no other words there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from service.domain.finding import Span
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """What is recorded about a text that has just come to its next version from `version`."""

    site_id: int
    comment_id: UUID
    version: int
    action: Literal["redact", "restore"]
    moderator_id: int
    reason: str | None = None
    note: str | None = None
    rule: str | None = None


_RECORD = """
WITH it AS (
    SELECT site_id, id, page_id, status, version FROM comment
    WHERE site_id = $1 AND id = $2 AND version = $3 + 1
), told AS (
    UPDATE page SET revision = revision + 1
    FROM it WHERE page.site_id = it.site_id AND page.id = it.page_id
)
INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action, moderator_id,
                      reason, note, rule)
SELECT site_id, id, version, status, status, 'moderator', $4, $5, $6, $7, $8 FROM it
"""


async def read_text(connection: Connection, site_id: int, comment_id: UUID) -> str:
    """The text as it is now."""
    text: str = await connection.fetchval(
        "SELECT text FROM comment WHERE site_id = $1 AND id = $2", site_id, comment_id
    )
    return text


async def redact(connection: Connection, change: TextChange, spans: Sequence[Span]) -> None:
    """Put the mark in place of the spans, which lie apart and in order, and record it.

    The caller's transaction has locked the page and then the comment, and found it at that version.
    """
    await connection.execute(
        "SELECT redact_text($1, $2, $3, $4, $5)",
        change.site_id,
        change.comment_id,
        change.version,
        [span.start for span in spans],
        [span.end for span in spans],
    )
    await _record(connection, change)


async def restore(connection: Connection, change: TextChange) -> bool:
    """Bring the text of the version before back and record it; false where that text is not kept."""
    is_back: bool = await connection.fetchval(
        "SELECT restore_text($1, $2, $3)", change.site_id, change.comment_id, change.version
    )
    if is_back:
        await _record(connection, change)
    return is_back


async def restore_part(connection: Connection, change: TextChange, redaction_id: int) -> bool:
    """Bring back what that redaction took out and record it; false where others came after it."""
    is_back: bool = await connection.fetchval(
        "SELECT restore_part($1, $2, $3, $4)",
        change.site_id,
        change.comment_id,
        change.version,
        redaction_id,
    )
    if is_back:
        await _record(connection, change)
    return is_back


async def _record(connection: Connection, change: TextChange) -> None:
    await connection.execute(
        _RECORD,
        change.site_id,
        change.comment_id,
        change.version,
        change.action,
        change.moderator_id,
        change.reason,
        change.note,
        change.rule,
    )
