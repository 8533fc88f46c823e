"""Sessions of the dashboard; of a session only the digest is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.storage.moderators import HOLDER, Holder, holder_of
from service.storage.pool import Connection

# Everything is asked at each request, so whoever is disabled, demoted or taken off a site is so with the next
# one. A session is a token's or a person's; a person's needs a way to sign in that is still there.
_OF_SESSION = """
FROM moderator_session AS session
LEFT JOIN moderator_token AS token ON token.id = session.token_id
     AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > clock_timestamp())
JOIN moderator ON moderator.id = coalesce(session.moderator_id, token.moderator_id)
WHERE session.digest = $1 AND session.expires_at > clock_timestamp()
  AND session.last_used_at > clock_timestamp() - $2::interval
  AND moderator.disabled_at IS NULL
  AND (session.token_id IS NOT NULL OR (
      (EXISTS (SELECT FROM moderator_password AS kept WHERE kept.moderator_id = session.moderator_id)
       OR EXISTS (SELECT FROM moderator_identity AS kept WHERE kept.moderator_id = session.moderator_id))
      AND EXISTS (SELECT FROM moderator_access AS access WHERE access.moderator_id = session.moderator_id)))
"""
_FIND_AND_TOUCH = f"""
WITH found AS MATERIALIZED ({HOLDER} {_OF_SESSION}),
touched AS (
    UPDATE moderator_session SET last_used_at = clock_timestamp()
    WHERE digest = $1 AND last_used_at < clock_timestamp() - interval '1 minute'
      AND EXISTS (SELECT FROM found)
)
SELECT * FROM found
"""  # noqa: S608  (our own words)


async def find_session_holder(connection: Connection, digest: bytes, idle: timedelta) -> Holder | None:
    """Who holds the session of that SHA-256, unless it is over or was not used for `idle`.

    When it was last used is noted in the same statement, to the minute.
    """
    row = await connection.fetchrow(_FIND_AND_TOUCH, digest, idle)
    return holder_of(row) if row else None


async def insert_session_of_token(
    connection: Connection, digest: bytes, token_id: int, lasts: timedelta
) -> None:
    """Open a session for the holder of a token."""
    await _drop_ended(connection)
    await connection.execute(
        """
        INSERT INTO moderator_session (digest, token_id, expires_at)
        VALUES ($1, $2, clock_timestamp() + $3::interval)
        """,
        digest,
        token_id,
        lasts,
    )


async def insert_session_of_person(
    connection: Connection, digest: bytes, moderator_id: int, *, kept: str, lasts: timedelta
) -> bool:
    """Open a session for whoever gave the password that `kept` is the hash of; whether that still holds.

    The lock makes a change of the password wait until this session is there to be ended by it.
    """
    await _drop_ended(connection)
    opened = await connection.fetchval(
        """
        INSERT INTO moderator_session (digest, moderator_id, expires_at)
        SELECT $1, password.moderator_id, clock_timestamp() + $4::interval
        FROM moderator_password AS password JOIN moderator ON moderator.id = password.moderator_id
        WHERE password.moderator_id = $2 AND password.hash = $3 AND moderator.disabled_at IS NULL
        FOR SHARE OF password
        RETURNING 1
        """,
        digest,
        moderator_id,
        kept,
        lasts,
    )
    return opened is not None


async def insert_session_of_identity(
    connection: Connection, digest: bytes, *, issuer: str, subject: str, lasts: timedelta
) -> int | None:
    """Open a session for whom that identity is linked to; the person's id, null where there is nobody.

    Whoever is disabled or has no role is nobody. An unlinking locks out by itself: a session needs a way to
    sign in that is still there.
    """
    await _drop_ended(connection)
    opened: int | None = await connection.fetchval(
        """
        INSERT INTO moderator_session (digest, moderator_id, expires_at)
        SELECT $1, identity.moderator_id, clock_timestamp() + $4::interval
        FROM moderator_identity AS identity JOIN moderator ON moderator.id = identity.moderator_id
        WHERE identity.issuer = $2 AND identity.subject = $3 AND moderator.disabled_at IS NULL
          AND EXISTS (SELECT FROM moderator_access AS access WHERE access.moderator_id = moderator.id)
        RETURNING moderator_id
        """,
        digest,
        issuer,
        subject,
        lasts,
    )
    return opened


async def delete_session(connection: Connection, digest: bytes) -> None:
    """End a session."""
    await connection.execute("DELETE FROM moderator_session WHERE digest = $1", digest)


async def _drop_ended(connection: Connection) -> None:
    await connection.execute("DELETE FROM moderator_session WHERE expires_at <= clock_timestamp()")


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as its person sees it; `id` names it and opens nothing, `prefix` is that of its token."""

    id: str
    prefix: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


# A digest opens nothing, but it is what a session is looked up by: the digest of the digest is told instead.
_ID = "substr(encode(sha256(session.digest), 'hex'), 1, 32)"
_OWN = """
 FROM moderator_session AS session LEFT JOIN moderator_token AS token ON token.id = session.token_id
WHERE coalesce(session.moderator_id, token.moderator_id) = $1
"""


async def list_own(
    connection: Connection, moderator_id: int, idle: timedelta, current: bytes | None = None
) -> list[OwnSession]:
    """The sessions of a person that are not over, the last used first; `current` is a digest."""
    rows = await connection.fetch(
        f"""
        SELECT {_ID} AS id, token.prefix, session.created_at, session.last_used_at, session.expires_at,
               session.digest IS NOT DISTINCT FROM $3::bytea AS is_current
        {_OWN} AND session.expires_at > clock_timestamp()
          AND session.last_used_at > clock_timestamp() - $2::interval
        ORDER BY session.last_used_at DESC, session.created_at DESC
        """,  # noqa: S608  (constants of this file)
        moderator_id,
        idle,
        current,
    )
    return [OwnSession(**dict(row)) for row in rows]


async def end_own(
    connection: Connection, moderator_id: int, session_id: str | None, current: bytes | None = None
) -> int:
    """End one session of a person, or all but the `current` one; how many there were."""
    done: str = await connection.execute(
        f"""
        DELETE FROM moderator_session WHERE digest IN (
            SELECT session.digest {_OWN}
              AND ($2::text IS NULL AND session.digest IS DISTINCT FROM $3::bytea OR {_ID} = $2))
        """,  # noqa: S608  (constants of this file)
        moderator_id,
        session_id,
        current,
    )
    return int(done.rpartition(" ")[2])
