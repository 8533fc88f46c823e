"""The deliveries of events to webhooks: made of events, leased by workers, settled once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from service.domain.alerts import AlertType
from service.storage.alerts import Alert
from service.storage.events import Event
from service.storage.pool import Connection
from service.storage.webhooks import SealedSecret

AHEAD = 2000
"""So many places of the order of events are taken over at once."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as admins see it; `type` is null for a test."""

    id: UUID
    type: str | None
    comment_id: UUID | None
    state: str
    attempts: int
    due_at: datetime
    last_error: str | None
    delivered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LeasedDelivery:
    """A delivery that is ours for a while: of an event, an alert, or neither: a test."""

    site_id: int
    site: str
    webhook_id: UUID
    id: UUID
    url: str = field(repr=False)
    secrets: tuple[SealedSecret, ...]
    event: Event | None
    alert: Alert | None
    alert_type: AlertType | None
    attempts: int
    failures: int
    created_at: datetime


async def is_any_webhook_on(connection: Connection) -> bool:
    """Whether there is anything to do at all."""
    found = await connection.fetchval("SELECT true FROM webhook WHERE disabled_at IS NULL LIMIT 1")
    return found is not None


async def take_over_events(connection: Connection) -> int:
    """Make deliveries of the events that webhooks have not seen; how many webhooks moved on."""
    rows = await connection.fetch(
        """
        WITH hook AS (
            SELECT site_id, id, types, seen_seq, least(last_seq, seen_seq + $1) AS upto
            FROM webhook, event_order
            WHERE disabled_at IS NULL AND seen_seq < last_seq
            FOR UPDATE OF webhook SKIP LOCKED
        ), made AS (
            INSERT INTO webhook_delivery (site_id, webhook_id, event_id)
            SELECT hook.site_id, hook.id, event.id
            FROM hook JOIN event ON event.seq > hook.seen_seq AND event.seq <= hook.upto
                 AND event.site_id = hook.site_id AND event.type = ANY(hook.types)
            ON CONFLICT DO NOTHING
        )
        UPDATE webhook SET seen_seq = hook.upto FROM hook
        WHERE webhook.site_id = hook.site_id AND webhook.id = hook.id
        RETURNING 1
        """,
        AHEAD,
    )
    return len(rows)


async def lease_due(
    connection: Connection, token: UUID, lease: timedelta, *, each: int, most: int
) -> list[LeasedDelivery]:
    """Lease what is due, up to `each` of a webhook and `most` in all; of a webhook that fails only one."""
    await connection.execute(
        """
        WITH due AS (
            SELECT one.site_id, one.webhook_id, one.id
            FROM (SELECT * FROM webhook WHERE disabled_at IS NULL
                  AND (retry_at IS NULL OR retry_at <= clock_timestamp()) ORDER BY random()) AS hook
            CROSS JOIN LATERAL (
                SELECT site_id, webhook_id, id FROM webhook_delivery
                WHERE site_id = hook.site_id AND webhook_id = hook.id AND state = 'waiting'
                  AND due_at <= clock_timestamp()
                ORDER BY due_at LIMIT CASE WHEN hook.failures > 0 THEN 1 ELSE $3 END
                FOR UPDATE SKIP LOCKED
            ) AS one LIMIT $4
        )
        UPDATE webhook_delivery AS it
        SET due_at = clock_timestamp() + $2::interval, lease_token = $1, attempts = it.attempts + 1
        FROM due WHERE it.site_id = due.site_id AND it.webhook_id = due.webhook_id AND it.id = due.id
        """,
        token,
        lease,
        each,
        most,
    )
    return await _list_leased(connection, token)


