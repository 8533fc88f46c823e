"""What happens to a child of the pool does not end the worker."""

import os
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from kombu.asynchronous import Hub

from workers.pool import TidyPool


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    yield made
    made.close()


@pytest.fixture
def pool() -> TidyPool:
    """A pool without processes, of which these tests need none."""
    return TidyPool.__new__(TidyPool)


def test_a_child_that_was_seen_to_end_is_not_watched_anew(pool: TidyPool, hub: Hub) -> None:
    pool._track_child_process(SimpleNamespace(_sentinel_poll=None), hub)
    assert not hub.readers


def test_a_child_that_runs_is_watched(pool: TidyPool, hub: Hub) -> None:
    reading, writing = os.pipe()
    child = SimpleNamespace(_popen=SimpleNamespace(sentinel=reading))
    pool._track_child_process(child, hub)
    assert list(hub.readers) == [child._sentinel_poll]
    for descriptor in (reading, writing, child._sentinel_poll):
        os.close(descriptor)
