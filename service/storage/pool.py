"""Opens pools, bounds every wait, and turns the driver's errors into the domain's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Literal, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from service.domain.errors import StorageUnavailable

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
    Record = asyncpg.Record
else:  # generic in the type stubs only
    Connection, Pool, Record = asyncpg.Connection, asyncpg.Pool, asyncpg.Record

Role = Literal["replydesk_web", "replydesk_worker", "replydesk_private"]
T = TypeVar("T")

CONNECT_S = 2.0
COMMAND_S = 3.0
ACQUIRE_S = 1.0
PATIENT_COMMAND_S = 60.0
"""For commands that an operator waits for: they walk over whole tables, and nobody else waits behind them."""

TRIES = 3

# A serialization failure, a deadlock, a plan that a migration made stale: the whole transaction again.
_RETRYABLE = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.exceptions.InvalidCachedStatementError,
)
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the driver lost its place: the server ended the session under a statement
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.QueryCanceledError,
    asyncpg.exceptions.ReadOnlySQLTransactionError,
    asyncpg.exceptions.InternalServerError,
    asyncpg.exceptions.InvalidAuthorizationSpecificationError,
    asyncpg.exceptions.InvalidCatalogNameError,
    asyncpg.UndefinedTableError,  # not migrated yet
    *_RETRYABLE,
)


async def open_pool(
    database_url: str,
    role: Role,
    *,
    size: int,
    name: str,
    durable: bool = True,
    min_size: int = 1,
    command_s: float = COMMAND_S,
) -> Pool:
    """A pool whose connections act as `role` and on which no wait is endless.

    `durable=False` lets commits return before they are on disk: only for what may be lost with Postgres.
    Postgres itself ends a statement half a second before `command_s`, so that the connection stays good.
    """
    with storage_errors():
        return await asyncpg.create_pool(
            database_url,
            min_size=min_size,
            max_size=size,
            timeout=CONNECT_S,
            command_timeout=command_s,
            max_inactive_connection_lifetime=300,
            reset=_leave_clean,
            server_settings={
                "role": role,
                "application_name": f"replydesk-{name}",
                "statement_timeout": str(round((command_s - 0.5) * 1000)),
                "lock_timeout": "1500",
                "idle_in_transaction_session_timeout": "10000",
                "synchronous_commit": "on" if durable else "off",
                "search_path": "public",
            },
        )


@contextmanager
def storage_errors() -> Iterator[None]:
    """Inside it, whatever means "Postgres is away or overloaded" is raised as `StorageUnavailable`."""
    try:
        yield
    except _UNAVAILABLE as error:
        # `from None`: a driver's message may quote a row.
        raise StorageUnavailable(type(error).__name__) from None


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    """One connection for a read.

    Raises:
        StorageUnavailable: none is free within a second, or Postgres is away.
    """
    with storage_errors():
        async with pool.acquire(timeout=ACQUIRE_S) as held:
            yield held


async def _leave_clean(connection: Connection) -> None:
    """What a connection needs when it goes back: nothing here changes a session."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


async def in_transaction(pool: Pool, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run `work` in one transaction, again from the start after a deadlock or a serialization failure.

    Raises:
        StorageUnavailable: Postgres is away, overloaded, or would not settle in three tries.
    """

    async def whole(held: Connection) -> T:
        async with held.transaction():
            return await work(held)

    return await settled(pool, whole)


async def settled(pool: Pool, work: Callable[[Connection], Awaitable[T]]) -> T:
    """The same for `work` that is one statement, and so a transaction by itself."""
    for attempt in range(1, TRIES + 1):
        try:
            async with pool.acquire(timeout=ACQUIRE_S) as held:
                return await work(held)
        except _RETRYABLE as error:
            if attempt == TRIES:
                raise StorageUnavailable(type(error).__name__) from None
            await asyncio.sleep(0.01 * attempt)
        except _UNAVAILABLE as error:
            raise StorageUnavailable(type(error).__name__) from None
    raise AssertionError("unreachable")
