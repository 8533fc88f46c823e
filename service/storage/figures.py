"""Counts for moderators and for the operator's graphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.status import Status
from service.storage.learning import list_alarming
from service.storage.pool import Connection, Record


@dataclass(frozen=True, slots=True)
class Oldest:
    """Since when something waits, and for how many seconds by the database's clock."""

    at: datetime
    age_s: float


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """How many comments stand where on one site, exactly, and since when the oldest wait."""

    site: str
    counts: dict[str, int]
    oldest_pending: Oldest | None
    oldest_held: Oldest | None


# What is folded and what is not yet, in one snapshot (migration 24). The oldest are the first of their index.
_KEPT = """
SELECT site_id, status, sum(n)::bigint AS n FROM (
    SELECT site_id, status, n FROM comment_count WHERE site_id = ANY($1::int[])
    UNION ALL
    SELECT site_id, status, n FROM comment_count_change WHERE site_id = ANY($1::int[])
) AS part GROUP BY site_id, status
"""
_OLDEST = """
SELECT site.id, site.slug, wanted.status, first.submitted_at AS at,
       extract(epoch FROM clock_timestamp() - first.submitted_at)::float8 AS age_s
FROM site
CROSS JOIN (VALUES ('pending'), ('held')) AS wanted (status)
LEFT JOIN LATERAL (
    SELECT submitted_at FROM comment WHERE site_id = site.id AND status = wanted.status
    ORDER BY submitted_at LIMIT 1
) AS first ON true
WHERE site.id = ANY($1::int[]) ORDER BY site.slug
"""


async def count_by_status(connection: Connection, site_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many comments of each of those sites stand in each status; none where there are none."""
    counts: dict[int, dict[str, int]] = {site_id: dict.fromkeys(map(str, Status), 0) for site_id in site_ids}
    for row in await connection.fetch(_KEPT, list(site_ids)):
        counts[row["site_id"]][row["status"]] = row["n"]
    return counts


async def list_site_figures(connection: Connection, site_ids: Sequence[int]) -> list[SiteFigures]:
    """Counts by status and the oldest pending and held comment, for each of those sites."""
    counts = await count_by_status(connection, site_ids)
    rows = await connection.fetch(_OLDEST, list(site_ids))
    oldest = {(row["id"], row["status"]): row for row in rows}
    return [
        SiteFigures(
            site=slug,
            counts=counts[site_id],
            oldest_pending=_oldest(oldest[site_id, "pending"]),
            oldest_held=_oldest(oldest[site_id, "held"]),
        )
        for site_id, slug in {row["id"]: row["slug"] for row in rows}.items()
    ]


def _oldest(row: Record) -> Oldest | None:
    return Oldest(row["at"], max(row["age_s"], 0.0)) if row["at"] else None


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
    webhooks_failing: int = 0
    webhooks_disabled: int = 0


async def fold_counts(connection: Connection, up_to: int) -> int:
    """Add up to so many changes to the sums that are kept; how many there were."""
    folded: int = await connection.fetchval("SELECT fold_comment_counts($1)", up_to)
    return folded


_WEBHOOKS = """
SELECT count(*) FILTER (WHERE disabled_at IS NULL AND failing_since IS NOT NULL) AS failing,
       count(*) FILTER (WHERE disabled_why IN ('gone', 'failing')) AS disabled
FROM webhook
"""


async def read_backlog(connection: Connection) -> Backlog:
    """How much waits for the checks and for people, and for how long."""
    site_ids = [row["id"] for row in await connection.fetch("SELECT id FROM site")]
    sites = await list_site_figures(connection, site_ids)
    asked = await connection.fetch(
        """
        SELECT service, sum(asked)::bigint AS n FROM service_use
        WHERE day = (clock_timestamp() AT TIME ZONE 'UTC')::date GROUP BY service
        """
    )
    by_service = {row["service"]: row["n"] for row in asked}
    [hooks] = await connection.fetch(_WEBHOOKS)
    alarming = list((await list_alarming(connection)).values())
    return Backlog(
        pending=sum(one.counts["pending"] for one in sites),
        pending_age_s=max((one.oldest_pending.age_s for one in sites if one.oldest_pending), default=0.0),
        held=sum(one.counts["held"] for one in sites),
        held_age_s=max((one.oldest_held.age_s for one in sites if one.oldest_held), default=0.0),
        asked_today=by_service,
        promises_falling=alarming.count(False),
        promises_broken=alarming.count(True),
        webhooks_failing=hooks["failing"],
        webhooks_disabled=hooks["disabled"],
    )
