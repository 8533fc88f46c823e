"""The limiter against a real Redis, and against one that is away."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from service.limits.limit import Limit
from service.limits.local_counters import LocalCounters
from service.limits.rate_limiter import RateLimiter
from service.limits.redis_counters import KEY_PREFIX, RedisCounters, limiter_client


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


BOUND_S = 2.5
"""Well above the quarter of a second that is meant, well below the wait that it guards against."""


def patient_limiter(redis_url: str) -> RateLimiter:
    """One that does not turn to its own counters because this machine is busy."""
    client = Redis.from_url(redis_url, socket_timeout=30, socket_connect_timeout=30)
    return RateLimiter(RedisCounters(client), patience_s=30)


@pytest.fixture
async def limiter(redis_url: str) -> AsyncIterator[RateLimiter]:
    limiter = patient_limiter(redis_url)
    yield limiter
    await limiter.close()


@pytest.fixture
def key() -> str:
    return uuid.uuid4().hex


async def allowed_of(limiter: RateLimiter, key: str, limit: Limit, times: int) -> int:
    return sum([(await limiter.take({key: limit})).allowed for _ in range(times)])


@pytest.mark.parametrize("limit", [Limit(1, 60), Limit(7, 60), Limit(30, 60), Limit(600, 3600)])
async def test_exactly_the_count_passes_at_once(limiter: RateLimiter, key: str, limit: Limit) -> None:
    assert await allowed_of(limiter, key, limit, limit.count) == limit.count
    refusal = await limiter.take({key: limit})
    assert refusal.refused_key == key
    assert 1 <= refusal.retry_after <= limit.seconds
    assert not limiter.degraded


async def test_what_comes_after_the_wait_that_was_told_passes(limiter: RateLimiter, key: str) -> None:
    limit = Limit(2, 2)
    assert await allowed_of(limiter, key, limit, 3) == 2
    refusal = await limiter.take({key: limit})
    await asyncio.sleep(refusal.retry_after)
    assert (await limiter.take({key: limit})).allowed


async def test_a_refusal_uses_nothing_up_under_the_other_keys(limiter: RateLimiter, key: str) -> None:
    narrow, wide = {f"{key}n": Limit(1, 60)}, {f"{key}w": Limit(5, 60)}
    await limiter.take(narrow)
    for _ in range(20):
        assert (await limiter.take(wide | narrow)).refused_key == f"{key}n"
    assert await allowed_of(limiter, f"{key}w", Limit(5, 60), 6) == 5


async def test_the_key_with_the_longest_wait_is_named(limiter: RateLimiter, key: str) -> None:
    both = {f"{key}a": Limit(1, 10), f"{key}b": Limit(1, 60)}
    await limiter.take(both)
    refusal = await limiter.take(both)
    assert refusal.refused_key == f"{key}b"
    assert 50 < refusal.retry_after <= 60


async def test_parallel_requests_are_counted_one_by_one(redis_url: str, key: str) -> None:
    limiters = [patient_limiter(redis_url) for _ in range(4)]
    decisions = await asyncio.gather(*(limiters[n % 4].take({key: Limit(10, 60)}) for n in range(40)))
    assert sum(decision.allowed for decision in decisions) == 10
    await asyncio.gather(*(limiter.close() for limiter in limiters))


async def test_a_limit_that_is_off_is_not_asked_for(key: str) -> None:
    limiter = RateLimiter(None)
    assert all([(await limiter.take({key: None})).allowed for _ in range(100)])
    assert (await limiter.take({})).allowed


async def test_keys_leave_redis_when_their_bucket_is_full_again(
    limiter: RateLimiter, redis_url: str, key: str
) -> None:
    await limiter.take({key: Limit(10, 20)})
    async with Redis.from_url(redis_url) as redis:
        assert 0 < await redis.pttl(KEY_PREFIX + key) <= 2000


async def test_a_time_far_ahead_counts_as_a_full_bucket_and_no_more(
    limiter: RateLimiter, redis_url: str, key: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        await redis.set(KEY_PREFIX + key, str(int((time.time() + 86_400) * 1e6)), px=60_000)
    assert (await limiter.take({key: Limit(10, 20)})).retry_after == 2


async def test_the_script_is_loaded_again_after_redis_forgot_it(
    limiter: RateLimiter, redis_url: str, key: str
) -> None:
    await limiter.take({key: Limit(10, 60)})
    async with Redis.from_url(redis_url) as redis:
        await redis.script_flush()
    assert (await limiter.take({key: Limit(10, 60)})).allowed
    assert not limiter.degraded


async def test_without_redis_half_the_rate_is_allowed(unused_tcp_port: int, key: str) -> None:
    limiter = RateLimiter.connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    assert await allowed_of(limiter, key, Limit(30, 60), 40) == 15
    assert limiter.degraded
    await limiter.close()


async def test_a_dead_redis_is_asked_once_a_second(wire, key: str, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    limiter = RateLimiter(RedisCounters(limiter_client(wire.url)), clock=clock)
    wire.freeze()
    await limiter.take({key: Limit(30, 60)})
    asked = wire.connections
    await asyncio.gather(*(limiter.take({key: Limit(30, 60)}) for _ in range(200)))
    assert wire.connections == asked
    clock.now += 1.01
    await asyncio.gather(*(limiter.take({key: Limit(30, 60)}) for _ in range(200)))
    assert wire.connections == asked + 1
    assert len(caplog.records) == 1
    await limiter.close()


async def test_a_frozen_redis_holds_a_request_up_for_a_quarter_of_a_second(wire, key: str) -> None:
    limiter = RateLimiter.connect(wire.url)
    await limiter.take({key: Limit(30, 60)})
    wire.freeze()
    async with asyncio.timeout(BOUND_S):
        assert (await limiter.take({key: Limit(30, 60)})).allowed
    assert limiter.degraded
    await limiter.close()


async def test_the_quarter_of_a_second_is_for_connecting_and_asking_together(wire, key: str) -> None:
    patient = Redis.from_url(wire.url, socket_timeout=3, socket_connect_timeout=3)
    limiter = RateLimiter(RedisCounters(patient))
    wire.freeze()
    async with asyncio.timeout(BOUND_S):
        assert (await limiter.take({key: Limit(30, 60)})).allowed
    await limiter.close()


async def test_a_redis_that_comes_back_is_used_again(wire, key: str) -> None:
    clock = Clock()
    limiter = RateLimiter(RedisCounters(limiter_client(wire.url)), clock=clock)
    assert await allowed_of(limiter, key, Limit(10, 600), 10) == 10
    await wire.cut()
    assert await allowed_of(limiter, key, Limit(10, 600), 10) == 5
    assert limiter.degraded
    await wire.mend()
    clock.now += 1.01
    assert not (await limiter.take({key: Limit(10, 600)})).allowed  # Redis remembers the ten
    assert not limiter.degraded
    await limiter.close()


async def test_a_redis_that_answers_nonsense_is_not_a_free_pass(
    limiter: RateLimiter, redis_url: str, key: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        await redis.lpush(KEY_PREFIX + key, "not a number")
    assert await allowed_of(limiter, key, Limit(4, 60), 10) == 2
    assert limiter.degraded


async def test_local_counters_stay_within_their_memory_and_keep_the_floods() -> None:
    local = LocalCounters(max_keys=100)
    for _ in range(5):
        local.take({"flood": Limit(5, 600)})
    for n in range(5000):
        local.take({f"visitor {n}": Limit(5, 600)})
    assert len(local) <= 101
    assert not local.take({"flood": Limit(5, 600)}).allowed


def test_local_counters_forget_what_is_over_first() -> None:
    now = [0]
    local = LocalCounters(max_keys=2, clock_ns=lambda: now[0])
    local.take({"a": Limit(1, 10), "b": Limit(1, 10)})
    now[0] = 11_000_000_000
    local.take({"c": Limit(1, 10)})
    assert len(local) == 1
