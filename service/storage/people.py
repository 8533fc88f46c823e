"""People with their roles and tokens, as admins look at them and change them."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.people import Person
from service.domain.rights import Rights
from service.storage.pool import Connection, Record

_EVERY_SITE = 0
"""No site has this id: it stands for tokens that reach every site."""

_PERSON = """
SELECT person.id, person.name, person.disabled_at,
       EXISTS (SELECT FROM moderator_password AS kept WHERE kept.moderator_id = person.id) AS has_password,
       array(SELECT access.site_id FROM moderator_access AS access
             WHERE access.moderator_id = person.id ORDER BY access.site_id) AS access_site_ids,
       array(SELECT access.role FROM moderator_access AS access
             WHERE access.moderator_id = person.id ORDER BY access.site_id) AS access_roles,
       array(SELECT DISTINCT unnest(coalesce(token.site_ids, ARRAY[0])) FROM moderator_token AS token
             WHERE token.moderator_id = person.id AND token.revoked_at IS NULL
               AND (token.expires_at IS NULL OR token.expires_at > clock_timestamp())) AS token_site_ids,
       (SELECT count(*)::integer FROM moderator_token AS token
        WHERE token.moderator_id = person.id AND token.revoked_at IS NULL
          AND (token.expires_at IS NULL OR token.expires_at > clock_timestamp())) AS tokens
FROM moderator AS person
"""


async def list_people(connection: Connection, *, after: str | None, limit: int) -> list[Person]:
    """Everybody by name, from the first name after `after`."""
    rows = await connection.fetch(
        _PERSON
        + ' WHERE $1::text IS NULL OR person.name > $1 COLLATE "C" ORDER BY person.name COLLATE "C" LIMIT $2',
        after,
        limit,
    )
    return [_person(row) for row in rows]


async def lock_person(connection: Connection, moderator_id: int) -> Person | None:
    """The person of that id, whom nobody else changes until the transaction ends."""
    await connection.execute("SELECT FROM moderator WHERE id = $1 FOR UPDATE", moderator_id)
    row = await connection.fetchrow(_PERSON + " WHERE person.id = $1", moderator_id)
    return _person(row) if row else None


async def find_id(connection: Connection, name: str) -> int | None:
    """The id of whoever has that name."""
    found: int | None = await connection.fetchval("SELECT id FROM moderator WHERE name = $1", name)
    return found


async def insert_person(connection: Connection, name: str) -> int | None:
    """Somebody new; None where the name is taken."""
    made: int | None = await connection.fetchval(
        """
        INSERT INTO moderator (name) VALUES ($1)
        ON CONFLICT ON CONSTRAINT moderator_name_unique DO NOTHING RETURNING id
        """,
        name,
    )
    return made


async def remove_role_at(connection: Connection, moderator_id: int, site_id: int) -> None:
    """Take the role at that site away, and the site from every token of that person that names its sites."""
    await connection.execute(
        "DELETE FROM moderator_access WHERE moderator_id = $1 AND site_id = $2", moderator_id, site_id
    )
    await connection.execute(
        """
        UPDATE moderator_token SET
            revoked_at = CASE WHEN site_ids = ARRAY[$2::integer] THEN clock_timestamp() END,
            site_ids = CASE WHEN site_ids = ARRAY[$2::integer] THEN site_ids
                            ELSE array_remove(site_ids, $2) END
        WHERE moderator_id = $1 AND $2 = ANY(site_ids) AND revoked_at IS NULL
        """,
        moderator_id,
        site_id,
    )


async def revoke_tokens_of(connection: Connection, moderator_id: int) -> None:
    """Make every token of a person useless."""
    await connection.execute(
        """
        UPDATE moderator_token SET revoked_at = clock_timestamp()
        WHERE moderator_id = $1 AND revoked_at IS NULL
        """,
        moderator_id,
    )


def _person(row: Record) -> Person:
    rows: Sequence[tuple[int | None, str]] = list(
        zip(row["access_site_ids"], row["access_roles"], strict=True)
    )
    disabled_at: datetime | None = row["disabled_at"]
    reached = frozenset(row["token_site_ids"])
    return Person(
        id=row["id"],
        name=row["name"],
        disabled_at=disabled_at,
        has_password=row["has_password"],
        rights=Rights.of_rows(rows) if rows else None,
        token_sites=None if _EVERY_SITE in reached else reached,
        tokens=row["tokens"],
    )


async def list_admin_rights_of_tokens(connection: Connection, moderator_id: int) -> list[Rights]:
    """What the valid tokens of the role `admin` of somebody without roles open, each by itself."""
    rows = await connection.fetch(
        """
        SELECT role, site_ids FROM moderator_token
        WHERE moderator_id = $1 AND role = 'admin' AND revoked_at IS NULL
          AND (expires_at IS NULL OR expires_at > clock_timestamp())
        """,
        moderator_id,
    )
    return [Rights.of_one_role(row["role"], row["site_ids"]) for row in rows]
