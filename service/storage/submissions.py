"""Writes what a reader sent: the comment, the sealed address, and the key that makes a retry harmless."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.domain.as_submitted import SealedSubmission
from service.domain.email import EmailIndex, SealedEmail
from service.domain.errors import StorageUnavailable
from service.storage.pool import Connection

_TRIES = 3


@dataclass(frozen=True, slots=True, order=True)
class KeyToTake:
    """A key under which a submission is remembered, and its body, both as one signing key makes them."""

    key: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was accepted under a key before, and whether that was the same body."""

    comment_id: UUID
    is_same: bool


@dataclass(frozen=True, slots=True)
class Parent:
    """A comment that can be replied to; `ancestors` run from the top of the thread down to its parent."""

    id: UUID
    ancestors: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class NewComment:
    """A row to be written as `pending`."""

    site_id: int
    id: UUID
    page_id: int
    parent: Parent | None
    author_id: int | None
    author: str
    website: str | None
    text: str
    fingerprint: bytes
    name_skeleton: str
    network: bytes | None
    user_agent: str | None
    honeypot_filled: bool
    seconds_to_fill: float | None
    email: SealedEmail | None
    as_submitted: SealedSubmission | None = None
    staff_id: int | None = None
    network_standing_id: int | None = None


class _KnownError(Exception):
    def __init__(self, remembered: Remembered) -> None:
        super().__init__()
        self.remembered = remembered


async def claim_keys(
    connection: Connection, site_id: int, keys: Sequence[KeyToTake], comment_id: UUID, *, window: timedelta
) -> Remembered | None:
    """Take all of `keys` for this submission, or find who took one of them within `window`.

    They are one key of the client under each signing key, so that a change of those forgets nothing. A
    parallel submission under the same key waits here until the first one has committed or given up.

    Raises:
        StorageUnavailable: a key was swept away each time that it was looked up; nothing is taken.
    """
    # Of several, those that it took are given back where another one is known.
    together = connection.transaction() if len(keys) > 1 else nullcontext()
    try:
        async with together:
            for one in sorted(keys):  # in one order everywhere, against deadlocks
                await _claim_key(connection, site_id, one, comment_id, window)
    except _KnownError as found:
        return found.remembered
    return None


async def find_same(
    connection: Connection, site_id: int, keys: Sequence[KeyToTake], *, window: timedelta
) -> UUID | None:
    """The comment that was accepted under one of `keys` with its very body within `window`; takes nothing."""
    found: UUID | None = await connection.fetchval(
        """
        SELECT kept.comment_id FROM unnest($2::bytea[], $3::bytea[]) AS asked (key, body)
        JOIN submission_key AS kept ON kept.site_id = $1 AND kept.key = asked.key AND kept.body = asked.body
        WHERE kept.submitted_at >= clock_timestamp() - $4::interval LIMIT 1
        """,
        site_id,
        [one.key for one in keys],
        [one.body for one in keys],
        window,
    )
    return found


async def _claim_key(
    connection: Connection, site_id: int, wanted: KeyToTake, comment_id: UUID, window: timedelta
) -> None:
    for _ in range(_TRIES):
        if await _take_key(connection, site_id, wanted.key, wanted.body, comment_id, window):
            return
        row = await connection.fetchrow(
            "SELECT comment_id, body FROM submission_key WHERE site_id = $1 AND key = $2", site_id, wanted.key
        )
        if row:
            raise _KnownError(Remembered(row["comment_id"], row["body"] == wanted.body))
    raise StorageUnavailable("key")


async def _take_key(
    connection: Connection, site_id: int, key: bytes, body: bytes, comment_id: UUID, window: timedelta
) -> bool:
    taken = await connection.fetchval(
        """
        INSERT INTO submission_key AS kept (site_id, key, body, comment_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (site_id, key) DO UPDATE
            SET body = excluded.body, comment_id = excluded.comment_id, submitted_at = excluded.submitted_at
            WHERE kept.submitted_at < clock_timestamp() - $5::interval
        RETURNING true
        """,
        site_id,
        key,
        body,
        comment_id,
        window,
    )
    return bool(taken)


