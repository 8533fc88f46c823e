"""The append-only history of a comment, and the lock under which the next decision is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from service.storage.pool import Connection

UNDO_FOR = "interval '10 minutes'"
"""So long a person's decision can be taken back; in SQL."""

NOT_TAKEN_BACK = frozenset({"undo", "recheck", "restore", "answer", "pick", "unpick", "uphold", "grant"})
"""What a moderator may do that nobody can take back: it says nothing about what a reader wrote."""

OF_THE_TEXT = frozenset({"redact", "restore"})
"""What changes a text and says nothing about where the comment belongs."""


@dataclass(frozen=True, slots=True)
class LockedComment:
    """A comment whose row stays locked until the transaction ends."""

    site_id: int
    id: UUID
    status: str
    version: int
    reason: str | None
    claimed_by: str | None
    claimer_id: int | None
    claimed_until: datetime | None
    revises: UUID | None = None


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One entry of the history; `moderator` is null where the checks decided."""

    id: int
    from_status: str
    status: str
    version: int | None
    source: str
    action: str
    moderator: str | None
    moderator_id: int | None
    policy_version: int | None
    decided_by: str | None
    rule: str | None
    reason: str | None
    note: str | None
    findings: list[dict[str, Any]]
    decided_at: datetime
    is_recent: bool
    text_before: str | None = None


async def lock_comment(
    connection: Connection, site_ids: Sequence[int], comment_id: UUID
) -> LockedComment | None:
    """Lock a comment of those sites against every other decision, and its page before it (see `moves`).

    A reply to it can still be stored meanwhile: that needs its key to stay, not its status.
    """
    await connection.execute(
        """
        SELECT FROM page WHERE (site_id, id) IN
            (SELECT site_id, page_id FROM comment WHERE site_id = ANY($1::int[]) AND id = $2)
        FOR NO KEY UPDATE
        """,
        list(site_ids),
        comment_id,
    )
    row = await connection.fetchrow(
        """
        SELECT comment.site_id, comment.id, comment.status, comment.version, comment.reason,
               comment.revises, claimer.name AS claimed_by, claimer.id AS claimer_id,
               CASE WHEN claimer.id IS NOT NULL THEN comment.claimed_until END AS claimed_until
        FROM comment
        LEFT JOIN moderator AS claimer
               ON claimer.id = comment.claimed_by AND comment.claimed_until > clock_timestamp()
        WHERE comment.site_id = ANY($1::int[]) AND comment.id = $2
        FOR NO KEY UPDATE OF comment
        """,
        list(site_ids),
        comment_id,
    )
    return LockedComment(**dict(row)) if row else None


async def release_claim(connection: Connection, site_id: int, comment_id: UUID) -> None:
    """End a moderator's claim: what is no longer held waits for nobody."""
    await connection.execute(
        """
        UPDATE comment SET claimed_by = NULL, claimed_until = NULL
        WHERE site_id = $1 AND id = $2 AND status <> 'held' AND claimed_by IS NOT NULL
        """,
        site_id,
        comment_id,
    )


async def list_history(connection: Connection, site_id: int, comment_id: UUID) -> list[PastDecision]:
    """Every decision about a comment, oldest first; `is_recent` is within the last ten minutes.

    `text_before` is the text that it replaced, as long as that is kept.
    """
    rows = await connection.fetch(
        f"""
        SELECT decision.id, from_status, status, decision.version, source, action,
               moderator.name AS moderator, decision.moderator_id, policy_version, decided_by, rule, reason,
               note, findings,
               decided_at, decided_at > clock_timestamp() - {UNDO_FOR} AS is_recent,
               earlier_text.text AS text_before
        FROM decision LEFT JOIN moderator ON moderator.id = decision.moderator_id
        LEFT JOIN earlier_text
               ON (earlier_text.site_id, earlier_text.comment_id, earlier_text.version)
                = (decision.site_id, decision.comment_id, decision.version - 1)
        WHERE decision.site_id = $1 AND decision.comment_id = $2 ORDER BY decision.id
        """,  # noqa: S608
        site_id,
        comment_id,
    )
    return [PastDecision(**{**dict(row), "findings": orjson.loads(row["findings"])}) for row in rows]