async def _list_leased(connection: Connection, token: UUID) -> list[LeasedDelivery]:
    rows = await connection.fetch(
        """
        SELECT it.site_id, site.slug AS site, it.webhook_id, it.id, it.attempts, it.created_at, hook.url,
               hook.failures, hook.key_id, hook.sealed,
               CASE WHEN hook.old_until > clock_timestamp() THEN hook.old_key_id END AS old_key_id,
               hook.old_sealed, event.seq, event.comment_id, event.type, event.from_status, event.status,
               event.version, event.reason, event.source, event.at, page.url AS page_url,
               it.alert_type, it.alert_id, alert.kind, alert.subject, alert.threshold, alert.value,
               alert.raised_at, alert.ended_at, alert.ended_value
        FROM webhook_delivery AS it
        JOIN webhook AS hook ON hook.site_id = it.site_id AND hook.id = it.webhook_id
        JOIN site ON site.id = it.site_id
        LEFT JOIN alert ON alert.site_id = it.site_id AND alert.id = it.alert_id
        LEFT JOIN event ON event.id = it.event_id
        LEFT JOIN comment ON comment.site_id = event.site_id AND comment.id = event.comment_id
        LEFT JOIN page ON page.site_id = comment.site_id AND page.id = comment.page_id
        WHERE it.lease_token = $1 AND it.state = 'waiting' AND it.due_at > clock_timestamp()
        """,
        token,
    )
    return [_leased(dict(row)) for row in rows]


_OF_EVENT = (
    "seq",
    "comment_id",
    "type",
    "from_status",
    "status",
    "version",
    "reason",
    "source",
    "at",
    "page_url",
)
_OF_ALERT = ("kind", "subject", "threshold", "value", "raised_at", "ended_at", "ended_value")


def _leased(row: dict[str, Any]) -> LeasedDelivery:
    told = {name: row.pop(name) for name in _OF_EVENT}
    alert, alert_id = {name: row.pop(name) for name in _OF_ALERT}, row.pop("alert_id")
    secrets = [SealedSecret(row.pop("key_id"), row.pop("sealed"))]
    old_key_id, old_sealed = row.pop("old_key_id"), row.pop("old_sealed")
    if old_key_id is not None:
        secrets.append(SealedSecret(old_key_id, old_sealed))
    site_id = row["site_id"]
    return LeasedDelivery(
        **row,
        secrets=tuple(secrets),
        event=Event(**told, site_id=site_id, site=row["site"], moderator=None) if told["seq"] else None,
        alert=Alert(**alert, site_id=site_id, id=alert_id) if alert_id else None,
    )


async def settle_delivered(connection: Connection, one: LeasedDelivery, token: UUID) -> bool:
    """Note that it arrived, and that its webhook is well; false where the lease was lost."""
    if not await _settle(connection, one, token, "delivered", None, timedelta()):
        return False
    before = await connection.fetchval(
        """
        UPDATE webhook AS it SET failures = 0, failing_since = NULL, retry_at = NULL, last_error = NULL,
                                 last_success_at = clock_timestamp()
        FROM (SELECT failures FROM webhook WHERE site_id = $1 AND id = $2 FOR UPDATE) AS old
        WHERE it.site_id = $1 AND it.id = $2 RETURNING old.failures
        """,
        one.site_id,
        one.webhook_id,
    )
    if before and before >= 3:  # it was down, not that one delivery: what waits for it need not wait longer
        await connection.execute(
            """
            UPDATE webhook_delivery SET due_at = clock_timestamp()
            WHERE site_id = $1 AND webhook_id = $2 AND state = 'waiting' AND lease_token IS NULL
            """,
            one.site_id,
            one.webhook_id,
        )
    return True


async def settle_failed(
    connection: Connection, one: LeasedDelivery, token: UUID, error: str, *, again_in: timedelta,
    gone: bool, patience: timedelta,
) -> None:  # fmt: skip
    """Note why it did not arrive and when to try again.

    What has waited for longer than `patience` is given up; a webhook that fails for so long, or is `gone`,
    is disabled.
    """
    state = "failed" if not gone and await _is_older(connection, one, patience) else "waiting"
    if not await _settle(connection, one, token, state, error, again_in):
        return
    await connection.execute(
        """
        UPDATE webhook SET failures = failures + 1, last_error = $3,
            retry_at = clock_timestamp() + $4::interval,
            failing_since = coalesce(failing_since, clock_timestamp()),
            disabled_at = CASE WHEN $5 OR failing_since < clock_timestamp() - $6::interval
                               THEN coalesce(disabled_at, clock_timestamp()) ELSE disabled_at END,
            disabled_why = CASE WHEN disabled_why IS NOT NULL THEN disabled_why WHEN $5 THEN 'gone'
                                WHEN failing_since < clock_timestamp() - $6::interval THEN 'failing' END
        WHERE site_id = $1 AND id = $2
        """,
        one.site_id,
        one.webhook_id,
        error,
        again_in,
        gone,
        patience,
    )


