"""What the dashboard's queue asks beside its comments: counts and alarms at once, claims, what came since."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from service.storage.learning import ALARMING
from service.storage.pool import Connection

_CLAIM = """
UPDATE comment SET claimed_by = $3, claimed_until = clock_timestamp() + make_interval(secs => $4)
WHERE site_id = ANY($1::int[]) AND id = $2 AND status = 'held'
  AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_until <= clock_timestamp())
RETURNING id
"""
_STANDING = """
SELECT comment.id, comment.status, comment.version, decider.name AS decided_by,
       CASE WHEN comment.claimed_until > clock_timestamp() AND comment.claimed_by <> $3
            THEN claimer.name END AS claimed_by
FROM comment
LEFT JOIN moderator AS claimer ON claimer.id = comment.claimed_by
LEFT JOIN LATERAL (
    SELECT moderator_id FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
    ORDER BY decision.id DESC LIMIT 1
) AS latest ON true
LEFT JOIN moderator AS decider ON decider.id = latest.moderator_id
WHERE comment.site_id = ANY($1::int[]) AND comment.id = ANY($2::uuid[])
"""
_NEWEST = """
SELECT found.id FROM (SELECT DISTINCT unnest($1::int[]) AS site_id) AS wanted
CROSS JOIN LATERAL (
    SELECT id, submitted_at FROM comment
    WHERE site_id = wanted.site_id AND status = $2 AND reason IS DISTINCT FROM 'awaiting_confirmation'
    ORDER BY submitted_at DESC, id DESC LIMIT $3
) AS found
ORDER BY found.submitted_at DESC, found.id DESC LIMIT $3
"""
_NEWEST_REPORTED = """
SELECT comment.id FROM comment
WHERE site_id = ANY($1::int[]) AND status IN ('published', 'held', 'pending')
  AND id = ANY(ARRAY(SELECT comment_id FROM report WHERE site_id = ANY($1::int[]) AND outcome IS NULL))
ORDER BY submitted_at DESC, id DESC LIMIT $2
"""
_BESIDE = f"""
SELECT coalesce((SELECT jsonb_object_agg(status, n) FROM (
           SELECT status, sum(n)::bigint AS n FROM (
               SELECT status, n FROM comment_count WHERE site_id = ANY($1::int[])
               UNION ALL
               SELECT status, n FROM comment_count_change WHERE site_id = ANY($1::int[])
           ) AS part GROUP BY status) AS counted), '{{}}')::text AS counts,
       (SELECT count(DISTINCT (site_id, comment_id)) FROM report
        WHERE site_id = ANY($1::int[]) AND outcome IS NULL) AS reported,
       coalesce((SELECT jsonb_object_agg(slug, broken)
                 FROM ({ALARMING.replace("$1", "$2")}) AS alarm), '{{}}')::text AS alarming
"""  # noqa: S608  (statements of our own)
_SHIFT = """
SELECT action, count(*) AS n, min(decision.decided_at) AS since, max(decision.decided_at) AS until,
       max(extract(epoch FROM decision.decided_at - comment.submitted_at))::float8 AS longest_s
FROM decision JOIN comment ON comment.site_id = decision.site_id AND comment.id = decision.comment_id
WHERE decision.site_id = ANY($1::int[]) AND source = 'moderator' AND moderator_id = $2
  AND decision.decided_at > (SELECT clock_timestamp() - $3 * interval '1 hour')
GROUP BY action
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a comment stands now; `decided_by` is null where the checks decided last."""

    id: UUID
    status: str
    version: int
    decided_by: str | None
    claimed_by: str | None


@dataclass(frozen=True, slots=True)
class Shift:
    """What somebody decided lately: numbers by action, and over how many seconds."""

    actions: dict[str, int]
    seconds: float
    longest_s: float

    @property
    def decided(self) -> int:
        """How many decisions in all; what was taken back was no decision."""
        return sum(n for action, n in self.actions.items() if action != "undo")


async def claim_one(
    connection: Connection, site_ids: Sequence[int], comment_id: UUID, moderator_id: int, *, seconds: int
) -> bool:
    """Lease a held comment to whoever works on it, anew where it is theirs; whether it could be had."""
    return bool(await connection.fetchval(_CLAIM, list(site_ids), comment_id, moderator_id, seconds))


async def release_one(
    connection: Connection, site_ids: Sequence[int], comment_id: UUID, moderator_id: int
) -> None:
    """End this moderator's own lease on it."""
    await connection.execute(
        """
        UPDATE comment SET claimed_by = NULL, claimed_until = NULL
        WHERE site_id = ANY($1::int[]) AND id = $2 AND claimed_by = $3
        """,
        list(site_ids),
        comment_id,
        moderator_id,
    )


async def list_standing(
    connection: Connection, site_ids: Sequence[int], comment_ids: Sequence[UUID], moderator_id: int
) -> list[Standing]:
    """Those comments as they stand now; `claimed_by` is null where it is this moderator."""
    rows = await connection.fetch(_STANDING, list(site_ids), list(comment_ids), moderator_id)
    return [Standing(**dict(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the queue: numbers by status, how many are reported, and alarms by slug."""

    counts: dict[str, int]
    reported: int
    alarming: dict[str, bool]


async def find_beside(connection: Connection, site_ids: Sequence[int], known_ids: Sequence[int]) -> Beside:
    """In one statement: the numbers of `site_ids`, the alarms of all that the moderator knows."""
    row = await connection.fetchrow(_BESIDE, list(site_ids), list(known_ids))
    assert row is not None  # noqa: S101  (it has no FROM)
    return Beside(orjson.loads(row["counts"]), row["reported"], orjson.loads(row["alarming"]))


async def list_newest(
    connection: Connection, site_ids: Sequence[int], status: str | None, *, limit: int
) -> list[UUID]:
    """The latest comments of a queue, the newest first; without a status of those that were reported."""
    if status is None:
        return [row["id"] for row in await connection.fetch(_NEWEST_REPORTED, list(site_ids), limit)]
    return [row["id"] for row in await connection.fetch(_NEWEST, list(site_ids), status, limit)]


async def read_shift(connection: Connection, site_ids: Sequence[int], moderator_id: int, hours: int) -> Shift:
    """What this moderator decided in the last hours; `longest_s` is how long a reader waited at most."""
    rows = await connection.fetch(_SHIFT, list(site_ids), moderator_id, hours)
    if not rows:
        return Shift({}, 0.0, 0.0)
    passed = max(row["until"] for row in rows) - min(row["since"] for row in rows)
    longest = max((row["longest_s"] for row in rows if row["action"] != "undo"), default=0.0)
    return Shift({row["action"]: row["n"] for row in rows}, passed.total_seconds(), longest)
