"""Applies migrations: one runner at a time, forward only, each file once and unchanged."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from migrations.files import Migration, known_migrations

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection  # generic in its type stubs only

Say = Callable[[str], None]

LOCK_KEY = 0x5245504C59  # "REPLY"; advisory locks are per database
LOCK_TIMEOUT = "4s"
_POLL_S = 0.1
_TRIES = 5

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number      integer PRIMARY KEY,
    name        text NOT NULL,
    sha256      text NOT NULL,
    oldest_code integer NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now(),
    took_ms     integer NOT NULL
)
"""


class MigrationError(Exception):
    """The schema and the files do not fit together; the message says how."""


async def migrate(database_url: str, *, say: Say = lambda _line: None) -> list[str]:
    """Bring the schema up to this code; returns the names of what was applied.

    A schema that is newer than this code is left as it is. Safe to run from several processes at once.

    Raises:
        MigrationError: an applied file was edited, or a lock could not be had in time.
    """
    connection = await asyncpg.connect(database_url, timeout=10, command_timeout=900)
    try:
        await _wait_for_lock(connection, say)
        await connection.execute("SET client_min_messages = warning")
        await connection.execute(_LEDGER)
        pending = await pending_migrations(connection)
        for migration in pending:
            await _apply_with_patience(connection, migration, say)
        await _grant_ledger(connection)
        return [migration.name for migration in pending]
    finally:
        await connection.close()


async def pending_migrations(connection: Connection) -> list[Migration]:
    """What this code knows and the database has not seen.

    Raises:
        MigrationError: an applied file no longer has the digest that it was applied with.
    """
    rows = await connection.fetch("SELECT number, sha256 FROM schema_migration")
    applied = {row["number"]: row["sha256"] for row in rows}
    for migration in known_migrations():
        if applied.get(migration.number, migration.sha256) != migration.sha256:
            raise MigrationError(f"{migration.name} was edited after it had been applied")
    return [migration for migration in known_migrations() if migration.number not in applied]


async def _wait_for_lock(connection: Connection, say: Say) -> None:
    # Polling, because a waiter inside pg_advisory_lock holds a snapshot, and a concurrent index build
    # would wait for that snapshot: a deadlock.
    said = False
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK_KEY):
        if not said:
            say("waiting for another migration to finish")
            said = True
        await asyncio.sleep(_POLL_S)


async def _apply_with_patience(connection: Connection, migration: Migration, say: Say) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            took_ms = await _apply(connection, migration)
        except asyncpg.LockNotAvailableError:
            if attempt == _TRIES:
                raise MigrationError(
                    f"{migration.name}: a table stayed locked, nothing was changed"
                ) from None
            say(f"{migration.name}: a table is locked, trying again")
            await asyncio.sleep(attempt)
        else:
            say(f"{migration.name} applied in {took_ms} ms")
            return


async def _apply(connection: Connection, migration: Migration) -> int:
    started = time.monotonic()
    await connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    await connection.execute(f"SET statement_timeout = '{migration.statement_timeout}'")
    if migration.in_transaction:
        async with connection.transaction():
            await connection.execute(migration.sql)
            return await _record(connection, migration, started)
    await connection.execute(migration.sql)
    return await _record(connection, migration, started)


async def _record(connection: Connection, migration: Migration, started: float) -> int:
    took_ms = round((time.monotonic() - started) * 1000)
    await connection.execute(
        """
        INSERT INTO schema_migration (number, name, sha256, oldest_code, took_ms)
        VALUES ($1, $2, $3, $4, $5)
        """,
        migration.number,
        migration.name,
        migration.sha256,
        migration.oldest_code,
        took_ms,
    )
    return took_ms


async def _grant_ledger(connection: Connection) -> None:
    await connection.execute("GRANT SELECT ON schema_migration TO replydesk_web, replydesk_worker")
