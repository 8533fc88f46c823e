"""What an author may see of the own comment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from service.domain.statement import Statement
from service.storage.pool import Connection, Record
from service.storage.statements import stated, statement_of


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
    """The latest appeal about it; `outcome` is null until somebody has looked.

    `text` is what its author wrote, `answer` what somebody said to it; both are gone after a time.
    """

    filed_at: datetime
    outcome: str | None
    settled_at: datetime | None
    is_against_this: bool
    text: str | None = field(repr=False)
    answer: str | None


@dataclass(frozen=True, slots=True)
class OwnEdit:
    """An edit of a published comment that readers do not see."""

    status: str
    reason: str | None
    text: str
    statement: Statement | None = None


_OWN = f"""
SELECT comment.id, comment.site_id, comment.status, comment.reason, comment.text,
       comment.submitted_at, page.url AS page_url,
       CASE WHEN page.published_count > 0 THEN page.title END AS page_title, stated.*,
       appeal.filed_at AS appeal_filed_at, appeal.outcome AS appeal_outcome,
       appeal.settled_at AS appeal_settled_at, appeal.text AS appeal_text, appeal.answer AS appeal_answer,
       appeal.decision_id = stated.stated_decision_id AS appeal_is_against_this
FROM comment JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
LEFT JOIN LATERAL ({stated("comment")}) AS stated ON true
LEFT JOIN LATERAL (
    SELECT filed_at, outcome, settled_at, decision_id, text, answer FROM appeal
    WHERE appeal.site_id = comment.site_id AND comment_id = comment.id ORDER BY appeal.id DESC LIMIT 1
) AS appeal ON true
WHERE comment.site_id = $1 AND comment.id = $2 AND comment.status <> 'erased' AND comment.revises IS NULL
"""  # noqa: S608
_EDIT = f"""
SELECT edit.status, edit.reason, edit.text, stated.*
FROM comment AS edit LEFT JOIN LATERAL ({stated("edit")}) AS stated ON true
WHERE edit.site_id = $1 AND edit.revises = $2 AND edit.status <> 'erased'
"""  # noqa: S608


async def find_own_comment(connection: Connection, site_id: int, comment_id: UUID) -> OwnComment | None:
    """The comment behind a receipt; an erased one is gone for its author too."""
    row = await connection.fetchrow(_OWN, site_id, comment_id)
    if row is None:
        return None
    edit = await connection.fetchrow(_EDIT, site_id, comment_id)
    return OwnComment(
        **_plain(row),
        edit=OwnEdit(**_plain(edit), statement=statement_of(edit)) if edit else None,
        statement=statement_of(row),
        appeal=_appeal(row),
    )


def _appeal(row: Record) -> OwnAppeal | None:
    names = ("filed_at", "outcome", "settled_at", "is_against_this", "text", "answer")
    return OwnAppeal(*(row[f"appeal_{name}"] for name in names)) if row["appeal_filed_at"] else None


def _plain(row: Record) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith(("stated_", "appeal_"))}
