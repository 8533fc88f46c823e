"""What admins and operators changed: appended in the transaction of the change, never changed itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was changed.

    Attributes:
        action: `thing.verb`, such as `policy.changed`.
        site_id: where; None for what is about no one site.
        moderator_id: who; None for the command line.
        subject: which thing, in a few words; never an address, a secret or what a reader wrote.
        details: what a reader of the log needs besides; under the same rule.
    """

    action: str
    site_id: int | None
    moderator_id: int | None
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is read; `moderator` and `site` are names, null as in `AuditEntry`."""

    id: int
    site: str | None
    moderator: str | None
    action: str
    subject: str
    details: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: of these sites, and of no site where `with_siteless`; null is any.

    `action` is a whole one or its thing alone: `token` finds `token.created` and `token.revoked`.
    """

    site_ids: Sequence[int]
    with_siteless: bool
    action: str | None = None
    moderator: str | None = None
    before: int | None = None


async def record(connection: Connection, entry: AuditEntry) -> None:
    """Append it, in the caller's transaction: there is neither an entry nor a change without the other."""
    await connection.execute(
        """
        INSERT INTO audit_entry (site_id, moderator_id, action, subject, details)
        VALUES ($1, $2, $3, $4, $5::text::jsonb)
        """,
        entry.site_id,
        entry.moderator_id,
        entry.action,
        entry.subject,
        orjson.dumps(dict(entry.details)).decode(),
    )


async def record_at(connection: Connection, site_ids: Sequence[int] | None, entry: AuditEntry) -> None:
    """The same at each of these sites, so that the admins of each see it; null is every site, once."""
    for site_id in [None] if site_ids is None else sorted(set(site_ids)):
        await record(connection, replace(entry, site_id=site_id))


async def list_entries(connection: Connection, wanted: AuditFilter, *, limit: int) -> list[KeptEntry]:
    """The newest `limit` of them, older than the id `before`."""
    rows = await connection.fetch(
        """
        SELECT entry.id, site.slug AS site, moderator.name AS moderator, entry.action, entry.subject,
               entry.details, entry.at
        FROM audit_entry AS entry
        LEFT JOIN site ON site.id = entry.site_id
        LEFT JOIN moderator ON moderator.id = entry.moderator_id
        WHERE (entry.site_id = ANY($1::int[]) OR $2 AND entry.site_id IS NULL)
          AND ($3::text IS NULL OR entry.action = $3 OR starts_with(entry.action, $3 || '.'))
          AND ($4::text IS NULL OR moderator.name = $4)
          AND ($5::bigint IS NULL OR entry.id < $5)
        ORDER BY entry.id DESC LIMIT $6
        """,
        list(wanted.site_ids),
        wanted.with_siteless,
        wanted.action,
        wanted.moderator,
        wanted.before,
        limit,
    )
    return [KeptEntry(**{**dict(row), "details": orjson.loads(row["details"])}) for row in rows]
