"""Decisions of the checks that were drawn for people to look at, and what people said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.learning import Agreement
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comment as whoever looks at it sees it: nothing of it tells what the checks decided."""

    id: UUID
    site: str
    page_url: str
    page_title: str | None
    parent_text: str | None
    author: str
    website: str | None
    text: str
    submitted_at: datetime
    version: int


async def insert_sample(
    connection: Connection, site_id: int, comment_id: UUID, *, status: str, share: float
) -> None:
    """Note that this decision was drawn with the probability `share`; again after a recheck."""
    await connection.execute(
        """
        INSERT INTO sample (site_id, comment_id, status, share) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """,
        site_id,
        comment_id,
        status,
        share,
    )


# Site by site, the longest drawn first: each step is LATERAL with a limit, so that nothing is read but what
# is passed by and what is shown.
_WAITING = """
SELECT it.id, site.slug AS site, page.url AS page_url, page.title AS page_title, it.author, it.website,
       it.text, it.submitted_at, it.version,
       (SELECT left(above.text, 500) FROM comment AS above
        WHERE above.site_id = it.site_id AND above.id = it.parent_id
          AND above.status = 'published') AS parent_text
FROM (
    SELECT found.* FROM (SELECT DISTINCT unnest($1::int[]) AS site_id) AS wanted CROSS JOIN LATERAL (
        SELECT drawn.site_id, drawn.comment_id, drawn.drawn_at FROM sample AS drawn CROSS JOIN LATERAL (
            SELECT status FROM comment WHERE site_id = drawn.site_id AND id = drawn.comment_id LIMIT 1
        ) AS now
        WHERE drawn.site_id = wanted.site_id AND drawn.answered_at IS NULL AND now.status = drawn.status
          AND NOT EXISTS (
              SELECT FROM decision WHERE decision.site_id = drawn.site_id
              AND decision.comment_id = drawn.comment_id AND source = 'moderator')
        ORDER BY drawn.drawn_at, drawn.comment_id LIMIT $2
    ) AS found
    ORDER BY found.drawn_at, found.comment_id LIMIT $2
) AS drawn
JOIN comment AS it ON it.site_id = drawn.site_id AND it.id = drawn.comment_id
JOIN page ON page.site_id = it.site_id AND page.id = it.page_id
JOIN site ON site.id = it.site_id
ORDER BY drawn.drawn_at, drawn.comment_id
"""


async def list_waiting(connection: Connection, site_ids: Sequence[int], *, limit: int) -> list[Drawn]:
    """Those that nobody has looked at, the longest drawn first."""
    rows = await connection.fetch(_WAITING, list(site_ids), limit)
    return [Drawn(**dict(row)) for row in rows]


async def list_unmeasured(connection: Connection) -> list[str]:
    """The sites, by slug, that decide alone and where nobody has answered a sample in a week."""
    rows = await connection.fetch(
        """
        SELECT slug FROM site
        WHERE EXISTS (
            SELECT FROM sample WHERE site_id = site.id AND answered_at IS NULL
            AND drawn_at < clock_timestamp() - interval '7 days'
        ) AND NOT EXISTS (
            SELECT FROM sample WHERE site_id = site.id
            AND answered_at >= clock_timestamp() - interval '7 days'
        )
        ORDER BY slug
        """
    )
    return [row["slug"] for row in rows]


async def count_waiting(connection: Connection, site_ids: Sequence[int], *, up_to: int = 1000) -> int:
    """How many are drawn and not answered, roughly: those decided otherwise meanwhile are among them."""
    count: int = await connection.fetchval(
        """
        SELECT count(*) FROM (
            SELECT FROM sample WHERE site_id = ANY($1::int[]) AND answered_at IS NULL LIMIT $2
        ) AS found
        """,
        list(site_ids),
        up_to,
    )
    return count


async def answer(
    connection: Connection, site_ids: Sequence[int], comment_id: UUID, moderator_id: int
) -> str | None:
    """Note who answered; what the checks had decided, or None where nothing waits for an answer here."""
    status: str | None = await connection.fetchval(
        """
        UPDATE sample SET answered_at = clock_timestamp(), moderator_id = $3
        WHERE site_id = ANY($1::int[]) AND comment_id = $2 AND answered_at IS NULL RETURNING status
        """,
        list(site_ids),
        comment_id,
        moderator_id,
    )
    return status


# What was decided otherwise, because somebody complained or looked, counts only as far as people have come
# with the list: else the bad ones among the published would be known, and the good ones would be missing.
_AGREEMENT = """
WITH drawn AS (
    SELECT it.status, it.drawn_at, it.answered_at, said.action, said.reason
    FROM sample AS it LEFT JOIN LATERAL (
        SELECT action, reason FROM decision
        WHERE decision.site_id = it.site_id AND decision.comment_id = it.comment_id
          AND source = 'moderator'
          AND action NOT IN ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'grant')
        ORDER BY decision.id DESC LIMIT 1
    ) AS said ON true
    WHERE it.site_id = $1 AND it.drawn_at > clock_timestamp() - interval '90 days'
      AND it.drawn_at >= coalesce($2::timestamptz, '-infinity')
)
SELECT status, count(*) AS answered, count(*) FILTER (WHERE CASE status
    WHEN 'published' THEN action = 'approve'
    WHEN 'spam' THEN action = 'spam' OR (action = 'reject' AND reason IN ('spam', 'advertising'))
    ELSE action IN ('reject', 'spam') END) AS "right"
FROM drawn
WHERE action IN ('approve', 'reject', 'spam')
  AND drawn_at <= (SELECT max(drawn_at) FROM drawn WHERE answered_at IS NOT NULL)
GROUP BY status ORDER BY status
"""


async def list_agreement(
    connection: Connection, site_id: int, counted_from: datetime | None
) -> list[Agreement]:
    """How often people said the same as the checks, of the last 90 days and since `counted_from`."""
    rows = await connection.fetch(_AGREEMENT, site_id, counted_from)
    return [Agreement(**dict(row)) for row in rows]
