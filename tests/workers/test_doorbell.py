"""A bell that hangs, breaks or is refused disturbs nobody, and rings again when Redis is back."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from redis import Redis

from service import dispatch
from service.dispatch import QUEUE, Doorbell
from service.embedded.ports import free_port
from tests.factories import until


class Pulse:
    """Beats on the event loop; `longest` is the longest time that somebody kept the loop to himself."""

    longest = 0.0

    async def beat(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.monotonic() - before)


@contextlib.asynccontextmanager
async def pulse() -> AsyncIterator[Pulse]:
    one = Pulse()
    beating = asyncio.create_task(one.beat())
    try:
        yield one
    finally:
        beating.cancel()


async def rung(redis_url: str) -> bool:
    def look() -> bool:
        with Redis.from_url(redis_url, socket_timeout=1) as client:
            return bool(client.llen(QUEUE))

    return await asyncio.to_thread(look)


async def ring_until_heard(bell: Doorbell, redis_url: str) -> None:
    async def heard() -> bool:
        bell.ring()
        return await rung(redis_url)

    await until(heard, seconds=20)


async def serve_failures(bell: Doorbell, number: int) -> None:
    """Ring until the bell has tried that often (it says so by taking the ring)."""
    for _ in range(number):
        bell.ring()
        await until(lambda: taken(bell), seconds=20)


async def taken(bell: Doorbell) -> bool:
    return not bell._rung.is_set()


async def test_a_redis_that_is_not_there_is_no_error_and_blocks_nobody() -> None:
    started = time.monotonic()
    async with pulse() as loop, Doorbell(f"redis://127.0.0.1:{free_port()}") as bell:
        for _ in range(1000):
            bell.ring()
        await serve_failures(bell, 2)
    assert loop.longest < 0.5
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("password", ["", "not-the-password"])
async def test_a_redis_that_refuses_the_password_is_no_error(password: str, redis_url: str) -> None:
    at = urlsplit(redis_url)
    wrong = f"redis://{f':{password}@' if password else ''}{at.hostname}:{at.port}/0"
    async with Doorbell(wrong) as bell:
        await serve_failures(bell, 2)
        assert bell._task is not None
        assert not bell._task.done()


async def test_a_redis_that_is_full_is_no_error_and_is_rung_again_when_there_is_room(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        before = client.config_get("maxmemory")["maxmemory"]
        async with Doorbell(redis_url) as bell:
            client.config_set("maxmemory", "1")
            try:
                await serve_failures(bell, 2)
            finally:
                client.config_set("maxmemory", before)
            await ring_until_heard(bell, redis_url)


async def test_rings_that_nobody_takes_do_not_heap_up(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "WAITING_RINGS", 3)
    with Redis.from_url(redis_url) as client:
        async with Doorbell(redis_url) as bell:
            for _ in range(8):
                bell._send()
            assert client.llen(QUEUE) == 3
            client.delete(QUEUE)
            bell._send()
            assert client.llen(QUEUE) == 1


async def test_no_failure_whatever_it_is_ends_the_bell(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_bell: Doorbell) -> None:
        raise RuntimeError

    async with Doorbell(redis_url) as bell:
        with monkeypatch.context() as patch:
            patch.setattr(Doorbell, "_send", fail)
            await serve_failures(bell, 2)
        await ring_until_heard(bell, redis_url)


async def test_a_frozen_redis_blocks_neither_the_loop_nor_the_end_and_is_rung_again_after(
    redis_url: str,
) -> None:
    with Redis.from_url(redis_url) as client:
        pid = int(client.info("server")["process_id"])
    async with pulse() as loop, Doorbell(redis_url) as bell:
        await ring_until_heard(bell, redis_url)
        os.kill(pid, signal.SIGSTOP)
        try:
            started = time.monotonic()
            bell.ring()
            assert time.monotonic() - started < 0.05
            await serve_failures(bell, 2)  # the second one is taken when the first has timed out
            assert 1 < time.monotonic() - started < 6
        finally:
            os.kill(pid, signal.SIGCONT)
        with Redis.from_url(redis_url) as client:
            client.delete(QUEUE)
        await ring_until_heard(bell, redis_url)
    assert loop.longest < 0.5


async def test_the_end_of_the_web_process_does_not_wait_long_for_a_frozen_redis(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        pid = int(client.info("server")["process_id"])
    async with Doorbell(redis_url) as bell:
        await ring_until_heard(bell, redis_url)
        os.kill(pid, signal.SIGSTOP)
        bell.ring()
        await asyncio.sleep(0.1)  # it is sending now
        started = time.monotonic()
        waking = asyncio.get_running_loop().call_later(8, os.kill, pid, signal.SIGCONT)
    try:
        assert time.monotonic() - started < 5
    finally:
        waking.cancel()
        os.kill(pid, signal.SIGCONT)
