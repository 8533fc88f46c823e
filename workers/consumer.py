"""Celery's consumer, which leaves no half-made connection behind."""

from typing import Any

import celery.worker.consumer
from kombu.common import ignore_errors

_Consumer: Any = celery.worker.consumer.Consumer  # its type stub does not know what is used here


class TidyConsumer(_Consumer):  # type: ignore[misc]
    """Closes the connection to Redis that it was making when Redis refused a command.

    Celery forgets it and makes another one, about five times a second while Redis is full: two sockets are
    lost each time, until the process has no descriptor left.
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
