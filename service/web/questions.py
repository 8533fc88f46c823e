"""What health and figures ask of Postgres and Redis: over connections of their own, at most once a second."""

from dataclasses import dataclass
from typing import Self

from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.storage.figures import Backlog, read_backlog
from service.storage.pool import Pool, connection
from service.storage.schema import SchemaState, find_schema_state
from service.web.shared_answer import SharedAnswer

_REDIS_S = 0.3


@dataclass(frozen=True, slots=True)
class Questions:
    """`schema` is null where Postgres is away, `redis` is `reachable` or `unreachable`."""

    schema: SharedAnswer[SchemaState | None]
    backlog: SharedAnswer[Backlog]
    redis: SharedAnswer[str]

    @classmethod
    def about(cls, pool: Pool, redis_url: str) -> Self:
        """Questions over that pool; nothing is asked yet."""

        async def schema() -> SchemaState | None:
            try:
                async with connection(pool) as held:
                    return await find_schema_state(held)
            except Exception:  # noqa: BLE001  (whatever it is, such as roles that were never made: not ready)
                return None

        async def backlog() -> Backlog:
            async with connection(pool) as held:
                return await read_backlog(held)

        async def redis() -> str:
            return await _redis_state(redis_url)

        return cls(SharedAnswer(schema), SharedAnswer(backlog), SharedAnswer(redis))

    def forget(self) -> None:
        """Ask anew next time."""
        for question in (self.schema, self.backlog, self.redis):
            question.forget()


async def _redis_state(redis_url: str) -> str:
    client: Redis = Redis.from_url(redis_url, socket_timeout=_REDIS_S, socket_connect_timeout=_REDIS_S)
    try:
        await client.ping()
    except (RedisError, OSError):
        return "unreachable"
    else:
        return "reachable"
    finally:
        await client.aclose()
