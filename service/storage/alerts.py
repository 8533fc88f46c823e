"""Alerts of sites: what they are worked out of, which there are, and whom they are told to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.domain.alerts import LATEST, AlertType, Key, Kind, Reading
from service.storage.check_figures import first_id_since
from service.storage.pool import Connection

_OLDEST_LOOKED_AT = 200
"""The comments that came first are mostly those that are held for longest."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that stands or has ended; `subject` is a check's name, `value` what was found first."""

    site_id: int
    id: UUID
    kind: Kind
    subject: str
    threshold: int
    value: int
    raised_at: datetime
    ended_at: datetime | None = None
    ended_value: int | None = None

    @property
    def key(self) -> Key:
        """There is one of each at a time."""
        return self.kind, self.subject


async def lock_alerts(connection: Connection) -> None:
    """Be the only one who works them out, until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('alerts', 0))")


async def list_standing(connection: Connection) -> list[Alert]:
    """Those that have not ended, of every site."""
    rows = await connection.fetch(
        """
        SELECT site_id, id, kind, subject, threshold, value, raised_at FROM alert
        WHERE ended_at IS NULL ORDER BY raised_at, id
        """
    )
    return [Alert(**dict(row)) for row in rows]


async def list_alerts(connection: Connection, site_id: int, *, limit: int) -> list[Alert]:
    """Those of a site that stand, then those that ended, the newest first."""
    rows = await connection.fetch(
        """
        SELECT site_id, id, kind, subject, threshold, value, raised_at, ended_at, ended_value
        FROM alert WHERE site_id = $1 ORDER BY ended_at IS NOT NULL, raised_at DESC, id LIMIT $2
        """,
        site_id,
        limit,
    )
    return [Alert(**dict(row)) for row in rows]


async def minutes_held(connection: Connection, site_id: int) -> int:
    """For how many minutes, begun ones too, the first of the queue are held at most; 0 where none is."""
    minutes: int = await connection.fetchval(
        """
        SELECT coalesce(ceil(extract(epoch FROM clock_timestamp() - min(since)) / 60), 0)::int
        FROM (SELECT coalesce(decided_at, submitted_at) AS since FROM comment
              WHERE site_id = $1 AND status = 'held' AND reason IS DISTINCT FROM 'awaiting_confirmation'
              ORDER BY submitted_at LIMIT $2) AS first
        """,
        site_id,
        _OLDEST_LOOKED_AT,
    )
    return max(minutes, 0)


async def latest_answers(connection: Connection, site_id: int) -> dict[str, list[bool]]:
    """Of the latest checked comments of a day: by check whether it gave no answer, the newest first."""
    rows = await connection.fetch(
        """
        WITH latest AS MATERIALIZED (
            SELECT site_id, id FROM comment
            WHERE site_id = $1 AND id >= $2 AND status <> 'pending' ORDER BY id DESC LIMIT $3
        )
        SELECT finding ->> 'check' AS name, finding ->> 'outcome' = 'unknown' AS failed
        FROM latest CROSS JOIN LATERAL (
            SELECT findings FROM decision
            WHERE site_id = latest.site_id AND comment_id = latest.id AND source = 'checks'
            ORDER BY decision.id DESC LIMIT 1
        ) AS said CROSS JOIN LATERAL jsonb_array_elements(said.findings) AS finding
        ORDER BY latest.id DESC
        """,
        site_id,
        first_id_since(timedelta(days=1)),
        LATEST,
    )
    answers: dict[str, list[bool]] = {}
    for row in rows:
        answers.setdefault(row["name"], []).append(row["failed"])
    return answers


async def insert_alert(connection: Connection, site_id: int, reading: Reading) -> UUID:
    """Raise one; its id."""
    made: UUID = await connection.fetchval(
        """
        INSERT INTO alert (site_id, kind, subject, threshold, value) VALUES ($1, $2, $3, $4, $5) RETURNING id
        """,
        site_id,
        reading.kind,
        reading.subject,
        reading.threshold,
        reading.value,
    )
    return made


async def end_alert(connection: Connection, alert: Alert, value: int | None) -> None:
    """It is over; `value` is what was found now, null where nobody looks any more."""
    await connection.execute(
        "UPDATE alert SET ended_at = clock_timestamp(), ended_value = $3 WHERE site_id = $1 AND id = $2",
        alert.site_id,
        alert.id,
        value,
    )


async def tell_webhooks(connection: Connection, site_id: int, alert_id: UUID, kind: AlertType) -> None:
    """Have it delivered to the site's webhooks that want it; to one that rests when it goes on."""
    await connection.execute(
        """
        INSERT INTO webhook_delivery (site_id, webhook_id, alert_id, alert_type)
        SELECT site_id, id, $2, $3 FROM webhook WHERE site_id = $1 AND $3 = ANY(types)
        """,
        site_id,
        alert_id,
        kind,
    )


async def drop_old_alerts(connection: Connection, up_to: int) -> int:
    """Forget those that ended more than 30 days ago, with what was told of them; how many went."""
    rows: Sequence[object] = await connection.fetch(
        """
        DELETE FROM alert WHERE (site_id, id) IN (
            SELECT site_id, id FROM alert WHERE ended_at < clock_timestamp() - interval '30 days' LIMIT $1)
        RETURNING 1
        """,
        up_to,
    )
    return len(rows)
