"""The doorbell: tells the workers through Redis that there is work, and never what it is.

A ring is a hint: Postgres holds the work, and the scheduler rings again. So a ring is sent behind the
answer, in a thread, with short timeouts, and its failure is logged and forgotten.
"""

import asyncio
import contextlib
from typing import Any, Self

import structlog
from celery import Celery

log = structlog.get_logger(__name__)

CHECK_DUE = "replydesk.check_due"
SWEEP = "replydesk.sweep"
QUEUE = "replydesk"

RING_EXPIRES_S = 60
"""An older ring says nothing that the scheduler has not said since."""

RINGS_APART_S = 0.02
"""Rings within this time are one: a task drains everything that is due."""

VISIBILITY_S = 120
"""After this time Redis gives a message that was not taken off to another worker. The shortest of all apps on
one Redis counts, so all of ours say the same."""

WAITING_RINGS = 64
"""With so many before it a ring says nothing new: whoever takes one of them finds what is due by then.

More than there are processes that could take one, and few enough that a worker that was away for an hour is
not kept busy by what it was told meanwhile.
"""

TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_S,
    # Without these a publish to a frozen Redis blocks for ever.
    "socket_timeout": 2.0,
    "socket_connect_timeout": 1.0,
    "retry_on_timeout": False,
    "max_retries": 0,
}


def publisher(redis_url: str) -> Celery:
    """A Celery app that can only send."""
    app = Celery("replydesk-publisher", broker=redis_url, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        task_ignore_result=True,
        task_publish_retry=False,
        broker_connection_timeout=1.0,
        broker_transport_options=TRANSPORT_OPTIONS,
        broker_pool_limit=1,
    )
    return app


class Doorbell:
    """Rings for the web process; many rings close together become one."""

    def __init__(self, redis_url: str) -> None:
        self._app = publisher(redis_url)
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Say that there is work; returns at once and never fails."""
        self._rung.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._serve(), name="doorbell")
        return self

    async def __aexit__(self, *_exc: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await asyncio.to_thread(self._app.close)

    async def _serve(self) -> None:
        quiet = False
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await asyncio.to_thread(self._send)
            except Exception as error:  # noqa: BLE001  (whatever it is, the next ring may be heard)
                if not quiet:
                    log.warning("doorbell is silent", error=type(error).__name__)
                quiet = True
                await asyncio.sleep(1)
            else:
                quiet = False
                await asyncio.sleep(RINGS_APART_S)

    def _send(self) -> None:
        if self._waiting() < WAITING_RINGS:
            self._app.send_task(CHECK_DUE, queue=QUEUE, expires=RING_EXPIRES_S, ignore_result=True)

    def _waiting(self) -> int:
        """How many rings nobody has taken yet."""
        connections: Any = self._app.pool  # its type stub takes it for a pool of producers
        with connections.acquire(block=True, timeout=1.0) as connection:
            return int(connection.default_channel.client.llen(QUEUE))
