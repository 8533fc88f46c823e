"""How long things stay, and the removal of what has stayed so long.

The time is the database's, and so is the rule: a caller can ask for what has expired and for nothing else.
"""

from collections.abc import Mapping

from service.storage.pool import Connection

KINDS = ("restricted", "addresses", "networks")
"""What expires; see the functions `expire_…` of the schema."""


async def expire(connection: Connection, kind: str, *, limit: int) -> int:
    """Remove up to `limit` expired things of one of `KINDS`; how many there were."""
    if kind not in KINDS:
        raise ValueError(kind)
    count: int = await connection.fetchval(f"SELECT expire_{kind}($1)", limit)
    return count


async def set_retention(connection: Connection, days: Mapping[str, int | None]) -> None:
    """Write how many days each kind (spam, restricted, email, network) stays; None is for ever."""
    await connection.executemany(
        """
        INSERT INTO retention (kind, days) VALUES ($1, $2)
        ON CONFLICT (kind) DO UPDATE SET days = excluded.days
        WHERE retention.days IS DISTINCT FROM excluded.days
        """,
        list(days.items()),
    )
