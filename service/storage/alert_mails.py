"""The outbox of mail about alerts: leased by workers, settled once; recipients are digests of addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from service.domain.alerts import AlertType
from service.storage.alerts import Alert
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class LeasedMail:
    """A mail that is ours for a while; `age` since it was written."""

    alert: Alert
    site: str
    site_name: str
    type: AlertType
    recipient: bytes = field(repr=False)
    attempts: int
    age: timedelta


async def insert_mails(
    connection: Connection, site_id: int, alert_id: UUID, kind: AlertType, recipients: Sequence[bytes]
) -> None:
    """Have each of them told."""
    await connection.execute(
        """
        INSERT INTO alert_mail (site_id, alert_id, type, recipient)
        SELECT $1, $2, $3, unnest($4::bytea[])
        """,
        site_id,
        alert_id,
        kind,
        list(recipients),
    )


async def is_any_due(connection: Connection) -> bool:
    """Whether there is anything to send now."""
    found = await connection.fetchval(
        "SELECT true FROM alert_mail WHERE state = 'waiting' AND due_at <= clock_timestamp() LIMIT 1"
    )
    return found is not None


async def lease_due(connection: Connection, token: UUID, lease: timedelta, *, limit: int) -> list[LeasedMail]:
    """Lease what is due, the first first."""
    rows = await connection.fetch(
        """
        WITH due AS (
            SELECT site_id, alert_id, type, recipient FROM alert_mail
            WHERE state = 'waiting' AND due_at <= clock_timestamp()
            ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        UPDATE alert_mail AS it
        SET due_at = clock_timestamp() + $2::interval, lease_token = $1, attempts = it.attempts + 1
        FROM due, alert, site
        WHERE (it.site_id, it.alert_id, it.type, it.recipient)
              = (due.site_id, due.alert_id, due.type, due.recipient)
          AND alert.site_id = it.site_id AND alert.id = it.alert_id AND site.id = it.site_id
        RETURNING it.type, it.recipient, it.attempts, clock_timestamp() - it.created_at AS age,
                  site.slug AS site, site.name AS site_name, alert.site_id, alert.id, alert.kind,
                  alert.subject, alert.threshold, alert.value, alert.raised_at, alert.ended_at,
                  alert.ended_value
        """,
        token,
        lease,
        limit,
    )
    own = ("type", "recipient", "attempts", "age", "site", "site_name")
    found = [dict(row) for row in rows]
    return [LeasedMail(**{name: row.pop(name) for name in own}, alert=Alert(**row)) for row in found]


async def settle(
    connection: Connection, one: LeasedMail, token: UUID, state: str, *, error: str | None,
    again_in: timedelta,
) -> bool:  # fmt: skip
    """Note how it went, `sent`, `failed` or `waiting` for the next try; false where the lease was lost."""
    settled = await connection.fetchval(
        """
        UPDATE alert_mail SET state = $6, last_error = $7, lease_token = NULL,
                              due_at = clock_timestamp() + $8::interval
        WHERE site_id = $1 AND alert_id = $2 AND type = $3 AND recipient = $4 AND lease_token = $5
          AND state = 'waiting'
        RETURNING true
        """,
        one.alert.site_id,
        one.alert.id,
        one.type,
        one.recipient,
        token,
        state,
        error,
        again_in,
    )
    return settled is not None


async def list_unsent(connection: Connection) -> list[tuple[str, int, str]]:
    """Site, how many and why: what was given up in the last day, or failed three times and more."""
    rows = await connection.fetch(
        """
        SELECT site.slug, count(*)::int AS number, max(last_error) AS why
        FROM alert_mail JOIN site ON site.id = alert_mail.site_id
        WHERE last_error IS NOT NULL AND alert_mail.created_at > clock_timestamp() - interval '2 days'
          AND (state = 'failed' OR state = 'waiting' AND attempts >= 3)
        GROUP BY site.slug ORDER BY site.slug
        """
    )
    return [(row["slug"], row["number"], row["why"]) for row in rows]
