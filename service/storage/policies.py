"""The versions of a site's policy: who made each, when and why."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.policy import Policy
from service.storage.pool import Connection, Record
from service.storage.sites import read_document


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version; `made_by` is null where the command line made it."""

    version: int
    policy: Policy
    made_at: datetime
    made_by: str | None
    note: str | None


_SELECT = """
SELECT policy.site_id, policy.version, document, policy.created_at, moderator.name, note
FROM policy LEFT JOIN moderator ON moderator.id = policy.moderator_id
WHERE site_id = $1
"""


async def find_version(connection: Connection, site_id: int, version: int) -> PolicyVersion | None:
    """That version of the site's policy."""
    row = await connection.fetchrow(_SELECT + " AND version = $2", site_id, version)
    return _version(row) if row else None


async def find_current(connection: Connection, site_id: int) -> PolicyVersion:
    """The version that holds now."""
    current = " AND version = (SELECT policy_version FROM site WHERE id = $1)"
    row = await connection.fetchrow(_SELECT + current, site_id)
    assert row is not None  # noqa: S101  (a site has its policy, by constraint)
    return _version(row)


async def list_versions(
    connection: Connection, site_id: int, *, limit: int, before: int | None = None
) -> list[PolicyVersion]:
    """The newest versions, the newest first; those before `before` where it is given."""
    rows = await connection.fetch(
        _SELECT + " AND ($2::int IS NULL OR version < $2) ORDER BY version DESC LIMIT $3",
        site_id,
        before,
        limit,
    )
    return [_version(row) for row in rows]


async def lock_policy(connection: Connection, site_id: int) -> int:
    """The version that holds, which nobody changes until the transaction ends."""
    version: int = await connection.fetchval(
        "SELECT policy_version FROM site WHERE id = $1 FOR NO KEY UPDATE", site_id
    )
    return version


def _version(row: Record) -> PolicyVersion:
    policy = read_document(row["site_id"], row["version"], row["document"])
    return PolicyVersion(row["version"], policy, row["created_at"], row["name"], row["note"])
