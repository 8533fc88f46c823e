"""Who does which housekeeping now: one of all processes, once a period, by the database's clock."""

from datetime import datetime, timedelta

from service.storage.pool import Connection


async def claim_chore(connection: Connection, name: str, every: timedelta) -> bool:
    """Whether this chore is due and now the caller's to do; of several callers at once one is told so.

    A time that lies ahead comes of a clock that went back: it must not keep a chore from being done.
    """
    claimed = await connection.fetchval(
        """
        INSERT INTO chore (name, ran_at) VALUES ($1, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET ran_at = clock_timestamp()
        WHERE chore.ran_at <= clock_timestamp() - $2::interval OR chore.ran_at > clock_timestamp()
        RETURNING true
        """,
        name,
        every,
    )
    return claimed is not None


async def make_due(connection: Connection, name: str) -> None:
    """Let whoever looks next go on with a chore that was left unfinished."""
    await connection.execute("UPDATE chore SET ran_at = '-infinity' WHERE name = $1", name)


async def database_now(connection: Connection) -> datetime:
    """The time by the clock of the database, which is the same for all."""
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return now
