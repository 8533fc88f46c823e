"""Who else may decide at a site: roles, tokens and ways in, as they are at this moment."""

from collections.abc import Collection

from service.domain.rights import Rights, reaches
from service.storage.pool import Connection, Record

_PEOPLE = """
SELECT person.id,
       EXISTS (SELECT FROM moderator_password AS kept WHERE kept.moderator_id = person.id)
           OR EXISTS (SELECT FROM moderator_identity AS linked WHERE linked.moderator_id = person.id)
           AS signs_in,
       array(SELECT access.site_id FROM moderator_access AS access
             WHERE access.moderator_id = person.id ORDER BY access.site_id) AS access_site_ids,
       array(SELECT access.role FROM moderator_access AS access
             WHERE access.moderator_id = person.id ORDER BY access.site_id) AS access_roles
FROM moderator AS person WHERE person.disabled_at IS NULL AND person.id <> ALL($1::int[])
"""
_TOKENS = """
SELECT moderator_id, role, site_ids FROM moderator_token
WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
  AND moderator_id = ANY($1::int[])
"""


async def is_anybody_else(connection: Connection, site_id: int, besides: Collection[int]) -> bool:
    """Whether somebody of another id than these can come in, and decide at that site."""
    people = await connection.fetch(_PEOPLE, list(besides))
    if any(row["signs_in"] and _decides(_own(row), site_id) for row in people):
        return True
    own = {row["id"]: _own(row) for row in people}
    tokens = await connection.fetch(_TOKENS, list(own))
    return any(_decides(_of_token(row, own[row["moderator_id"]]), site_id) for row in tokens)


def _own(row: Record) -> Rights | None:
    """What a person has by name; null where there is nothing but tokens."""
    rows = list(zip(row["access_site_ids"], row["access_roles"], strict=True))
    return Rights.of_rows(rows) if rows else None


def _of_token(row: Record, own: Rights | None) -> Rights:
    rights = Rights.of_one_role(row["role"], row["site_ids"])
    return rights.within(own) if own else rights


def _decides(rights: Rights | None, site_id: int) -> bool:
    return rights is not None and reaches(rights.role_at(site_id), "moderator")
