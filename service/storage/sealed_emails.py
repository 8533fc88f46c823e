"""Reads and replaces sealed addresses and their indexes, as `replydesk_private` alone may."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.email import EmailIndex, SealedEmail
from service.storage.pool import Connection

NOWHERE = (0, UUID(int=0))
"""Before the first address, by site and comment."""


@dataclass(frozen=True, slots=True)
class StoredEmail:
    """The sealed address of one comment."""

    site_id: int
    comment_id: UUID
    sealed: SealedEmail


@dataclass(frozen=True, slots=True)
class UnindexedAuthor:
    """An author whom the newest index key does not find, and one of that author's addresses."""

    author_id: int
    email: StoredEmail


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many rows one key has; of them `needed` would be of no use without it."""

    key_id: int
    rows: int
    needed: int


async def lock_sealed_otherwise(
    connection: Connection, key_id: int, *, after: tuple[int, UUID], limit: int
) -> list[StoredEmail]:
    """Lock up to `limit` addresses behind `after` that another key sealed; what is locked is passed over."""
    rows = await connection.fetch(
        """
        SELECT site_id, comment_id, key_id, sealed FROM comment_email
        WHERE (site_id, comment_id) > ($1, $2) AND key_id <> $3
        ORDER BY site_id, comment_id LIMIT $4 FOR UPDATE SKIP LOCKED
        """,
        *after,
        key_id,
        limit,
    )
    return [_stored(row["site_id"], row["comment_id"], row["key_id"], row["sealed"]) for row in rows]


async def find_sealed(connection: Connection, site_id: int, comment_id: UUID) -> StoredEmail | None:
    """The address of one comment, as it is kept; null where it was erased or has expired."""
    row = await connection.fetchrow(
        "SELECT key_id, sealed FROM comment_email WHERE site_id = $1 AND comment_id = $2", site_id, comment_id
    )
    return _stored(site_id, comment_id, row["key_id"], row["sealed"]) if row else None


async def replace_sealed(connection: Connection, old: StoredEmail, new: SealedEmail) -> bool:
    """Put `new` in the place of `old`; False where that is not there any more."""
    done = await connection.execute(
        """
        UPDATE comment_email SET key_id = $5, sealed = $6
        WHERE site_id = $1 AND comment_id = $2 AND key_id = $3 AND sealed = $4
        """,
        old.site_id,
        old.comment_id,
        old.sealed.key_id,
        old.sealed.sealed,
        new.key_id,
        new.sealed,
    )
    return done == "UPDATE 1"


async def list_unindexed(
    connection: Connection, key_id: int, *, email_key_id: int, after: tuple[int, int], limit: int
) -> list[UnindexedAuthor]:
    """Up to `limit` authors behind `after` (site, author) whom that index key does not find.

    Only those of whom an address is stored: nobody can index the others. Of several addresses it is one that
    `email_key_id` sealed, where there is one: all are the same person's, and that one opens.
    """
    rows = await connection.fetch(
        """
        SELECT author.site_id, author.id AS author_id, own.comment_id, own.key_id, own.sealed
        FROM author CROSS JOIN LATERAL (
            SELECT it.comment_id, it.key_id, it.sealed
            FROM comment
            JOIN comment_email AS it ON it.site_id = comment.site_id AND it.comment_id = comment.id
            WHERE comment.site_id = author.site_id AND comment.author_id = author.id
            ORDER BY it.key_id <> $5 LIMIT 1
        ) AS own
        WHERE (author.site_id, author.id) > ($1, $2) AND author.erase_before IS NULL
          AND NOT EXISTS (
            SELECT FROM author_identity AS known
            WHERE known.site_id = author.site_id AND known.author_id = author.id AND known.index_key_id = $3)
        ORDER BY author.site_id, author.id LIMIT $4
        """,
        *after,
        key_id,
        limit,
        email_key_id,
    )
    return [
        UnindexedAuthor(
            row["author_id"], _stored(row["site_id"], row["comment_id"], row["key_id"], row["sealed"])
        )
        for row in rows
    ]


async def index_author(
    connection: Connection, site_id: int, author_id: int, indexes: Sequence[EmailIndex]
) -> None:
    """Let these indexes find the author, and join to it whoever stands there: it is the same person."""
    await connection.execute(
        "SELECT index_author($1, $2, $3, $4)",
        site_id,
        author_id,
        [index.value for index in indexes],
        [index.key_id for index in indexes],
    )


async def delete_needless_indexes(
    connection: Connection, *, newest: int, kept: Sequence[int], limit: int
) -> int:
    """Delete up to `limit` indexes by keys not `kept`, of authors whom the newest finds; how many."""
    done = await connection.execute(
        """
        DELETE FROM author_identity WHERE (site_id, email_index) IN (
            SELECT it.site_id, it.email_index FROM author_identity AS it
            JOIN author_identity AS newer ON newer.site_id = it.site_id AND newer.author_id = it.author_id
                                         AND newer.index_key_id = $1
            WHERE it.index_key_id <> ALL($2::smallint[]) LIMIT $3
        )
        """,
        newest,
        list(kept),
        limit,
    )
    return int(done.rpartition(" ")[2])


async def list_email_keys(connection: Connection) -> list[KeyUse]:
    """The keys that addresses are sealed with; each row needs its own."""
    rows = await connection.fetch(
        "SELECT key_id, count(*) AS rows FROM comment_email GROUP BY key_id ORDER BY key_id"
    )
    return [KeyUse(row["key_id"], row["rows"], row["rows"]) for row in rows]


async def list_index_keys(connection: Connection, newest: int) -> list[KeyUse]:
    """The keys that authors are found by; an old one is needed for those whom the newest does not find."""
    rows = await connection.fetch(
        """
        SELECT it.index_key_id, count(*) AS rows, count(*) FILTER (
            WHERE it.index_key_id = $1 OR NOT EXISTS (
                SELECT FROM author_identity AS newer WHERE newer.site_id = it.site_id
                AND newer.author_id = it.author_id AND newer.index_key_id = $1)
        ) AS needed
        FROM author_identity AS it GROUP BY it.index_key_id ORDER BY it.index_key_id
        """,
        newest,
    )
    return [KeyUse(row["index_key_id"], row["rows"], row["needed"]) for row in rows]


def _stored(site_id: int, comment_id: UUID, key_id: int, sealed: bytes) -> StoredEmail:
    return StoredEmail(site_id, comment_id, SealedEmail(key_id, sealed))
