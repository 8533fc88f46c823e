"""What an author may see of the own comment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from service.domain.statement import Statement
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class OwnComment:
    """The author's view: state and reason, the own text, where it stands.

    The page's title may be another author's word: it is there once a comment is published there.
    """

    id: UUID
    site_id: int
    status: str
    reason: str | None
    text: str
    submitted_at: datetime
    page_url: str
    page_title: str | None
    edit: "OwnEdit | None" = None
    statement: Statement | None = None
    appeal: "OwnAppeal | None" = None


@dataclass(frozen=True, slots=True)
class OwnAppeal:
    """The latest appeal about it; `outcome` is null until somebody has looked."""

    filed_at: datetime
    outcome: str | None
    settled_at: datetime | None
    is_against_this: bool


@dataclass(frozen=True, slots=True)
class OwnEdit:
    """An edit of a published comment that readers do not see."""

    status: str
    reason: str | None
    text: str


async def find_own_comment(connection: Connection, site_id: int, comment_id: UUID) -> OwnComment | None:
    """The comment behind a receipt; an erased one is gone for its author too."""
    row = await connection.fetchrow(
        """
        SELECT comment.id, comment.site_id, comment.status, comment.reason, comment.text,
               comment.submitted_at, page.url AS page_url,
               CASE WHEN page.published_count > 0 THEN page.title END AS page_title,
               edit.status AS edit_status, edit.reason AS edit_reason, edit.text AS edit_text,
               refused.action, refused.from_status, refused.why, refused.source, refused.decided_at,
               appeal.filed_at, appeal.outcome, appeal.settled_at,
               appeal.decision_id = refused.id AS is_against_this
        FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        LEFT JOIN comment AS edit
               ON edit.site_id = comment.site_id AND edit.revises = comment.id AND edit.status <> 'erased'
        LEFT JOIN LATERAL (  -- the last word about it that restricts it, or gives back what was taken out
            SELECT decision.id, action, from_status, decision.reason AS why, source, decided_at FROM decision
            WHERE decision.site_id = comment.site_id AND comment_id = comment.id AND version IS NOT NULL
              AND (comment.status IN ('rejected', 'spam') AND decision.status = comment.status
                   OR comment.status = 'published' AND action IN ('redact', 'restore'))
            ORDER BY decision.id DESC LIMIT 1
        ) AS refused ON true
        LEFT JOIN LATERAL (
            SELECT filed_at, outcome, settled_at, decision_id FROM appeal
            WHERE appeal.site_id = comment.site_id AND comment_id = comment.id ORDER BY appeal.id DESC LIMIT 1
        ) AS appeal ON true
        WHERE comment.site_id = $1 AND comment.id = $2 AND comment.status <> 'erased'
          AND comment.revises IS NULL
        """,
        site_id,
        comment_id,
    )
    if row is None:
        return None
    known = dict(row)
    edit = OwnEdit(*(known.pop(name) for name in ("edit_status", "edit_reason", "edit_text")))
    refused = [known.pop(name) for name in ("action", "from_status", "why", "source", "decided_at")]
    names = ("filed_at", "outcome", "settled_at", "is_against_this")
    appeal = [known.pop(name) for name in names]
    return OwnComment(
        **known,
        appeal=OwnAppeal(*appeal) if appeal[0] else None,
        edit=edit if edit.status else None,
        statement=_statement(known["status"], *refused),
    )


def _statement(
    status: str, action: str | None, came_from: str, reason: str | None, source: str, decided_at: datetime
) -> Statement | None:
    if action is None or (status == "published" and action != "redact"):
        return None
    restriction: Literal["not_published", "removed", "part_removed"] = "not_published"
    if status == "published":
        restriction = "part_removed"
    elif came_from == "published":
        restriction = "removed"
    return Statement(restriction, reason, source == "checks", decided_at)
