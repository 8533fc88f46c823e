"""Celery's consumer, which outlives what goes wrong while connections to Redis end and begin."""

from functools import partial
from typing import Any

import celery.worker.consumer
import structlog
from celery.worker.state import active_requests, reserved_requests
from kombu.common import ignore_errors

log = structlog.get_logger(__name__)

_Consumer: Any = celery.worker.consumer.Consumer  # its type stub does not know what is used here


class TidyConsumer(_Consumer):  # type: ignore[misc]
    """Repairs four habits of Celery 5.7 and kombu 5.7 that `make faults` and `make soak` found.

    A connection that Redis refused a command while it was being made (Redis is full) is forgotten and not
    closed, about five times a second: two sockets are lost each time, until no descriptor is left.

    A connection that is lost while a message is not yet acknowledged is collected and then closed, and kombu
    wants to give the message back through what it has collected: the AttributeError ends the worker.

    What a connection does in each turn of the event loop stays there when the connection is gone. Where it
    did not close well it still has a channel: the AttributeError ends the worker in the next turn.

    A task that ended in the moment of the loss is acknowledged when its result is read, over the connection
    that is lost: the AttributeError ends the worker.
    """

    _turns: frozenset[Any] = frozenset()
    """What the present connection does in each turn of the event loop."""

    def connect(self) -> Any:
        """A connection that is part of the event loop; raises what Redis answers."""
        connection = self.connection_for_read(heartbeat=self.amqheartbeat)
        if not self.hub:
            return connection
        before = frozenset(self.hub.on_tick)
        try:
            connection.transport.register_with_event_loop(connection.connection, self.hub)
        except Exception:
            self.hub.on_tick &= before
            ignore_errors(connection, connection.close)
            raise
        self._turns = frozenset(self.hub.on_tick - before)
        return connection

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Let go of a lost connection; whatever its end meets is no reason to end."""
        if self.hub:
            self.hub.on_tick -= self._turns
        for request in (*active_requests, *reserved_requests):
            request._on_ack = request._on_reject = _nothing  # noqa: SLF001  (Redis brings the message again)
        if self.connection:
            self.connection.close = partial(_close, self.connection)
        super().on_connection_error_after_connected(exc)


def _nothing(*_: Any) -> None:
    """To a lost connection there is nothing to say."""


def _close(lost: Any) -> None:
    try:
        type(lost).close(lost)
    except Exception as error:  # noqa: BLE001  (rings may be lost with it: they are rung again)
        log.warning("a lost connection did not close well", error=type(error).__name__)
