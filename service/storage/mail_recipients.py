"""Who is mailed about a comment, what they asked for and confirmed, and who wants no mail."""

from dataclasses import dataclass, field
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """A row to be written; `comment_id` is null where somebody asked for a mail without a comment."""

    id: UUID
    site_id: int
    comment_id: UUID | None
    mailbox: bytes = field(repr=False)
    key_id: int
    sealed: bytes = field(repr=False)
    language: str
    wants_decision: bool = False
    wants_replies: bool = False
    must_confirm: bool = False
    wants_statement: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a link in a mail is about."""

    id: UUID
    site_id: int
    comment_id: UUID | None
    mailbox: bytes = field(repr=False)
    language: str
    is_confirmed: bool


async def insert_recipient(connection: Connection, new: NewRecipient) -> None:
    """Keep who is to be mailed; the comment and its address are there already."""
    await connection.execute(
        """
        INSERT INTO mail_recipient (id, site_id, comment_id, mailbox, key_id, sealed, language,
                                    wants_decision, wants_replies, must_confirm, wants_statement)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        new.id,
        new.site_id,
        new.comment_id,
        new.mailbox,
        new.key_id,
        new.sealed,
        new.language,
        new.wants_decision,
        new.wants_replies,
        new.must_confirm,
        new.wants_statement,
    )


async def find_recipient(connection: Connection, recipient_id: UUID) -> Recipient | None:
    """Who that is; null where the comment is gone, or its address."""
    row = await connection.fetchrow(
        """
        SELECT id, site_id, comment_id, mailbox, language, confirmed_at IS NOT NULL AS is_confirmed
        FROM mail_recipient WHERE id = $1
        """,
        recipient_id,
    )
    return Recipient(**dict(row)) if row else None


# The page first, then the comment, as everybody does who moves one; then who is mailed about it.
_CONFIRM = """
WITH place AS MATERIALIZED (
    SELECT site_id, id FROM page
    WHERE site_id = $1 AND id = (SELECT page_id FROM comment WHERE site_id = $1 AND id = $2)
    FOR NO KEY UPDATE
), it AS MATERIALIZED (
    SELECT comment.site_id, comment.id, author_id, version,
           status = 'held' AND reason IS NOT DISTINCT FROM 'awaiting_confirmation' AS waits
    FROM place JOIN comment ON comment.site_id = place.site_id AND comment.page_id = place.id
    WHERE comment.id = $2 AND NOT comment.confirmed AND comment.status <> 'erased'
    FOR NO KEY UPDATE OF comment
), recorded AS (
    INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)
    SELECT site_id, id, version + 1, 'held', 'pending', 'author', 'confirm' FROM it WHERE waits
), noted AS (
    UPDATE mail_recipient SET confirmed_at = clock_timestamp()
    FROM it WHERE mail_recipient.site_id = it.site_id AND comment_id = it.id
), known AS (
    UPDATE author SET confirmed_at = clock_timestamp()
    FROM it WHERE author.site_id = it.site_id AND author.id = it.author_id AND confirmed_at IS NULL
), freed AS (
    UPDATE comment SET confirmed = true FROM it
    WHERE NOT it.waits AND comment.site_id = it.site_id AND comment.id = it.id
), sent_back AS (
    UPDATE comment AS one
    SET confirmed = true, status = 'pending', reason = NULL, version = it.version + 1,
        due_at = clock_timestamp(), attempts = 0
    FROM it WHERE it.waits AND one.site_id = it.site_id AND one.id = it.id
)
SELECT waits FROM it
"""


async def confirm(connection: Connection, site_id: int, comment_id: UUID) -> bool | None:
    """Note that the address of this comment is its author's, and have a comment that waited for it checked.

    Returns:
        Whether it waited for that; null where it was confirmed before, or is gone.
    """
    waits: bool | None = await connection.fetchval(_CONFIRM, site_id, comment_id)
    return waits


async def stop(connection: Connection, recipient: Recipient) -> None:
    """Mail nothing more of that site to this mailbox: nothing that was asked for, nor any asking."""
    await connection.execute(
        "INSERT INTO mail_stop (site_id, mailbox) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        recipient.site_id,
        recipient.mailbox,
    )
    await connection.execute(
        """
        UPDATE mail_recipient SET wants_decision = false, wants_replies = false
        WHERE mailbox = $2 AND site_id = $1 AND (wants_decision OR wants_replies)
        """,
        recipient.site_id,
        recipient.mailbox,
    )


async def is_stopped(connection: Connection, site_id: int, mailbox: bytes) -> bool:
    """Whether its owner wants no mail of that site."""
    found = await connection.fetchval(
        "SELECT true FROM mail_stop WHERE site_id = $1 AND mailbox = $2", site_id, mailbox
    )
    return found is not None


async def allow(connection: Connection, recipient: Recipient) -> None:
    """Mail may go there again: its owner said so."""
    await connection.execute(
        "DELETE FROM mail_stop WHERE site_id = $1 AND mailbox = $2", recipient.site_id, recipient.mailbox
    )