async def find_accepted(
    connection: Connection, site_id: int, comment_id: UUID
) -> tuple[str, datetime] | None:
    """The page's URL and the time of an accepted submission, for the same answer again."""
    row = await connection.fetchrow(
        """
        SELECT page.url, comment.submitted_at
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE comment.site_id = $1 AND comment.id = $2
        """,
        site_id,
        comment_id,
    )
    return (row["url"], row["submitted_at"]) if row else None


async def find_parent(connection: Connection, site_id: int, page_id: int, parent_id: UUID) -> Parent | None:
    """A published comment of that page."""
    row = await connection.fetchrow(
        """
        SELECT id, ancestors FROM comment
        WHERE site_id = $1 AND id = $2 AND page_id = $3 AND status = 'published'
        """,
        site_id,
        parent_id,
        page_id,
    )
    return Parent(row["id"], tuple(row["ancestors"])) if row else None


async def author_of(connection: Connection, site_id: int, indexes: Sequence[EmailIndex], new_key: str) -> int:
    """The author behind an address's indexes; `new_key` becomes the pseudonym of one who is new here.

    From here to the end of the transaction nobody can begin to erase this author.
    """
    author_id: int = await connection.fetchval(
        "SELECT author_of_any($1, $2, $3, $4)",
        site_id,
        [index.value for index in indexes],
        [index.key_id for index in indexes],
        new_key,
    )
    return author_id


async def insert_comment(connection: Connection, new: NewComment) -> datetime:
    """Write the comment, its address and where it came from; the time that the database gave it."""
    parent_id = new.parent.id if new.parent else None
    ancestors = [*new.parent.ancestors, new.parent.id] if new.parent else []
    submitted_at: datetime = await connection.fetchval(
        """
        INSERT INTO comment (site_id, id, page_id, parent_id, ancestors, author_id, author, website, text,
                             fingerprint, network, user_agent, honeypot_filled, seconds_to_fill,
                             name_skeleton, staff_id, network_standing_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, nullif($15, ''), $16, $17)
        RETURNING submitted_at
        """,
        new.site_id,
        new.id,
        new.page_id,
        parent_id,
        ancestors,
        new.author_id,
        new.author,
        new.website,
        new.text,
        new.fingerprint,
        new.network,
        new.user_agent,
        new.honeypot_filled,
        new.seconds_to_fill,
        new.name_skeleton,
        new.staff_id,
        new.network_standing_id,
    )
    if new.email is not None:
        await connection.execute(
            "INSERT INTO comment_email (site_id, comment_id, key_id, sealed) VALUES ($1, $2, $3, $4)",
            new.site_id,
            new.id,
            new.email.key_id,
            new.email.sealed,
        )
    if new.as_submitted is not None:
        await connection.execute(
            """
            INSERT INTO comment_as_submitted (site_id, comment_id, key_id, sealed) VALUES ($1, $2, $3, $4)
            """,
            new.site_id,
            new.id,
            new.as_submitted.key_id,
            new.as_submitted.sealed,
        )
    return submitted_at


async def delete_old_keys(connection: Connection, older_than: timedelta, *, limit: int) -> int:
    """Forget about `limit` keys of that age, the oldest first; how many there were.

    By their time, so that an index finds them: those of one moment go together.
    """
    done = await connection.execute(
        """
        DELETE FROM submission_key WHERE submitted_at <= (  -- and not one that is being taken again
            SELECT max(submitted_at) FROM (
                SELECT submitted_at FROM submission_key
                WHERE submitted_at < (SELECT clock_timestamp() - $1::interval)
                ORDER BY submitted_at LIMIT $2
            ) AS oldest
        )
        """,
        older_than,
        limit,
    )
    return int(done.rpartition(" ")[2])
