"""Candidates that run beside the live policies, and what they would have decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.domain.policy import Policy
from service.storage.pool import Connection, Record
from service.storage.sites import standing_policy


@dataclass(frozen=True, slots=True)
class Candidate:
    """A policy that is watched at a site; `made_by` is null where the command line put it there."""

    id: int
    site_id: int
    policy: Policy
    since: datetime
    made_by: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowVerdict:
    """What the live policy decided about a comment, and what the candidate would have; or how it failed."""

    site_id: int
    comment_id: UUID
    candidate_id: int
    live_status: str
    live_decided_by: str | None
    live_rule: str | None
    status: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    rule: str | None = None
    failure: str | None = None


_SELECT = """
SELECT candidate.id, site_id, document, candidate.created_at, moderator.name, note
FROM candidate LEFT JOIN moderator ON moderator.id = candidate.moderator_id
WHERE ended_at IS NULL
"""


async def list_candidates(connection: Connection) -> list[Candidate]:
    """The ones that run now."""
    return [_candidate(row) for row in await connection.fetch(_SELECT)]


async def find_candidate(connection: Connection, site_id: int) -> Candidate | None:
    """The one that runs at that site."""
    row = await connection.fetchrow(_SELECT + " AND site_id = $1", site_id)
    return _candidate(row) if row else None


async def begin_candidate(
    connection: Connection, site_id: int, policy: Policy, *, moderator_id: int | None, note: str | None
) -> None:
    """Watch this one from now on, and no other; the caller's transaction locks the site's row first."""
    await end_candidate(connection, site_id)
    await connection.execute(
        "INSERT INTO candidate (site_id, document, moderator_id, note) VALUES ($1, $2, $3, $4)",
        site_id,
        policy.model_dump_json(),
        moderator_id,
        note,
    )


async def end_candidate(connection: Connection, site_id: int) -> bool:
    """Watch none any more; whether there was one."""
    done = await connection.execute(
        "UPDATE candidate SET ended_at = clock_timestamp() WHERE site_id = $1 AND ended_at IS NULL", site_id
    )
    return done != "UPDATE 0"


async def record(connection: Connection, verdict: ShadowVerdict) -> None:
    """Keep it, unless the comment was erased; FOR SHARE, so that no erasure beside it is passed by.

    Of a comment that is checked again the first verdict stays.
    """
    await connection.execute(
        """
        INSERT INTO shadow_verdict AS kept (site_id, comment_id, candidate_id, live_status, live_decided_by,
                                    live_rule, status, reason, decided_by, rule, failure)
        SELECT site_id, id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM comment
        WHERE site_id = $1 AND id = $2 AND status <> 'erased' FOR SHARE
        ON CONFLICT DO NOTHING
        """,
        verdict.site_id,
        verdict.comment_id,
        verdict.candidate_id,
        verdict.live_status,
        verdict.live_decided_by,
        verdict.live_rule,
        verdict.status,
        verdict.reason,
        verdict.decided_by,
        verdict.rule,
        verdict.failure,
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """One comment with both verdicts, and a person's last status, null where nobody decided."""

    comment_id: UUID
    live_status: str
    live_decided_by: str | None
    live_rule: str | None
    status: str | None
    decided_by: str | None
    rule: str | None
    failure: str | None
    people: str | None


async def list_watched(connection: Connection, candidate: Candidate, *, limit: int) -> list[Watched]:
    """What the candidate said about the latest comments, the newest first."""
    rows = await connection.fetch(
        """
        SELECT comment_id, live_status, live_decided_by, live_rule, it.status, decided_by, rule,
               failure, person.status AS people
        FROM (
            SELECT * FROM shadow_verdict WHERE site_id = $1 AND candidate_id = $2
            ORDER BY comment_id DESC LIMIT $3
        ) AS it
        LEFT JOIN LATERAL (
            SELECT CASE WHEN action <> 'undo' THEN decision.status END AS status FROM decision
            WHERE decision.site_id = it.site_id AND decision.comment_id = it.comment_id
              AND source = 'moderator'
              AND action NOT IN ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'grant')
            ORDER BY decision.id DESC LIMIT 1
        ) AS person ON true
        ORDER BY comment_id DESC
        """,
        candidate.site_id,
        candidate.id,
        limit,
    )
    return [Watched(**dict(row)) for row in rows]


async def delete_old(connection: Connection, kept: timedelta, *, limit: int) -> int:
    """Delete verdicts older than that, and of candidates that have ended for as long; how many there were."""
    done = await connection.execute(
        """
        DELETE FROM shadow_verdict AS it USING (
            SELECT site_id, comment_id, candidate_id FROM shadow_verdict
            WHERE judged_at < clock_timestamp() - $1::interval ORDER BY judged_at LIMIT $2
        ) AS old
        WHERE it.site_id = old.site_id AND it.comment_id = old.comment_id
          AND it.candidate_id = old.candidate_id
        """,
        kept,
        limit,
    )
    await connection.execute(
        """
        DELETE FROM candidate WHERE ended_at < clock_timestamp() - $1::interval AND NOT EXISTS (
            SELECT FROM shadow_verdict AS it
            WHERE it.site_id = candidate.site_id AND it.candidate_id = candidate.id)
        """,
        kept,
    )
    return int(done.split()[1])


def _candidate(row: Record) -> Candidate:
    policy = standing_policy(row["site_id"], -row["id"], row["document"])
    return Candidate(row["id"], row["site_id"], policy, row["created_at"], row["name"], row["note"])
