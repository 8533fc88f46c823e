"""What each check has decided lately, and what people made of it afterwards."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.storage.pool import Connection

_PAST = """
WITH latest AS MATERIALIZED (
    SELECT site_id, id FROM comment
    WHERE site_id = $1 AND id >= $2 AND status <> 'erased' ORDER BY id DESC LIMIT $3
), checked AS MATERIALIZED (
    SELECT said.status, said.decided_by, said.rule, said.findings, person.status AS people
    FROM latest
    CROSS JOIN LATERAL (
        SELECT status, decided_by, rule, findings FROM decision
        WHERE site_id = latest.site_id AND comment_id = latest.id AND source = 'checks'
        ORDER BY decision.id DESC LIMIT 1
    ) AS said
    LEFT JOIN LATERAL (
        SELECT CASE WHEN action <> 'undo' THEN status END AS status FROM decision
        WHERE site_id = latest.site_id AND comment_id = latest.id AND source = 'moderator'
          AND action NOT IN ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'grant')
        ORDER BY decision.id DESC LIMIT 1
    ) AS person ON true
)
"""
_SAID = f"""
{_PAST}
SELECT finding ->> 'check' AS check, finding ->> 'outcome' AS outcome,
       CASE WHEN decided_by = finding ->> 'check' THEN status END AS decided,
       CASE WHEN decided_by = finding ->> 'check' THEN people END AS people, count(*) AS count
FROM checked CROSS JOIN LATERAL jsonb_array_elements(findings) AS finding
GROUP BY 1, 2, 3, 4
"""  # noqa: S608
_RULED = f"""
{_PAST}
SELECT rule, status, people, count(*) AS count FROM checked GROUP BY 1, 2, 3 ORDER BY 4 DESC
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Said:
    """How often a check had this outcome; where it decided, the status it made and what people made of it."""

    check: str
    outcome: str
    decided: str | None
    people: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """How often this line of the policy decided; null: none did, as a check failed."""

    rule: str | None
    status: str
    people: str | None
    count: int


async def list_said(connection: Connection, site_id: int, period: timedelta, *, limit: int) -> list[Said]:
    """What each check said about the latest comments of that period, up to so many."""
    rows = await connection.fetch(_SAID, site_id, first_id_since(period), limit)
    return [Said(**dict(row)) for row in rows]


async def list_ruled(connection: Connection, site_id: int, period: timedelta, *, limit: int) -> list[Ruled]:
    """Which lines decided about the same comments, the most frequent first."""
    rows = await connection.fetch(_RULED, site_id, first_id_since(period), limit)
    return [Ruled(**dict(row)) for row in rows]


def first_id_since(period: timedelta, now_s: float | None = None) -> UUID:
    """The lowest id that a comment of that period may have: its first 48 bits are the time (RFC 9562 5.7)."""
    since_s = (time.time() if now_s is None else now_s) - period.total_seconds()
    return UUID(int=max(round(since_s * 1000), 0) << 80)
