"""What happens at the end of a connection does not end the worker."""

from types import SimpleNamespace
from typing import Any

import pytest
from celery.worker.consumer import Consumer
from celery.worker.state import active_requests, reserved_requests
from kombu.asynchronous import Hub

from workers.consumer import TidyConsumer


class Collected:
    """A connection that kombu has collected already."""

    def __init__(self) -> None:
        self.tried = 0

    def close(self) -> None:
        self.tried += 1
        raise AttributeError("'NoneType' object has no attribute 'hostname'")


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A consumer without a worker; a lost connection is closed, which is what counts here."""

    def let_go(of: Consumer, _error: Exception) -> None:
        of.connection.close()

    monkeypatch.setattr(Consumer, "on_connection_error_after_connected", let_go)
    made = TidyConsumer.__new__(TidyConsumer)
    made.hub, made.amqheartbeat = Hub(), None
    yield made
    made.hub.close()


def test_a_lost_connection_that_cannot_be_closed_well_is_let_go(consumer: Any) -> None:
    consumer.connection = lost = Collected()
    consumer.on_connection_error_after_connected(ConnectionError())
    assert lost.tried == 1


def test_a_lost_connection_has_no_turn_in_the_event_loop_any_more(consumer: Any) -> None:
    def of_the_pool() -> None: ...

    consumer.hub.on_tick.add(of_the_pool)
    for _ in range(3):
        consumer.connection_for_read = lambda **_: joining(consumer.hub)
        consumer.connection = consumer.connect()
        assert len(consumer.hub.on_tick) == 2
        consumer.on_connection_error_after_connected(ConnectionError())
        assert consumer.hub.on_tick == {of_the_pool}


class Ended:
    """A task's message whose channel has gone."""

    def _on_ack(self, *_: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'transport_options'")

    _on_reject = _on_ack


@pytest.mark.parametrize("requests", [active_requests, reserved_requests])
def test_a_task_that_ended_in_the_moment_of_the_loss_is_not_acknowledged_over_it(
    consumer: Any, requests: set[Any]
) -> None:
    ended = Ended()
    requests.add(ended)
    consumer.connection = Collected()
    consumer.on_connection_error_after_connected(ConnectionError())
    requests.discard(ended)
    ended._on_ack(None, ())
    ended._on_reject(None, (), False)


def test_a_connection_that_could_not_be_made_has_no_turn(consumer: Any) -> None:
    consumer.connection_for_read = lambda **_: joining(consumer.hub, MemoryError())
    with pytest.raises(MemoryError):
        consumer.connect()
    assert not consumer.hub.on_tick


def joining(hub: Hub, failure: Exception | None = None) -> Any:
    """A connection that takes part in the event loop as kombu's do."""

    def register(_connection: object, loop: Hub) -> None:
        loop.on_tick.add(lambda: None)
        if failure:
            raise failure

    closed: list[bool] = []
    return SimpleNamespace(
        transport=SimpleNamespace(register_with_event_loop=register),
        connection=None,
        close=lambda: closed.append(True),
        connection_errors=(),
        channel_errors=(),
    )
