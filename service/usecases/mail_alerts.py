"""Mails alerts to moderators, each recipient by itself: leased, tried again, given up after a day."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID, uuid4

import structlog

from service.domain.errors import StorageUnavailable
from service.domain.recipients import Recipients
from service.storage import alert_mails
from service.storage.alert_mails import LeasedMail
from service.storage.pool import Pool, in_transaction, settled
from service.usecases.alert_letter import alert_letter

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
PATIENCE = timedelta(days=1)
"""What is older says nothing that helps any more."""

FIRST_S, LONGEST_S = 10.0, 1800.0


class Unsent(Protocol):
    """What a way out says of a mail that it could not send."""

    reason: str
    for_good: bool


Send = Callable[[EmailMessage, str], Awaitable[Unsent | None]]
"""Hands a mail over for one address; what it answers is why not."""


@dataclass(frozen=True, slots=True)
class Postman:
    """Sends what is due; `sender` is an address and `public_url` where the dashboard is."""

    pool: Pool
    recipients: Recipients
    send: Send
    sender: str
    public_url: str
    draw: Callable[[float, float], float] = random.uniform

    async def mail_due(self) -> int:
        """Try what is due, once, one after the other; how many were tried."""
        if not await settled(self.pool, alert_mails.is_any_due):
            return 0
        token = uuid4()
        leased = await in_transaction(
            self.pool, lambda held: alert_mails.lease_due(held, token, LEASE, limit=1)
        )
        for one in leased:
            await self._try_or_note(one, token)
        return len(leased)

    async def _try_or_note(self, one: LeasedMail, token: UUID) -> None:
        try:
            await self._try(one, token)
        except StorageUnavailable:
            raise  # the lease ends by itself
        except Exception as error:  # noqa: BLE001  (one mail must not keep the others from being sent)
            log.error("a mail could not be sent", error=type(error).__name__)  # noqa: TRY400
            await self._settle(
                one, token, "waiting" if one.age < PATIENCE else "failed", "it could not be sent"
            )

    async def _try(self, one: LeasedMail, token: UUID) -> None:
        address = self.recipients.address(one.site, one.recipient)
        if address is None:
            await self._settle(one, token, "failed", "the settings do not name this recipient any more")
            return
        unsent = await self.send(alert_letter(one, self.sender, address, self.public_url), address)
        if unsent is None:
            await self._settle(one, token, "sent", None)
            return
        given_up = unsent.for_good or one.age > PATIENCE
        log.warning("a mail of an alert was not sent", site=one.site, attempt=one.attempts)
        await self._settle(one, token, "failed" if given_up else "waiting", unsent.reason)

    async def _settle(self, one: LeasedMail, token: UUID, state: str, error: str | None) -> None:
        again_in = timedelta(seconds=self.again_in_s(one.attempts)) if state == "waiting" else timedelta()
        await in_transaction(
            self.pool,
            lambda held: alert_mails.settle(held, one, token, state, error=error, again_in=again_in),
        )

    def again_in_s(self, attempts: int) -> float:
        """Exponential back-off with full jitter, never at once."""
        return max(1.0, self.draw(0.0, min(LONGEST_S, FIRST_S * 2.0 ** min(attempts, 20))))
