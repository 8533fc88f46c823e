"""Everything that is held about an author at a site, for the author alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from service.domain.email import EmailIndex
from service.storage.pool import Connection

MOST = 1000
"""So many comments are listed, the newest."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """One comment with what came with it; what is true or false here is kept in a form that nobody can read.

    `revises` is the comment of which this is an edit. `appeals` are {"at", "text", "outcome"}.
    `decisions` are {"at", "by", "action", "reason"}, without who decided.
    """

    id: UUID
    page_url: str
    status: str
    reason: str | None
    author: str
    website: str | None
    text: str
    submitted_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    browser: str | None
    address_kept: bool
    network_kept: bool
    address_confirmed: bool
    mail_decision: bool
    mail_replies: bool
    decisions: list[dict[str, Any]]
    revises: UUID | None = None
    appeals: list[dict[str, Any]] = field(default_factory=list)


async def find_author_behind(
    connection: Connection, site_id: int, indexes: Sequence[EmailIndex]
) -> int | None:
    """The author of an address at a site; null where nobody wrote with it."""
    found: int | None = await connection.fetchval(
        "SELECT author_behind($1, $2)", site_id, [index.value for index in indexes]
    )
    return found


async def list_own_data(connection: Connection, site_id: int, author_id: int) -> list[OwnData]:
    """What is held about that author's comments, the newest first."""
    rows = await connection.fetch(
        """
        SELECT it.id, page.url AS page_url, it.status, it.reason, it.author, it.website, it.text,
               it.submitted_at, it.published_at, it.edited_at, it.user_agent AS browser,
               NOT it.address_dropped AS address_kept, it.network IS NOT NULL AS network_kept,
               it.confirmed AS address_confirmed, it.revises,
               coalesce(who.wants_decision, false) AS mail_decision,
               coalesce(who.wants_replies, false) AS mail_replies,
               (SELECT coalesce(jsonb_agg(jsonb_build_object('at', decided_at, 'by', source, 'action', action,
                                                             'reason', reason) ORDER BY decision.id), '[]')
                FROM decision WHERE decision.site_id = it.site_id AND comment_id = it.id)::text AS decisions,
               (SELECT coalesce(jsonb_agg(jsonb_build_object('at', filed_at, 'text', text, 'outcome', outcome)
                                          ORDER BY appeal.id), '[]')
                FROM appeal WHERE appeal.site_id = it.site_id AND comment_id = it.id)::text AS appeals
        FROM comment AS it
        JOIN page ON page.site_id = it.site_id AND page.id = it.page_id
        LEFT JOIN mail_recipient AS who ON who.site_id = it.site_id AND who.comment_id = it.id
        WHERE it.site_id = $1 AND it.author_id = $2 AND it.status <> 'erased'
        ORDER BY it.submitted_at DESC, it.id DESC LIMIT $3
        """,
        site_id,
        author_id,
        MOST,
    )
    lists = ("decisions", "appeals")
    return [OwnData(**(dict(row) | {name: orjson.loads(row[name]) for name in lists})) for row in rows]
