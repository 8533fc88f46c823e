"""What happens at the end of a connection does not end the worker."""

import pytest
from celery.worker.consumer import Consumer

from workers.consumer import TidyConsumer


class Collected:
    """A connection that kombu has collected already."""

    def __init__(self) -> None:
        self.tried = 0

    def close(self) -> None:
        self.tried += 1
        raise AttributeError("'NoneType' object has no attribute 'hostname'")


def test_a_lost_connection_that_cannot_be_closed_well_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def let_go(consumer: Consumer, _error: Exception) -> None:
        consumer.connection.close()

    monkeypatch.setattr(Consumer, "on_connection_error_after_connected", let_go)
    consumer = TidyConsumer.__new__(TidyConsumer)
    consumer.connection = lost = Collected()
    consumer.on_connection_error_after_connected(ConnectionError())
    assert lost.tried == 1
