"""Reads what was decided before, for judging it again by another policy."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from service.domain.past import PastRow
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class PastPage:
    """Some comments of a site, the newest first; `next_before` is where the next ones begin, null at the end.

    `skipped` had no finding to compare with: not yet checked, decided by a person first, or given up.
    """

    rows: list[PastRow]
    skipped: int
    next_before: UUID | None


# Ids are of version 7: their order is that of time, and the primary key hands them out in it.
_PAST = """
SELECT it.id, it.text, it.author, it.website, it.honeypot_filled, it.seconds_to_fill,
       it.user_agent, checked.policy_version, checked.status, checked.findings, person.status AS people
FROM (
    SELECT site_id, id, text, author, website, honeypot_filled, seconds_to_fill, user_agent
    FROM comment
    WHERE site_id = $1 AND status <> 'erased' AND ($2::uuid IS NULL OR id < $2)
    ORDER BY id DESC LIMIT $3
) AS it
LEFT JOIN LATERAL (
    SELECT policy_version, status, findings FROM decision
    WHERE site_id = it.site_id AND comment_id = it.id AND source = 'checks' AND findings <> '[]'
    ORDER BY decision.id DESC LIMIT 1
) AS checked ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN action <> 'undo' THEN status END AS status FROM decision
    WHERE site_id = it.site_id AND comment_id = it.id AND source = 'moderator'
      AND action NOT IN ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'grant')
    ORDER BY decision.id DESC LIMIT 1
) AS person ON true
ORDER BY it.id DESC
"""


async def list_past(connection: Connection, site_id: int, *, before: UUID | None, limit: int) -> PastPage:
    """Up to `limit` comments that came before that one."""
    rows = await connection.fetch(_PAST, site_id, before, limit)
    found = [PastRow(str(row["id"]), *tuple(row)[1:]) for row in rows if row["findings"] is not None]
    return PastPage(found, len(rows) - len(found), rows[-1]["id"] if len(rows) == limit else None)


async def list_documents(connection: Connection, site_id: int, versions: Collection[int]) -> dict[int, str]:
    """The policies of those versions as JSON."""
    rows = await connection.fetch(
        "SELECT version, document FROM policy WHERE site_id = $1 AND version = ANY($2::int[])",
        site_id,
        list(versions),
    )
    return {row["version"]: row["document"] for row in rows}


async def list_texts(connection: Connection, site_id: int, ids: Collection[str]) -> dict[str, str]:
    """The beginnings of those comments, by id; for whoever may read them."""
    rows = await connection.fetch(
        "SELECT id::text, left(text, 200) AS text FROM comment WHERE site_id = $1 AND id = ANY($2::uuid[])",
        site_id,
        list(ids),
    )
    return {row["id"]: row["text"] for row in rows}
