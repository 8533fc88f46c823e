"""Whether this code and the schema understand each other."""

from dataclasses import dataclass

import asyncpg

from service.storage.pool import Connection, storage_errors


@dataclass(frozen=True, slots=True)
class SchemaState:
    """`number` is the newest applied migration (0: none), `oldest_code` the oldest code that it allows."""

    number: int
    oldest_code: int

    def understood_by(self, code: int) -> bool:
        """Whether code whose newest migration is `code` may run on this schema."""
        return self.number >= code >= self.oldest_code


async def find_schema_state(connection: Connection) -> SchemaState:
    """Read the ledger of migrations; an empty database has state 0."""
    with storage_errors():
        try:
            row = await connection.fetchrow(
                "SELECT coalesce(max(number), 0) AS number, coalesce(max(oldest_code), 0) AS oldest_code"
                " FROM schema_migration"
            )
        except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
            return SchemaState(0, 0)
    assert row is not None  # noqa: S101  (an aggregate has one row)
    return SchemaState(row["number"], row["oldest_code"])


async def find_server_setting(connection: Connection, name: str) -> str:
    """What Postgres has a configuration parameter set to."""
    value: str = await connection.fetchval("SELECT current_setting($1)", name)
    return value
