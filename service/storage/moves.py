"""The one statement that changes a comment's status: it records the decision in the same breath.

The schema refuses every other way (constraints `comment_is_decided`, `comment_version_rises`).

Whoever moves a comment locks its page first, then the comment, then the ones above it. Without the page in
front, a reply and its parent that are decided at once would lock each other's rows in opposite order.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from service.domain.status import Status
from service.domain.traits import Traits
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A decision to be made: from `version` of the comment, by the holder of `lease_token` where given.

    `traits` are what the checks leave beside the comment for the queues; without any, those of before stay.
    """

    site_id: int
    comment_id: UUID
    version: int
    status: Status
    source: Literal["checks", "moderator"]
    action: str
    reason: str | None = None
    note: str | None = None
    lease_token: UUID | None = None
    moderator_id: int | None = None
    policy_version: int | None = None
    decided_by: str | None = None
    findings: str = "[]"
    rule: str | None = None
    traits: Traits | None = None


_MOVE = """
WITH place AS MATERIALIZED (
    SELECT site_id, id FROM page
    WHERE site_id = $1 AND id = (SELECT page_id FROM comment WHERE site_id = $1 AND id = $2)
    FOR NO KEY UPDATE
), old AS (
    SELECT it.site_id, it.id, page_id, status, version, ancestors
    FROM place JOIN comment AS it ON it.site_id = place.site_id AND it.page_id = place.id
    WHERE it.id = $2 AND version = $3
      AND ($4::uuid IS NULL OR (lease_token = $4 AND status = 'pending'))
    FOR NO KEY UPDATE OF it
), recorded AS (
    INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action, moderator_id,
                          policy_version, decided_by, reason, note, findings, rule)
    SELECT site_id, id, CASE WHEN status <> $5 THEN version + 1 END, status, $5, $6, $7, $8,
           $9, $10, $11, $12, $13::jsonb, $14
    FROM old
), moved AS (
    UPDATE comment AS it
    SET status = $5, reason = $11, version = it.version + (old.status <> $5)::int,
        published_at = CASE WHEN $5 = 'published' THEN coalesce(it.published_at, clock_timestamp())
                            ELSE it.published_at END{traits}
    FROM old WHERE it.site_id = old.site_id AND it.id = old.id
    RETURNING it.version
), step AS (
    SELECT *, ($5 = 'published')::int - (status = 'published')::int AS by FROM old
), threaded AS (
    UPDATE comment AS above SET published_descendants = above.published_descendants + step.by
    FROM step WHERE step.by <> 0 AND above.site_id = step.site_id AND above.id = ANY(step.ancestors)
), counted AS (
    UPDATE page SET published_count = published_count + step.by, revision = revision + 1
    FROM step WHERE step.by <> 0 AND page.site_id = step.site_id AND page.id = step.page_id
)
SELECT version FROM moved
"""
_BY_PEOPLE = _MOVE.replace("{traits}", "")
_BY_CHECKS = _MOVE.replace("{traits}", ", risk = $15, language = $16, objections = $17")


async def move(connection: Connection, to: Move) -> int | None:
    """Make the move and record it; the comment's version afterwards.

    None: the comment is no longer at that version, or the lease is lost; nothing was changed then. A move
    to the status that the comment has is recorded and raises no version.
    """
    traits = to.traits
    kept = (traits.risk, traits.language, list(traits.objections) or None) if traits else ()
    version: int | None = await connection.fetchval(
        _BY_CHECKS if traits else _BY_PEOPLE,
        to.site_id,
        to.comment_id,
        to.version,
        to.lease_token,
        str(to.status),
        to.source,
        to.action,
        to.moderator_id,
        to.policy_version,
        to.decided_by,
        to.reason,
        to.note,
        to.findings,
        to.rule,
        *kept,
    )
    return version
