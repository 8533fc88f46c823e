"""Counts for moderators and for the operator's graphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """How many comments stand where on one site, and since when the oldest wait."""

    site: str
    counts: dict[str, int]
    oldest_pending: datetime | None
    oldest_held: datetime | None


async def list_site_figures(connection: Connection, site_ids: Sequence[int]) -> list[SiteFigures]:
    """Counts by status and the oldest pending and held comment, for each of those sites."""
    rows = await connection.fetch(
        """
        SELECT site.slug, comment.status, count(*) AS n, min(comment.submitted_at) AS oldest
        FROM site JOIN comment ON comment.site_id = site.id
        WHERE site.id = ANY($1::int[]) GROUP BY site.slug, comment.status
        """,
        list(site_ids),
    )
    slugs = await connection.fetch("SELECT slug FROM site WHERE id = ANY($1::int[]) ORDER BY slug", site_ids)
    found = {(row["slug"], row["status"]): row for row in rows}
    return [
        SiteFigures(
            site=slug,
            counts={status: row["n"] for (of, status), row in found.items() if of == slug},
            oldest_pending=found[slug, "pending"]["oldest"] if (slug, "pending") in found else None,
            oldest_held=found[slug, "held"]["oldest"] if (slug, "held") in found else None,
        )
        for (slug,) in slugs
    ]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, for the operator: numbers and the age of the oldest in seconds."""

    pending: int
    pending_age_s: float
    held: int
    held_age_s: float


async def read_backlog(connection: Connection) -> Backlog:
    """How much waits for the checks and for people, and for how long."""
    rows = await connection.fetch(
        """
        SELECT status, count(*) AS n,
               coalesce(extract(epoch FROM clock_timestamp() - min(submitted_at)), 0)::float8 AS age_s
        FROM comment WHERE status IN ('pending', 'held') GROUP BY status
        """
    )
    found = {row["status"]: (row["n"], row["age_s"]) for row in rows}
    return Backlog(*found.get("pending", (0, 0.0)), *found.get("held", (0, 0.0)))
