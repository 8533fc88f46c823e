"""Webhooks as admins keep them: where a publisher's programs want to be told of which events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from service.domain.alerts import ALERT_TYPES
from service.storage.pool import Connection

KINDS = ("published", "held", "rejected", "spam", "erased", "pending", "edited")
TYPES = (*(f"comment.{kind}" for kind in KINDS), *ALERT_TYPES)
"""What can be told of."""


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret under one of our keys."""

    key_id: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook and how it does; `disabled_why` is `admin`, `gone` (410) or `failing` (for days).

    `waiting` counts deliveries, up to a thousand.
    """

    site_id: int
    id: UUID
    url: str = field(repr=False)
    types: list[str]
    description: str
    failing_since: datetime | None
    last_error: str | None
    last_success_at: datetime | None
    disabled_at: datetime | None
    disabled_why: str | None
    old_until: datetime | None
    created_at: datetime
    waiting: int


async def insert_webhook(
    connection: Connection, site_id: int, webhook_id: UUID, *, url: str, types: Sequence[str],
    description: str, secret: SealedSecret, most: int,
) -> bool:  # fmt: skip
    """Add one, which is told of what happens from now on; false where the site has its `most`."""
    await connection.execute("SELECT FROM site WHERE id = $1 FOR NO KEY UPDATE", site_id)
    if await connection.fetchval("SELECT count(*) FROM webhook WHERE site_id = $1", site_id) >= most:
        return False
    await connection.fetchval("SELECT order_events(10000)")  # what is committed by now is before it
    await connection.execute(
        """
        INSERT INTO webhook (site_id, id, url, types, description, key_id, sealed, seen_seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT last_seq FROM event_order))
        """,
        site_id, webhook_id, url, list(types), description, secret.key_id, secret.sealed,
    )  # fmt: skip
    return True


async def list_webhooks(
    connection: Connection, site_id: int, webhook_id: UUID | None = None
) -> list[Webhook]:
    """The site's webhooks, or the one of that id, the oldest first."""
    rows = await connection.fetch(
        """
        SELECT site_id, id, url, types, description, failing_since, last_error, last_success_at, disabled_at,
               disabled_why, CASE WHEN old_until > clock_timestamp() THEN old_until END AS old_until,
               created_at,
               (SELECT count(*) FROM (SELECT FROM webhook_delivery AS one
                WHERE one.site_id = webhook.site_id AND one.webhook_id = webhook.id AND one.state = 'waiting'
                LIMIT 1000) AS some_of_them)::int AS waiting
        FROM webhook WHERE site_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY created_at, id
        """,
        site_id,
        webhook_id,
    )
    return [Webhook(**dict(row)) for row in rows]


async def list_ill(connection: Connection) -> list[tuple[str, UUID, str]]:
    """Site, id and why of those that the service has disabled, or that fail for more than an hour."""
    rows = await connection.fetch(
        """
        SELECT site.slug, webhook.id, coalesce(disabled_why, 'failing') AS why
        FROM webhook JOIN site ON site.id = webhook.site_id
        WHERE disabled_why IN ('gone', 'failing')
           OR disabled_at IS NULL AND failing_since < clock_timestamp() - interval '1 hour'
        ORDER BY slug, webhook.id
        """
    )
    return [(row["slug"], row["id"], row["why"]) for row in rows]


async def wants_alerts(connection: Connection, site_id: int) -> bool:
    """Whether a webhook of the site that is on is told of alerts that begin."""
    found = await connection.fetchval(
        """
        SELECT true FROM webhook
        WHERE site_id = $1 AND disabled_at IS NULL AND 'alert.raised' = ANY(types) LIMIT 1
        """,
        site_id,
    )
    return found is not None


async def change_webhook(
    connection: Connection, site_id: int, webhook_id: UUID, *, url: str | None, types: Sequence[str] | None,
    description: str | None,
) -> None:  # fmt: skip
    """Replace what is given."""
    await connection.execute(
        """
        UPDATE webhook SET url = coalesce($3, url), types = coalesce($4, types),
                           description = coalesce($5, description)
        WHERE site_id = $1 AND id = $2
        """,
        site_id, webhook_id, url, None if types is None else list(types), description,
    )  # fmt: skip


async def switch_off(connection: Connection, site_id: int, webhook_id: UUID) -> None:
    """An admin wants it to rest; what happens meanwhile waits for it."""
    await connection.execute(
        """
        UPDATE webhook SET disabled_at = clock_timestamp(), disabled_why = 'admin'
        WHERE site_id = $1 AND id = $2 AND disabled_at IS NULL
        """,
        site_id,
        webhook_id,
    )


async def switch_on(connection: Connection, site_id: int, webhook_id: UUID) -> None:
    """Go on where it stopped, at once."""
    await connection.execute(
        """
        UPDATE webhook SET disabled_at = NULL, disabled_why = NULL, failures = 0, failing_since = NULL,
                           retry_at = NULL
        WHERE site_id = $1 AND id = $2
        """,
        site_id,
        webhook_id,
    )
    await connection.execute(
        """
        UPDATE webhook_delivery SET due_at = clock_timestamp()
        WHERE site_id = $1 AND webhook_id = $2 AND state = 'waiting' AND due_at > clock_timestamp()
        """,
        site_id,
        webhook_id,
    )


async def delete_webhook(connection: Connection, site_id: int, webhook_id: UUID) -> bool:
    """Remove it with all its deliveries; whether it was there."""
    gone = await connection.fetchval(
        "DELETE FROM webhook WHERE site_id = $1 AND id = $2 RETURNING true", site_id, webhook_id
    )
    return gone is not None


async def rotate_secret(
    connection: Connection, site_id: int, webhook_id: UUID, secret: SealedSecret, overlap: timedelta
) -> None:
    """Sign by a new secret, and for so long by the one of before too."""
    await connection.execute(
        """
        UPDATE webhook SET old_key_id = key_id, old_sealed = sealed, key_id = $3, sealed = $4,
                           old_until = clock_timestamp() + $5::interval
        WHERE site_id = $1 AND id = $2
        """,
        site_id,
        webhook_id,
        secret.key_id,
        secret.sealed,
        overlap,
    )
