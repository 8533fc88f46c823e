"""Edits of authors: in place while nobody reads the comment, a revision beside it once it is published."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from service.storage.moves import Move
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class OwnText:
    """The author's comment, locked, with its page before it; `revision_id` is its edit that is not taken in.

    `age` is how long ago it came in, `latest` the text that its author wrote last.
    """

    id: UUID
    status: str
    version: int
    age: timedelta
    revision_id: UUID | None
    revision_version: int | None
    latest: str = field(repr=False)


async def lock_own(connection: Connection, site_id: int, comment_id: UUID) -> OwnText | None:
    """The comment that readers sent, unless it was erased."""
    await connection.execute(
        """
        SELECT FROM page WHERE (site_id, id) IN
            (SELECT site_id, page_id FROM comment WHERE site_id = $1 AND id = $2)
        FOR NO KEY UPDATE
        """,
        site_id,
        comment_id,
    )
    row = await connection.fetchrow(
        """
        SELECT it.id, it.status, it.version, clock_timestamp() - it.submitted_at AS age,
               edit.id AS revision_id, edit.version AS revision_version,
               coalesce(edit.text, it.text) AS latest
        FROM comment AS it
        LEFT JOIN comment AS edit
               ON edit.site_id = it.site_id AND edit.revises = it.id AND edit.status <> 'erased'
        WHERE it.site_id = $1 AND it.id = $2 AND it.status <> 'erased'
          AND it.staff_id IS NULL AND it.revises IS NULL
        FOR NO KEY UPDATE OF it
        """,
        site_id,
        comment_id,
    )
    return OwnText(**dict(row)) if row else None


async def edit_text(
    connection: Connection, site_id: int, comment_id: UUID, version: int, text: str, fingerprint: bytes
) -> bool:
    """Give what readers do not see another text; false where it is not at that version any more."""
    done: bool = await connection.fetchval(
        "SELECT edit_text($1, $2, $3, $4, $5)", site_id, comment_id, version, text, fingerprint
    )
    return done


async def insert_revision(
    connection: Connection, site_id: int, comment_id: UUID, revision_id: UUID, text: str, fingerprint: bytes
) -> None:
    """Put an edit of a published comment beside it, `pending` like everything that comes in."""
    await connection.execute(
        """
        INSERT INTO comment (site_id, id, page_id, parent_id, ancestors, author_id, author, website, text,
                             fingerprint, network, user_agent, name_skeleton, network_standing_id, confirmed,
                             revises)
        SELECT site_id, $3, page_id, parent_id, ancestors, author_id, author, website, $4,
               $5, network, user_agent, name_skeleton, network_standing_id, confirmed, id
        FROM comment WHERE site_id = $1 AND id = $2
        """,
        site_id,
        comment_id,
        revision_id,
        text,
        fingerprint,
    )


async def take_in(connection: Connection, by: Move) -> bool | None:
    """Make a revision's text that of its comment; `by` is the decision that lets it pass.

    False: the comment is refused or gone, or a person took a part of it out and the checks say this alone.
    None: the revision is not at that version any more, or the lease is lost. Nothing was changed then.
    """
    done: int | None = await connection.fetchval(
        "SELECT take_in_revision($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        by.site_id,
        by.comment_id,
        by.version,
        by.lease_token,
        by.source,
        by.moderator_id,
        by.policy_version,
        by.decided_by,
        by.rule,
        by.note,
        by.findings,
    )
    return None if done is None else bool(done)


async def withdraw(connection: Connection, site_id: int, comment_id: UUID) -> bool:
    """Make a tombstone of a comment because its author wants that; false where there is none."""
    done: bool = await connection.fetchval("SELECT withdraw_comment($1, $2)", site_id, comment_id)
    return done
