"""What happened in each hour: kept for hours that are over, counted for those that are not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.storage.pool import Connection

# Of a decision the one before it is looked up: whose decision a person overturned, and whether it was the
# first to end the wait. Replies are found by their ids, whose first 48 bits are the time (RFC 9562 5.7).
_HAPPENED = """
WITH made AS MATERIALIZED (
    SELECT decision.site_id, comment_id, decision.id, from_status, status, source, action,
           coalesce(decision.reason, '') AS reason, decided_at,
           date_trunc('hour', decided_at, 'UTC') AS hour
    FROM decision
    WHERE decided_at >= $1 AND decided_at < $2 AND ($3::int IS NULL OR decision.site_id = $3)
      AND action NOT IN
          ('recheck', 'redact', 'restore', 'edit', 'answer', 'propose', 'erase', 'pick', 'unpick', 'uphold',
           'grant')
), told AS (
    SELECT made.*, before.source AS overturned, before.is_final AS was_final,
           EXISTS (
               SELECT FROM decision AS any_before
               WHERE any_before.site_id = made.site_id AND any_before.comment_id = made.comment_id
                 AND any_before.id < made.id AND any_before.status IN ('published', 'rejected', 'spam')
           ) AS had_ended,
           extract(epoch FROM made.decided_at - comment.submitted_at) AS seconds
    FROM made
    JOIN comment ON comment.site_id = made.site_id AND comment.id = made.comment_id
    LEFT JOIN LATERAL (
        SELECT source, status IN ('published', 'rejected', 'spam') AS is_final FROM decision
        WHERE decision.site_id = made.site_id AND decision.comment_id = made.comment_id
          AND decision.id < made.id
          AND decision.action NOT IN
              ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'uphold', 'grant')
        ORDER BY decision.id DESC LIMIT 1
    ) AS before ON true
)
SELECT site_id, hour, 'decided' AS what, source, status, reason, -1::smallint AS bucket, count(*)::int AS n
FROM told WHERE action <> 'undo' GROUP BY 1, 2, 4, 5, 6
UNION ALL
SELECT site_id, hour, 'undone', source, status, '', -1, count(*) FROM told WHERE action = 'undo'
GROUP BY 1, 2, 4, 5
UNION ALL
SELECT site_id, hour, 'overturned', overturned, from_status, '', -1, count(*) FROM told
WHERE source = 'moderator' AND action <> 'undo' AND was_final AND status <> from_status
GROUP BY 1, 2, 4, 5
UNION ALL
SELECT site_id, hour, 'waited', source, '', '', floor(4 * log(2, greatest(seconds, 1)))::smallint,
       count(*)
FROM told
WHERE status IN ('published', 'rejected', 'spam') AND NOT had_ended AND action <> 'undo'
GROUP BY 1, 2, 4, 7
UNION ALL
SELECT site.id, hour, 'replied', '', '', '', -1, replies.n
FROM site
CROSS JOIN generate_series(date_trunc('hour', $1, 'UTC'), $2 - interval '1 microsecond', '1 hour') AS hour
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM comment
    WHERE site_id = site.id AND id >= uuid_at(greatest(hour, $1))
      AND id < uuid_at(least(hour + interval '1 hour', $2))
) AS replies
WHERE ($3::int IS NULL OR site.id = $3) AND replies.n > 0
"""
_KEEP = f"""
INSERT INTO hourly_figure (site_id, hour, what, source, status, reason, bucket, n)
{_HAPPENED} ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class HourlyFigure:
    """How often something happened within an hour (UTC); see migration 16 for the words."""

    hour: datetime
    what: str
    source: str
    status: str
    reason: str
    bucket: int
    n: int


async def keep_hours(connection: Connection, up_to: int) -> int:
    """Count up to so many hours that are over and not counted yet; how many were.

    An hour is over ten minutes after its end: no transaction that began in it is still open then.
    """
    row = await connection.fetchrow(
        """
        SELECT through, date_trunc('hour', clock_timestamp() - interval '10 minutes', 'UTC') AS over
        FROM hourly_figures_kept FOR UPDATE
        """
    )
    if row is None:
        await _begin(connection)
        return up_to
    since: datetime = row["through"]
    until: datetime = min(row["over"], since + timedelta(hours=up_to))
    if since >= until:
        return 0
    await keep_span(connection, since, until)
    return (until - since) // timedelta(hours=1)


async def keep_span(connection: Connection, since: datetime, until: datetime) -> None:
    """Keep what happened in these whole hours of all sites, and that everything before `until` is counted."""
    await connection.execute(_KEEP, since, until, None)
    await connection.execute("UPDATE hourly_figures_kept SET through = $1", until)


async def _begin(connection: Connection) -> None:
    """Start with the hour of the first comment that is still there."""
    await connection.execute(
        """
        INSERT INTO hourly_figures_kept (through)
        SELECT date_trunc('hour', least(
            clock_timestamp() - interval '10 minutes',
            (SELECT min(first.submitted_at) FROM site CROSS JOIN LATERAL (
                SELECT submitted_at FROM comment WHERE site_id = site.id ORDER BY id LIMIT 1
             ) AS first)
        ), 'UTC')
        ON CONFLICT DO NOTHING
        """
    )


async def list_hours(
    connection: Connection, site_id: int, since: datetime, until: datetime
) -> list[HourlyFigure]:
    """Everything that happened at a site from `since` to `until`, hour by hour."""
    through = await connection.fetchval("SELECT through FROM hourly_figures_kept")
    rows = await connection.fetch(
        """
        SELECT hour, what, source, status, reason, bucket, n FROM hourly_figure
        WHERE site_id = $1 AND hour >= $2 AND hour < $3 AND hour < $4
        """,
        site_id, since, until, through or since,
    )  # fmt: skip
    live_from = max(since, through or since)
    if live_from < until:
        rows += await connection.fetch(_HAPPENED, live_from, until, site_id)
    names = HourlyFigure.__slots__
    return [HourlyFigure(**{name: row[name] for name in names}) for row in rows]
