"""Sets aside what makes loading slow, and brings it back as it was, in the one transaction of the load.

Indexes are built and foreign keys checked once, over everything, which is many times faster than row by row
and proves that what was loaded keeps every constraint. Primary and unique keys stay. The owner's rights
suffice, and whatever fails leaves the database as it was.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

_REFERENCES = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
           AS back
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY($1::regclass[]::oid[]) ORDER BY oid
"""
_INDEXES = """
SELECT format('DROP INDEX %s', indexrelid::regclass) AS away, pg_get_indexdef(indexrelid) AS back
FROM pg_index WHERE indrelid = ANY($1::regclass[]::oid[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY indexrelid
"""
_ODD_TRIGGERS = """
SELECT tgname FROM pg_trigger
WHERE tgrelid = ANY($1::regclass[]::oid[]) AND NOT tgisinternal AND tgenabled <> 'O'
"""


@asynccontextmanager
async def bulk_load(
    connection: Connection, tables: Sequence[str], *, told: Callable[[str], AbstractContextManager[None]]
) -> AsyncIterator[None]:
    """A transaction in which `tables` are filled; behind it every index, constraint and trigger is back.

    `told` is around each long step.

    Raises:
        RuntimeError: a trigger of theirs is switched otherwise than it came; nothing was changed.
    """
    async with connection.transaction():
        if await connection.fetch(_ODD_TRIGGERS, tables):
            raise RuntimeError(
                "a trigger is switched off already: this is no database that was only migrated"
            )
        await connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        await connection.execute("SET LOCAL work_mem = '256MB'")
        references = await connection.fetch(_REFERENCES, tables)
        indexes = await connection.fetch(_INDEXES, tables)
        switch = "; ".join(f"ALTER TABLE {table} {{}} TRIGGER USER" for table in tables)
        await connection.execute(switch.replace("{}", "DISABLE"))
        for one in (*references, *indexes):
            await connection.execute(one["away"])
        yield
        with told("indexes"):
            for one in indexes:
                await connection.execute(one["back"])
        with told("references"):
            for one in references:
                await connection.execute(one["back"])
        await connection.execute(switch.replace("{}", "ENABLE"))
