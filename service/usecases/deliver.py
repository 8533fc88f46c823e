"""Delivers events to webhooks, at least once: leased, tried again with back-off, given up after days.

A worker that dies in the middle leaves a lease that ends. The message's id is the same on each try, so that
a receiver can discard what it has.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import structlog

from service.domain.alerts import AlertType
from service.outbound.errors import AskedToWait, NoAnswer, WrongStatus
from service.outbound.message import Message
from service.storage import deliveries
from service.storage.alerts import Alert
from service.storage.deliveries import LeasedDelivery
from service.storage.events import Event, order_events
from service.storage.pool import Connection, Pool, in_transaction, settled
from service.vault import WebhookVault

log = structlog.get_logger(__name__)

DEADLINE_S = 10.0
"""For one request, from the name to the end of the answer's head."""

LEASE = timedelta(seconds=30)
PATIENCE = timedelta(days=5)
"""A webhook that fails for so long is disabled, and a delivery that waits for so long is given up."""

FIRST_S, LONGEST_S = 5.0, 1800.0
LONGEST_ASKED_S = 86_400.0
EACH, MOST = 8, 32
EVENTS_AT_ONCE = 500

Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers what is due; `send` raises NoAnswer, `vault` is null where the keys are not configured."""

    pool: Pool
    vault: WebhookVault | None
    send: Send
    draw: Callable[[float, float], float] = random.uniform

    async def deliver_due(self) -> int:
        """Make deliveries of new events and try what is due, once; how many were tried."""
        if not await settled(self.pool, deliveries.is_any_webhook_on):
            return 0
        await settled(self.pool, lambda held: order_events(held, limit=EVENTS_AT_ONCE))
        await in_transaction(self.pool, deliveries.take_over_events)
        token = uuid4()

        async def lease(held: Connection) -> list[LeasedDelivery]:
            return await deliveries.lease_due(held, token, LEASE, each=EACH, most=MOST)

        leased = await in_transaction(self.pool, lease)
        await asyncio.gather(*(self._try(one, token) for one in leased))
        return len(leased)

    async def _try(self, one: LeasedDelivery, token: UUID) -> None:
        try:
            await self.send(self._message(one))
        except NoAnswer as error:
            await self._note_failure(one, token, error)
        except Exception as error:  # noqa: BLE001  (one message must not keep the others from being sent)
            log.error("a message could not be sent", error=type(error).__name__)  # noqa: TRY400
            await self._note_failure(one, token, Unforeseen())
        else:
            await self._note_success(one, token)

    async def _note_success(self, one: LeasedDelivery, token: UUID) -> None:
        await in_transaction(self.pool, lambda held: deliveries.settle_delivered(held, one, token))

    async def _note_failure(self, one: LeasedDelivery, token: UUID, error: NoAnswer) -> None:
        gone = isinstance(error, WrongStatus) and error.status == 410
        again_in = self.again_in_s(one.failures + 1)
        if isinstance(error, AskedToWait) and error.seconds:
            again_in = max(again_in, min(error.seconds, LONGEST_ASKED_S))
        log.info(
            "a webhook does not answer",
            webhook=str(one.webhook_id),
            attempt=one.attempts,
            error=type(error).__name__,
        )

        async def note(held: Connection) -> None:
            await deliveries.settle_failed(
                held,
                one,
                token,
                error.reason,
                again_in=timedelta(seconds=again_in),
                gone=gone,
                patience=PATIENCE,
            )

        await in_transaction(self.pool, note)

    def again_in_s(self, failures: int) -> float:
        """Exponential back-off with full jitter, never at once."""
        return max(0.5, self.draw(0.0, min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 20))))

    def _message(self, one: LeasedDelivery) -> Message:
        opened = [
            self.vault.open(kept.key_id, kept.sealed, one.site_id, one.webhook_id) if self.vault else None
            for kept in one.secrets
        ]
        secrets = [secret for secret in opened if secret is not None]
        if not secrets:
            raise CannotSign
        return Message(f"msg_{one.id.hex}", one.url, orjson.dumps(document(one)), secrets)


class Unforeseen(NoAnswer):
    """An error of ours; the log has its name."""

    reason = "it could not be sent"


class CannotSign(NoAnswer):
    """No key of ours opens its secret; an admin has to rotate it."""

    reason = "its secret cannot be opened: rotate it"


def document(one: LeasedDelivery) -> dict[str, Any]:
    """What a receiver gets; never anything of who sent the comment."""
    if one.alert is not None and one.alert_type is not None:
        at = one.alert.raised_at if one.alert_type == "alert.raised" else one.alert.ended_at
        return {
            "type": one.alert_type,
            "timestamp": at,
            "data": alert_data(one.alert, one.alert_type, one.site),
        }
    if one.event is None:
        return {"type": "webhook.test", "timestamp": one.created_at, "data": {"site": one.site}}
    return {"type": one.event.type, "timestamp": one.event.at, "data": event_data(one.event)}


def event_data(event: Event) -> dict[str, Any]:
    """An event for programs of others: what happened, not which of our people did it."""
    return {
        "id": str(event.comment_id),
        "site": event.site,
        "page_url": event.page_url,
        "status": event.status,
        "from_status": event.from_status,
        "version": event.version,
        "reason": event.reason,
        "source": event.source,
    }


def alert_data(alert: Alert, kind: AlertType, site: str) -> dict[str, Any]:
    """An alert for programs of others: figures, and nothing of any comment."""
    is_over = kind == "alert.ended"  # one that is told late of the beginning is told as it was then
    return {
        "id": str(alert.id),
        "site": site,
        "kind": alert.kind,
        "check": alert.subject or None,
        "threshold": alert.threshold,
        "value": alert.ended_value if is_over else alert.value,
        "raised_at": alert.raised_at,
        "ended_at": alert.ended_at if is_over else None,
    }
