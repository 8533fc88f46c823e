"""The outbox of mail to readers: written by the transaction that moves a comment, leased, settled once."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from service.domain.statement import Statement
from service.storage.pool import Connection, Record
from service.storage.statements import stated, statement_of


@dataclass(frozen=True, slots=True)
class LeasedMail:
    """A mail that is ours for a while, and how its comment stands now.

    `sent_lately`: how many mails of this kind went to the mailbox in the last day. `is_due`: whether what it
    would say still holds. `statement` is why the comment is restricted now, `own_reason_text` the site's own
    words for that.
    """

    id: UUID
    kind: str
    attempts: int
    age: timedelta
    recipient_id: UUID
    key_id: int
    sealed: bytes = field(repr=False)
    language: str
    must_confirm: bool
    site: str
    site_id: int
    site_name: str
    status: str | None
    reason: str | None
    page_url: str | None
    shown_id: UUID | None
    sent_lately: int
    is_stopped: bool
    is_due: bool
    is_confirmed: bool = True
    statement: Statement | None = None
    own_reason_text: str | None = None


_LEASE = f"""
WITH due AS (
    SELECT id, recipient_id, kind, about FROM reader_mail
    WHERE state = 'waiting' AND due_at <= clock_timestamp()
    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE reader_mail AS it
SET due_at = clock_timestamp() + $2::interval, lease_token = $1, attempts = it.attempts + 1
FROM due
JOIN mail_recipient AS who ON who.id = due.recipient_id
JOIN site ON site.id = who.site_id
LEFT JOIN comment ON comment.site_id = who.site_id AND comment.id = who.comment_id
LEFT JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
LEFT JOIN report AS noted ON noted.recipient_id = who.id
LEFT JOIN appeal AS asked
       ON due.kind = 'appeal' AND asked.site_id = who.site_id AND asked.id::text = due.about
LEFT JOIN LATERAL ({stated("comment")}) AS stated ON true
LEFT JOIN site_reason AS own ON own.site_id = who.site_id AND own.code = stated.stated_reason
WHERE it.id = due.id
RETURNING it.id, it.kind, it.attempts, clock_timestamp() - it.created_at AS age, it.recipient_id,
    who.key_id, who.sealed, who.language, who.must_confirm, site.slug AS site, site.id AS site_id,
    site.name AS site_name, coalesce(asked.outcome, noted.outcome, comment.status) AS status, comment.reason,
    page.url AS page_url,
    CASE it.kind WHEN 'reply' THEN it.about::uuid ELSE comment.id END AS shown_id,
    (SELECT count(*)::int
     FROM mail_recipient AS same JOIN reader_mail AS other ON other.recipient_id = same.id
     WHERE same.mailbox = who.mailbox AND other.kind = it.kind AND other.state = 'sent'
       AND other.due_at > clock_timestamp() - interval '1 day') AS sent_lately,
    EXISTS (SELECT FROM mail_stop WHERE mail_stop.site_id = who.site_id AND mail_stop.mailbox = who.mailbox)
        AS is_stopped,
    who.confirmed_at IS NOT NULL AS is_confirmed, stated.*, own.text AS own_reason_text,
    coalesce(CASE it.kind
        WHEN 'data' THEN true
        WHEN 'statement' THEN who.wants_statement AND comment.version::text = it.about
        WHEN 'appeal' THEN asked.outcome IN ('granted', 'upheld')
                           AND (who.wants_statement OR who.wants_decision AND who.confirmed_at IS NOT NULL)
        WHEN 'notice_received' THEN true
        WHEN 'notice_decided' THEN noted.outcome IS NOT NULL AND noted.settled_by::text = it.about
        WHEN 'confirm' THEN who.confirmed_at IS NULL AND comment.status IN ('held', 'published', 'pending')
        WHEN 'decision' THEN who.wants_decision AND comment.version::text = it.about
        ELSE who.wants_replies AND (SELECT status = 'published' FROM comment AS reply
                                    WHERE reply.site_id = who.site_id AND reply.id = it.about::uuid)
    END, false) AS is_due
"""  # noqa: S608


async def is_any_due(connection: Connection) -> bool:
    """Whether there is anything to send now."""
    found = await connection.fetchval(
        "SELECT true FROM reader_mail WHERE state = 'waiting' AND due_at <= clock_timestamp() LIMIT 1"
    )
    return found is not None


async def lease_due(connection: Connection, token: UUID, lease: timedelta, *, limit: int) -> list[LeasedMail]:
    """Lease what is due, the first first."""
    return [_leased(row) for row in await connection.fetch(_LEASE, token, lease, limit)]


def _leased(row: Record) -> LeasedMail:
    known = {name: value for name, value in row.items() if not name.startswith("stated_")}
    return LeasedMail(**known, statement=statement_of(row))


async def settle(
    connection: Connection, one: LeasedMail, token: UUID, state: str, *, error: str | None,
    again_in: timedelta,
) -> bool:  # fmt: skip
    """Note how it went, `sent`, `failed`, `dropped` or `waiting`; false where the lease was lost."""
    settled = await connection.fetchval(
        """
        UPDATE reader_mail SET state = $3, last_error = $4, lease_token = NULL,
                               due_at = clock_timestamp() + $5::interval
        WHERE id = $1 AND lease_token = $2 AND state = 'waiting' RETURNING true
        """,
        one.id,
        token,
        state,
        error,
        again_in,
    )
    return settled is not None


async def list_unsent(connection: Connection) -> list[tuple[str, int, str]]:
    """Site, how many and why: what was given up in the last two days, or failed three times and more."""
    rows = await connection.fetch(
        """
        SELECT site.slug, count(*)::int AS number, max(last_error) AS why
        FROM reader_mail AS it JOIN mail_recipient AS who ON who.id = it.recipient_id
        JOIN site ON site.id = who.site_id
        WHERE last_error IS NOT NULL AND it.created_at > clock_timestamp() - interval '2 days'
          AND (state = 'failed' OR state = 'waiting' AND attempts >= 3)
        GROUP BY site.slug ORDER BY site.slug
        """
    )
    return [(row["slug"], row["number"], row["why"]) for row in rows]


async def request_mail(connection: Connection, recipient_id: UUID, kind: str) -> None:
    """Have a mail sent that no decision asks for."""
    await connection.execute(
        "INSERT INTO reader_mail (recipient_id, kind) VALUES ($1, $2)", recipient_id, kind
    )
