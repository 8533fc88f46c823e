"""The limiter that callers use: Redis while it answers, else this process's own counters at half the rate."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Self

from redis.exceptions import RedisError

from service.limits.decision import Decision
from service.limits.limit import Limit
from service.limits.local_counters import LocalCounters
from service.limits.redis_counters import SOCKET_TIMEOUT_S, RedisCounters, limiter_client

RETRY_AFTER_S = 1.0
_log = logging.getLogger(__name__)


class RateLimiter:
    """Counts under opaque keys: callers digest addresses and networks first, they are never seen here.

    A Redis that fails is left alone for a second; the one request that then asks it again waits at most a
    quarter of a second, all others cost nothing. It never raises and never allows without counting.
    """

    def __init__(
        self,
        redis: RedisCounters | None,
        *,
        local: LocalCounters | None = None,
        clock: Callable[[], float] = time.monotonic,
        patience_s: float = SOCKET_TIMEOUT_S,
    ) -> None:
        self._redis = redis
        self._local = local or LocalCounters()
        self._clock = clock
        self._patience_s = patience_s
        self._ask_again_at: float | None = None

    @classmethod
    def connect(cls, redis_url: str | None) -> Self:
        """A limiter for this process; nothing is asked yet, and without a URL it is local alone."""
        return cls(RedisCounters(limiter_client(redis_url)) if redis_url else None)

    @property
    def degraded(self) -> bool:
        """Whether it counts in this process alone at the moment."""
        return self._redis is None or self._ask_again_at is not None

    async def take(self, wanted: Mapping[str, Limit | None]) -> Decision:
        """Count one under every key, or, when one of them is over its limit, under none.

        Args:
            wanted: opaque key to its limit; null switches that key off.
        """
        limits = {key: limit for key, limit in wanted.items() if limit is not None}
        if not limits:
            return Decision()
        shared = await self._ask_redis(limits)
        if shared is not None:
            return shared
        return self._local.take({key: limit.halved() for key, limit in limits.items()})

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis is not None:
            await self._redis.close()

    async def _ask_redis(self, limits: Mapping[str, Limit]) -> Decision | None:
        """Redis's answer, or null when it has none or is left alone."""
        if self._redis is None or not self._may_ask():
            return None
        try:
            async with asyncio.timeout(self._patience_s):
                decision = await self._redis.take(limits)
        except (RedisError, OSError) as error:  # a time-out is an OSError
            self._fell_silent(error)
            return None
        self._answered()
        return decision

    def _may_ask(self) -> bool:
        """Whether Redis is thought to live, or this request is the one that tries it this second."""
        if self._ask_again_at is None:
            return True
        if self._clock() < self._ask_again_at:
            return False
        self._ask_again_at = self._clock() + RETRY_AFTER_S
        return True

    def _fell_silent(self, error: Exception) -> None:
        if self._ask_again_at is None:
            _log.warning("limits count in this process alone: Redis failed (%s)", type(error).__name__)
        self._ask_again_at = self._clock() + RETRY_AFTER_S

    def _answered(self) -> None:
        if self._ask_again_at is not None:
            _log.warning("limits are shared again: Redis answers")
        self._ask_again_at = None
