"""Celery's consumer, which outlives what goes wrong while connections to Redis end and begin."""

from functools import partial
from typing import Any

import celery.worker.consumer
import structlog
from kombu.common import ignore_errors

log = structlog.get_logger(__name__)

_Consumer: Any = celery.worker.consumer.Consumer  # its type stub does not know what is used here


class TidyConsumer(_Consumer):  # type: ignore[misc]
    """Repairs two habits of Celery 5.7 that `make faults` found.

    A connection that Redis refused a command while it was being made (Redis is full) is forgotten and not
    closed, about five times a second: two sockets are lost each time, until no descriptor is left.

    A connection that is lost while a message is not yet acknowledged is collected and then closed, and kombu
    wants to give the message back through what it has collected: the AttributeError ends the worker.
    """

    def connect(self) -> Any:
        """A connection that is part of the event loop; raises what Redis answers."""
        connection = self.connection_for_read(heartbeat=self.amqheartbeat)
        try:
            if self.hub:
                connection.transport.register_with_event_loop(connection.connection, self.hub)
        except Exception:
            ignore_errors(connection, connection.close)
            raise
        return connection

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Let go of a lost connection; whatever its end meets is no reason to end."""
        if self.connection:
            self.connection.close = partial(_close, self.connection)
        super().on_connection_error_after_connected(exc)


def _close(lost: Any) -> None:
    try:
        type(lost).close(lost)
    except Exception as error:  # noqa: BLE001  (rings may be lost with it: they are rung again)
        log.warning("a lost connection did not close well", error=type(error).__name__)
