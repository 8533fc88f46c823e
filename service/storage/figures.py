"""Counts for moderators and for the operator's graphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.storage.learning import list_alarming
from service.storage.pool import Connection, Record

COUNTED_UP_TO = 1000
"""Where the count of rejected, spam and erased comments of a site ends."""


@dataclass(frozen=True, slots=True)
class Oldest:
    """Since when something waits, and for how many seconds by the database's clock."""

    at: datetime
    age_s: float


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """How many comments stand where on one site, and since when the oldest wait.

    What is pending, held and published is counted exactly, each other status up to `COUNTED_UP_TO`.
    """

    site: str
    counts: dict[str, int]
    oldest_pending: Oldest | None
    oldest_held: Oldest | None


# One run of the index `comment_queue` for each site and status, bounded or as long as what waits; published
# ones are never counted one by one: their pages know.
_BY_STATUS = """
SELECT site.slug, wanted.status, counted.*, extract(epoch FROM clock_timestamp() - oldest)::float8 AS age_s
FROM site
CROSS JOIN (VALUES ('pending', NULL), ('held', NULL), ('rejected', $2::int), ('spam', $2), ('erased', $2))
    AS wanted (status, up_to)
CROSS JOIN LATERAL (
    SELECT count(*) AS n, min(submitted_at) AS oldest FROM (
        SELECT submitted_at FROM comment WHERE site_id = site.id AND status = wanted.status
        ORDER BY submitted_at LIMIT wanted.up_to
    ) AS found
) AS counted
WHERE site.id = ANY($1::int[])
"""
_PUBLISHED = """
SELECT site.slug, (SELECT coalesce(sum(published_count), 0) FROM page WHERE site_id = site.id) AS published
FROM site WHERE site.id = ANY($1::int[]) ORDER BY site.slug
"""


async def list_site_figures(connection: Connection, site_ids: Sequence[int]) -> list[SiteFigures]:
    """Counts by status and the oldest pending and held comment, for each of those sites."""
    rows = await connection.fetch(_BY_STATUS, list(site_ids), COUNTED_UP_TO)
    sites = await connection.fetch(_PUBLISHED, list(site_ids))
    found = {(row["slug"], row["status"]): row for row in rows}
    return [
        SiteFigures(
            site=slug,
            counts={"published": published}
            | {status: row["n"] for (of, status), row in found.items() if of == slug},
            oldest_pending=_oldest(found[slug, "pending"]),
            oldest_held=_oldest(found[slug, "held"]),
        )
        for slug, published in sites
    ]


def _oldest(row: Record) -> Oldest | None:
    return Oldest(row["oldest"], max(row["age_s"], 0.0)) if row["n"] else None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, for the operator: numbers and the age of the oldest in seconds.

    `asked_today` is how often each outside service was asked today (UTC), for all sites together.
    """

    pending: int
    pending_age_s: float
    held: int
    held_age_s: float
    asked_today: Mapping[str, int] = field(default_factory=dict)
    promises_falling: int = 0
    promises_broken: int = 0


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
    asked = await connection.fetch(
        """
        SELECT service, sum(asked)::bigint AS n FROM service_use
        WHERE day = (clock_timestamp() AT TIME ZONE 'UTC')::date GROUP BY service
        """
    )
    by_service = {row["service"]: row["n"] for row in asked}
    alarming = list((await list_alarming(connection)).values())
    return Backlog(
        *found.get("pending", (0, 0.0)),
        *found.get("held", (0, 0.0)),
        by_service,
        promises_falling=alarming.count(False),
        promises_broken=alarming.count(True),
    )
