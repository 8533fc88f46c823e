"""How long things stay, and the removal of what has stayed so long.

The time is the database's, and so is the rule: a caller can ask for what has expired and for nothing else.
"""

from collections.abc import Mapping

from service.storage.pool import Connection

KINDS = (
    "restricted",
    "addresses",
    "networks",
    "as_submitted",
    "standings",
    "network_standings",
    "earlier_texts",
    "unconfirmed",
    "reports",
    "appeals",
)
"""What expires; see the functions `expire_…` of the schema."""


async def expire(connection: Connection, kind: str, *, limit: int) -> int:
    """Remove up to `limit` expired things of one of `KINDS`; how many there were."""
    if kind not in KINDS:
        raise ValueError(kind)
    count: int = await connection.fetchval(f"SELECT expire_{kind}($1)", limit)
    return count


async def set_retention(connection: Connection, days: Mapping[str, int | None]) -> list[str]:
    """Write how many days each kind (spam, restricted, email, network, reports) stays; None is for ever.

    Returns:
        The kinds whose days are others than before.
    """
    rows = await connection.fetch(
        """
        INSERT INTO retention (kind, days) SELECT * FROM unnest($1::text[], $2::int[])
        ON CONFLICT (kind) DO UPDATE SET days = excluded.days
        WHERE retention.days IS DISTINCT FROM excluded.days
        RETURNING kind
        """,
        list(days),
        list(days.values()),
    )
    return sorted(row["kind"] for row in rows)
