"""A thread of the worker's first process that delivers to webhooks and mails; several share the work."""

import asyncio
import threading
from typing import Any

import structlog

from service.domain.errors import StorageUnavailable
from service.keyring import Keyring
from service.outbound.message import Message
from service.settings import Settings
from service.storage.deliveries import is_any_webhook_on
from service.storage.pool import Pool, open_pool, settled
from service.usecases.deliver import DEADLINE_S, Courier
from service.usecases.mailing import Postman
from service.vault import WebhookVault
from workers.mail import postmen_of

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
AWAY_S = 5.0


class CourierThread(threading.Thread):
    """Looks once a second for what is due, and at once again where there was something."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="courier", daemon=True)
        self._settings = settings
        self._ended = threading.Event()

    def end(self) -> None:
        """Deliver no more; what is under way has leases."""
        self._ended.set()

    def run(self) -> None:
        """Until `end`, or the end of the process."""
        while not self._ended.is_set():
            try:
                asyncio.run(self._work())
            except StorageUnavailable:
                self._ended.wait(AWAY_S)
            except Exception as error:  # noqa: BLE001  (whatever it was, the next look may do better)
                log.warning("delivering failed", error=type(error).__name__)
                self._ended.wait(AWAY_S)

    async def _work(self) -> None:
        url = self._settings.database_url.get_secret_value()
        pool = await open_pool(url, "replydesk_worker", size=2, name="courier", min_size=0)
        try:
            postmen = postmen_of(self._settings, pool)
            await asyncio.gather(self._deliver(pool), *map(self._mail, postmen))
        finally:
            pool.terminate()

    async def _deliver(self, pool: Pool) -> None:
        courier = Courier(pool, self._vault(), self._send)
        while not self._ended.is_set():
            is_busy = await settled(pool, is_any_webhook_on) and await courier.deliver_due() > 0
            if not is_busy:
                await asyncio.sleep(LOOK_EVERY_S)

    async def _mail(self, postman: Postman[Any]) -> None:
        while not self._ended.is_set():
            if not await postman.mail_due():
                await asyncio.sleep(LOOK_EVERY_S)

    def _vault(self) -> WebhookVault | None:
        keys = self._settings.submitted_keys.get_secret_value()
        return WebhookVault(Keyring.parse(keys)) if keys else None

    async def _send(self, message: Message) -> None:
        # Imported where something is sent: the client of HTTP takes memory in every worker.
        from service.outbound.client import Rules
        from service.outbound.webhooks import deliver

        await deliver(message, Rules(networks=self._settings.outbound_networks, deadline_s=DEADLINE_S))
