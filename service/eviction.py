"""Refuses a Redis that throws keys away when it is full: rings and counters of limits would go with them."""

from typing import cast

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)

SECONDS = 1.0


class RedisEvicts(Exception):
    """The Redis of `REDIS_URL` has another `maxmemory-policy` than noeviction."""

    def __init__(self, policy: str) -> None:
        super().__init__(f"REDIS_URL: Redis has maxmemory-policy {policy}, and it must be noeviction")


def refuse_evicting_redis(redis_url: str) -> None:
    """Look once, for a second; at the start of each process.

    The policy is read from `INFO memory`, which managed servers answer too, where they refuse `CONFIG`.
    A Redis that is away now is no reason not to start: the product works without it, and says so.

    Raises:
        RedisEvicts: it may drop what it was given.
    """
    client = Redis.from_url(
        redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )
    try:
        found = cast("dict[str, object]", client.info("memory"))
    except (RedisError, OSError) as error:
        log.warning("Redis could not be asked whether it evicts", error=type(error).__name__)
        return
    finally:
        client.close()
    policy = found.get("maxmemory_policy")
    if policy is None:
        log.warning("Redis does not tell whether it evicts")
    elif policy != "noeviction":
        raise RedisEvicts(str(policy))
