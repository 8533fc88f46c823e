"""The limits that all processes share, in Redis: one script, so that several keys count as one."""

from collections.abc import Mapping
from typing import cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from service.limits.decision import Decision
from service.limits.limit import Limit

KEY_PREFIX = "replydesk:limit:"
SOCKET_TIMEOUT_S = 0.25
MAX_CONNECTIONS = 20

# GCRA: each key holds the time (µs, by Redis's own clock) at which its bucket is full again. First all keys
# are looked at, then all are written or none: what is refused uses nothing up. Returns {0, 0}, or the index
# of the key with the longest wait and that wait in µs. What lies further ahead than a full bucket (the clock
# went back, the limit was lowered) counts as full. Numbers stay below 2^53, where Lua counts exactly.
_SCRIPT = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local worst, wait, full_at = 0, 0, {}
for i, key in ipairs(KEYS) do
  local interval, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local stored = math.min(tonumber(redis.call('GET', key)) or now, now + window)
  full_at[i] = math.max(stored, now) + interval
  local over = full_at[i] - now - window
  if over > wait then worst, wait = i, over end
end
if worst == 0 then
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, string.format('%.0f', full_at[i]), 'PX', math.ceil((full_at[i] - now) / 1000))
  end
end
return {worst, wait}
"""


def limiter_client(url: str) -> Redis:
    """A client that fails within a quarter of a second and does not try again by itself."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        timeout=SOCKET_TIMEOUT_S,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=SOCKET_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


class RedisCounters:
    """GCRA in Redis."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._script = client.register_script(_SCRIPT)

    async def take(self, limits: Mapping[str, Limit]) -> Decision:
        """Count one under every key, or none; raises what the client raises."""
        keys = list(limits)
        arguments = [number for limit in limits.values() for number in (limit.interval_us, limit.window_us)]
        answer = await self._script(keys=[KEY_PREFIX + key for key in keys], args=arguments)
        worst, wait_us = cast("tuple[int, int]", answer)
        return Decision.refused(keys[worst - 1], wait_us) if worst else Decision()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