async def _is_older(connection: Connection, one: LeasedDelivery, patience: timedelta) -> bool:
    older: bool = await connection.fetchval(
        "SELECT $1 < clock_timestamp() - $2::interval", one.created_at, patience
    )
    return older


async def _settle(
    connection: Connection,
    one: LeasedDelivery,
    token: UUID,
    state: str,
    error: str | None,
    again_in: timedelta,
) -> bool:
    settled = await connection.fetchval(
        """
        UPDATE webhook_delivery
        SET state = $5, last_error = $6, lease_token = NULL, due_at = clock_timestamp() + $7::interval,
            delivered_at = CASE WHEN $5 = 'delivered' THEN clock_timestamp() ELSE delivered_at END
        WHERE site_id = $1 AND webhook_id = $2 AND id = $3 AND lease_token = $4 AND state = 'waiting'
        RETURNING true
        """,
        one.site_id,
        one.webhook_id,
        one.id,
        token,
        state,
        error,
        again_in,
    )
    return settled is not None


async def list_deliveries(
    connection: Connection, site_id: int, webhook_id: UUID, *, limit: int
) -> list[Delivery]:
    """The newest deliveries."""
    rows = await connection.fetch(
        """
        SELECT it.id, coalesce(event.type, it.alert_type) AS type, event.comment_id, state,
               attempts, due_at, last_error, delivered_at, created_at
        FROM webhook_delivery AS it LEFT JOIN event ON event.id = it.event_id
        WHERE it.site_id = $1 AND webhook_id = $2 ORDER BY created_at DESC, it.id LIMIT $3
        """,
        site_id,
        webhook_id,
        limit,
    )
    return [Delivery(**dict(row)) for row in rows]


async def insert_test(connection: Connection, site_id: int, webhook_id: UUID) -> UUID:
    """Have a test delivered; its id."""
    made: UUID = await connection.fetchval(
        "INSERT INTO webhook_delivery (site_id, webhook_id) VALUES ($1, $2) RETURNING id", site_id, webhook_id
    )
    return made


async def replay_one(connection: Connection, site_id: int, webhook_id: UUID, delivery_id: UUID) -> int:
    """Deliver that one again, under the same id; how many there were."""
    rows = await connection.fetch(
        """
        UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = clock_timestamp()
        WHERE site_id = $1 AND webhook_id = $2 AND id = $3 RETURNING 1
        """,
        site_id,
        webhook_id,
        delivery_id,
    )
    return len(rows)


async def replay_since(
    connection: Connection, site_id: int, webhook_id: UUID, since: datetime, *, limit: int
) -> int:
    """Deliver every event since then again, what was never delivered included; how many there are."""
    rows = await connection.fetch(
        """
        INSERT INTO webhook_delivery (site_id, webhook_id, event_id)
        SELECT event.site_id, hook.id, event.id
        FROM webhook AS hook JOIN event ON event.site_id = hook.site_id AND event.type = ANY(hook.types)
             AND event.seq <= hook.seen_seq AND event.at >= $3
        WHERE hook.site_id = $1 AND hook.id = $2 ORDER BY event.seq LIMIT $4
        ON CONFLICT ON CONSTRAINT webhook_delivery_once
        DO UPDATE SET state = 'waiting', attempts = 0, due_at = clock_timestamp()
        RETURNING 1
        """,
        site_id,
        webhook_id,
        since,
        limit,
    )
    return len(rows)
