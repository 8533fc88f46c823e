"""Databases for tests on one Postgres: migrated ones that are emptied and used again, and others."""

import asyncio
from collections.abc import Coroutine
from io import BytesIO
from typing import Any, TypeVar

import asyncpg

from migrations.runner import migrate
from service.embedded.postgres import Postgres

TEMPLATE = "template_replydesk"
WORN_AFTER = 100
"""So often a database is emptied: nothing vacuums it."""
WORN_BYTES = 16 * 2**20
"""A migrated one has 10 MB. What a test filled is dropped: others would find slow plans there."""

T = TypeVar("T")

# Whatever a migration may change: a test that did leaves a database that no other may have.
_SHAPE = """
SELECT string_agg(of::text, ' ') FROM (
    SELECT (count(*), max(xmin::text::bigint)) AS of FROM pg_class
    WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast_temp)')
    UNION ALL SELECT (count(*), max(xmin::text::bigint)) FROM pg_attribute
    UNION ALL SELECT (count(*), max(xmin::text::bigint)) FROM pg_proc
    UNION ALL SELECT (count(*), max(xmin::text::bigint)) FROM pg_constraint
    UNION ALL SELECT (count(*), max(xmin::text::bigint)) FROM pg_trigger
    UNION ALL SELECT (count(*), max(xmin::text::bigint)) FROM pg_namespace
    WHERE nspname !~ '^pg_(temp|toast_temp)'
    UNION ALL SELECT (count(*), max(xmin::text::bigint)) FROM pg_db_role_setting
    UNION ALL SELECT (count(*), NULL::bigint) FROM pg_extension
) AS catalogues
"""
# What a test analysed makes the plans of others.
_ANALYSED = """
SELECT EXISTS (SELECT FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid
               WHERE relnamespace = 'public'::regnamespace)
"""
_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Databases:
    """Makes and drops databases on the embedded Postgres; sync, for fixtures of sync and async tests.

    A copy of the template takes half a second of one processor, emptying a few milliseconds. Each test has
    a database of another name: what an earlier one left running cannot come back.
    """

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._connection = self._run(asyncpg.connect(server.url("postgres")))
        self._count = 0
        self._spare: str | None = None
        self._used: dict[str, int] = {}
        self._shape = ""
        self._tables: list[str] = []
        self._rows: dict[str, bytes] = {}

    def make_template(self) -> None:
        """Migrate once; the databases of the tests are copies."""
        self.execute(f'CREATE DATABASE "{TEMPLATE}"')
        self._run(migrate(self._server.url(TEMPLATE)))

    def make(self, template: str = "template0") -> str:
        """A new database; its URL, as the owner."""
        name = self._next()
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self._server.url(name)

    def drop(self, url: str) -> None:
        """Remove it, whoever is still connected."""
        self.execute(f'DROP DATABASE "{_name_of(url)}" WITH (FORCE)')

    def take(self) -> str:
        """A migrated database as the template is; its URL, as the owner."""
        if self._spare is None:
            url = self.make(TEMPLATE)
            if not self._shape:
                self._run(self._look(url))
            self._used[_name_of(url)] = 0
            return url
        name, spare = self._next(), self._spare
        self._spare = None
        self.execute(f'ALTER DATABASE "{spare}" RENAME TO "{name}"')
        self._used[name] = self._used.pop(spare) + 1
        return self._server.url(name)

    def give_back(self, url: str) -> None:
        """Empty it for the next test, or drop it where it is not what it was."""
        name = _name_of(url)
        if self._used[name] < WORN_AFTER and self._spare is None and self._run(self._empty(url)):
            self._spare = name
        else:
            del self._used[name]
            self.drop(url)

    def execute(self, sql: str) -> None:
        """Run one statement as the owner of the server."""
        self._run(self._connection.execute(sql))

    def close(self) -> None:
        """Let go of the server."""
        self._run(self._connection.close())
        self._loop.close()

    def _next(self) -> str:
        self._count += 1
        return f"test_{self._count}"

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    async def _look(self, url: str) -> None:
        """What an unused database is like: its shape, and the rows that migrations put there."""
        held = await asyncpg.connect(url)
        try:
            self._shape = await held.fetchval(_SHAPE)
            found = await held.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            self._tables = [row["tablename"] for row in found]
            for table in self._tables:
                if await held.fetchval(f'SELECT EXISTS (SELECT FROM "{table}")'):  # noqa: S608
                    kept = BytesIO()
                    await held.copy_from_table(table, output=kept, format="binary")
                    self._rows[table] = kept.getvalue()
        finally:
            await held.close()

    async def _empty(self, url: str) -> bool:
        """Bring an unused database's rows back; False where it is not what it was but for those."""
        held = await asyncpg.connect(url)
        try:
            await held.execute(_OTHERS)
            size = await held.fetchval("SELECT pg_database_size(current_database())")
            if size > WORN_BYTES or await held.fetchval(_ANALYSED):
                return False
            if await held.fetchval(_SHAPE) != self._shape:
                return False
            deletions = "; ".join(f'DELETE FROM "{table}"' for table in self._tables)  # noqa: S608
            await held.execute(f"SET session_replication_role = replica; {deletions}")
            await held.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
            for table, rows in self._rows.items():
                await held.copy_to_table(table, source=BytesIO(rows), format="binary")
        finally:
            await held.close()
        return True


def _name_of(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
