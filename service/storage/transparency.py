"""What readers said against comments and decisions in a period, counted for the transparency report."""

from dataclasses import dataclass
from datetime import datetime

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Said:
    """So many of one kind: `reports`, `notices` or `appeals`; `reason` is that of reports.

    `outcome` is null where nobody has decided yet; `median_s` is from arrival to decision, in seconds.
    """

    what: str
    reason: str | None
    outcome: str | None
    n: int
    median_s: float | None


async def list_said(connection: Connection, site_id: int, since: datetime, until: datetime) -> list[Said]:
    """Everything of that kind that came in from `since` to `until`."""
    rows = await connection.fetch(
        """
        SELECT CASE WHEN notice_id IS NULL THEN 'reports' ELSE 'notices' END AS what, reason, outcome,
               count(*)::int AS n,
               percentile_cont(0.5) WITHIN GROUP (
                   ORDER BY extract(epoch FROM settled_at - reported_at))::float8 AS median_s
        FROM report WHERE site_id = $1 AND reported_at >= $2 AND reported_at < $3
        GROUP BY 1, reason, outcome
        UNION ALL
        SELECT 'appeals', NULL, outcome, count(*)::int,
               percentile_cont(0.5) WITHIN GROUP (
                   ORDER BY extract(epoch FROM settled_at - filed_at))::float8
        FROM appeal WHERE site_id = $1 AND filed_at >= $2 AND filed_at < $3
        GROUP BY outcome
        ORDER BY what, reason, outcome
        """,
        site_id,
        since,
        until,
    )
    return [Said(**dict(row)) for row in rows]
