"""Moderators who sign in by password: their hashes, what they may do where, and how they are shut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.rights import Rights
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class KeptPassword:
    """A hash and whose it is; never shown."""

    moderator_id: int
    hash: str

    def __repr__(self) -> str:
        return f"KeptPassword({self.moderator_id})"


@dataclass(frozen=True, slots=True)
class ModeratorEntry:
    """A line of the list of moderators; `role` on `sites` is what the password opens, null is every site."""

    name: str
    role: str | None
    sites: list[str] | None
    has_password: bool
    tokens: int
    disabled_at: datetime | None


async def find_password(connection: Connection, name: str) -> KeptPassword | None:
    """The hash of whoever has that name, a password, a role somewhere, and is not disabled."""
    row = await connection.fetchrow(
        """
        SELECT password.moderator_id, password.hash
        FROM moderator JOIN moderator_password AS password ON password.moderator_id = moderator.id
        WHERE moderator.name = $1 AND moderator.disabled_at IS NULL
          AND EXISTS (SELECT FROM moderator_access AS access WHERE access.moderator_id = moderator.id)
        """,
        name,
    )
    return KeptPassword(row["moderator_id"], row["hash"]) if row else None


async def replace_hash(connection: Connection, kept: KeptPassword, new_hash: str) -> bool:
    """The same password under new parameters; false where it was changed meanwhile, which then stays."""
    done: str = await connection.execute(
        "UPDATE moderator_password SET hash = $3 WHERE moderator_id = $1 AND hash = $2",
        kept.moderator_id,
        kept.hash,
        new_hash,
    )
    return done == "UPDATE 1"


async def set_password(connection: Connection, moderator_id: int, new_hash: str) -> None:
    """Give a person a password, and end every session that the person has."""
    await connection.execute(
        """
        INSERT INTO moderator_password (moderator_id, hash) VALUES ($1, $2)
        ON CONFLICT (moderator_id) DO UPDATE SET hash = excluded.hash, changed_at = clock_timestamp()
        """,
        moderator_id,
        new_hash,
    )
    await end_sessions(connection, moderator_id)


async def set_access(
    connection: Connection, moderator_id: int, role: str, site_ids: Sequence[int] | None
) -> None:
    """What a password opens from now on, in place of what it opened; `site_ids=None` is every site."""
    await connection.execute("DELETE FROM moderator_access WHERE moderator_id = $1", moderator_id)
    await connection.executemany(
        "INSERT INTO moderator_access (moderator_id, site_id, role) VALUES ($1, $2, $3)",
        [
            (moderator_id, site_id, role)
            for site_id in ([None] if site_ids is None else sorted(set(site_ids)))
        ],
    )


async def set_role_at(
    connection: Connection, moderator_id: int, role: str, site_ids: Sequence[int] | None
) -> None:
    """A role at these sites, whatever it is elsewhere; `site_ids=None` is wherever none is named."""
    await connection.executemany(
        """
        INSERT INTO moderator_access (moderator_id, site_id, role) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT moderator_access_unique DO UPDATE SET role = excluded.role
        """,
        [
            (moderator_id, site_id, role)
            for site_id in ([None] if site_ids is None else sorted(set(site_ids)))
        ],
    )


async def rights_of(connection: Connection, moderator_id: int) -> Rights | None:
    """What a person may do where; null for one who has no roles and lives by tokens alone."""
    rows = await connection.fetch(
        "SELECT site_id, role FROM moderator_access WHERE moderator_id = $1", moderator_id
    )
    return Rights.of_rows((row["site_id"], row["role"]) for row in rows) if rows else None


async def reach_of(connection: Connection, moderator_id: int) -> list[int] | None:
    """The sites at which a password or a valid token opens something; null is every site."""
    rows = await connection.fetch(
        """
        SELECT site_id FROM moderator_access WHERE moderator_id = $1
        UNION SELECT unnest(coalesce(site_ids, ARRAY[NULL]::integer[])) FROM moderator_token
        WHERE moderator_id = $1 AND revoked_at IS NULL
          AND (expires_at IS NULL OR expires_at > clock_timestamp())
        """,
        moderator_id,
    )
    found = [row["site_id"] for row in rows]
    return None if None in found or not found else found


async def has_access(connection: Connection, moderator_id: int) -> bool:
    """Whether a password would open anything."""
    row = await connection.fetchval("SELECT 1 FROM moderator_access WHERE moderator_id = $1", moderator_id)
    return row is not None


async def disable(connection: Connection, moderator_id: int) -> None:
    """Shut a person out: sessions end, tokens are revoked, the password opens nothing."""
    await connection.execute(
        "UPDATE moderator SET disabled_at = clock_timestamp() WHERE id = $1 AND disabled_at IS NULL",
        moderator_id,
    )
    await connection.execute(
        """
        UPDATE moderator_token SET revoked_at = clock_timestamp()
        WHERE moderator_id = $1 AND revoked_at IS NULL
        """,
        moderator_id,
    )
    await end_sessions(connection, moderator_id)


async def enable(connection: Connection, moderator_id: int) -> None:
    """Let a person in again, by the same password; tokens stay revoked.

    A sign-in that was under way when the person was shut out has left a session that nobody ended then.
    """
    await end_sessions(connection, moderator_id)
    await connection.execute("UPDATE moderator SET disabled_at = NULL WHERE id = $1", moderator_id)


async def end_sessions(connection: Connection, moderator_id: int) -> None:
    """End every session of a person, those of tokens too."""
    await connection.execute(
        """
        DELETE FROM moderator_session WHERE moderator_id = $1
           OR token_id IN (SELECT id FROM moderator_token WHERE moderator_id = $1)
        """,
        moderator_id,
    )


async def find_moderator(connection: Connection, name: str) -> tuple[int, datetime | None] | None:
    """The id of whoever has that name, and since when that person is disabled."""
    row = await connection.fetchrow("SELECT id, disabled_at FROM moderator WHERE name = $1", name)
    return (row["id"], row["disabled_at"]) if row else None


async def list_moderators(connection: Connection) -> list[ModeratorEntry]:
    """Everybody, by name."""
    rows = await connection.fetch(
        """
        SELECT moderator.name, moderator.disabled_at, access.role,
               CASE WHEN NOT coalesce(access.is_everywhere, true) THEN access.sites END AS sites,
               EXISTS (SELECT FROM moderator_password AS kept
                       WHERE kept.moderator_id = moderator.id) AS has_password,
               (SELECT count(*)::integer FROM moderator_token AS token
                WHERE token.moderator_id = moderator.id AND token.revoked_at IS NULL
                  AND (token.expires_at IS NULL OR token.expires_at > clock_timestamp())) AS tokens
        FROM moderator LEFT JOIN LATERAL (
            SELECT string_agg(DISTINCT one.role, ', ' ORDER BY one.role) AS role,
                   bool_or(one.site_id IS NULL) AS is_everywhere,
                   array_agg(site.slug ORDER BY site.slug) AS sites
            FROM moderator_access AS one LEFT JOIN site ON site.id = one.site_id
            WHERE one.moderator_id = moderator.id
        ) AS access ON true
        ORDER BY moderator.name
        """
    )
    return [ModeratorEntry(**dict(row)) for row in rows]
