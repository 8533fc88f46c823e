"""Reads what the checks may look at, and keeps the sketch by which later texts are compared with this one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from uuid import UUID

from service.domain.standing import Standing
from service.storage.pool import Connection

SIMILAR_WITHIN = timedelta(days=7)
"""How long a text is compared with later ones."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored about one comment and its surroundings.

    Repeats and similar texts are counted up to a hundred, submissions in a window up to what was asked for:
    no rule needs to tell more apart. What each one is stands with `service.moderation.evidence.Evidence`.
    """

    text: str
    author: str
    website: str | None
    honeypot_filled: bool
    seconds_to_fill: float | None
    user_agent: str | None
    repeats_by_author: int
    repeats_by_others: int
    author_in_window: int
    network_in_window: int | None
    similar_by_author: int
    similar_by_others: int
    similar_elsewhere: int
    author_published: int
    author_refused: int
    author_known: bool
    name_regular: int
    name_of_staff: bool
    heated_nearby: int
    author_standing: Standing | None
    standing_reason: str | None
    network_standing: Standing | None
    network_standing_reason: str | None
    page_premoderated: bool
    confirmed: bool
    can_confirm: bool
    author_confirmed: bool
    confirmed_published: int


FACTS = tuple(field.name for field in fields(Facts))
"""The names of the facts."""

# Nobody else may write about this comment while its sketch is kept: it would outlive one that is erased.
# What a hundred texts are like is known well enough; more of them are not kept, so a look stays short.
_SKETCHES = """
alike AS MATERIALIZED (
    SELECT site_id, comment_id FROM text_sketch
    WHERE bands && $7::int[] AND sketched_at > clock_timestamp() - $9::interval
      AND (site_id, comment_id) <> ($1::int, $2::uuid)
      AND (SELECT count(*) FROM unnest(bands) AS band WHERE band = ANY($7::int[])) >= $8
), kept AS (
    INSERT INTO text_sketch (site_id, comment_id, bands)
    SELECT locked.site_id, locked.id, $7::int[] FROM (
        SELECT site_id, id FROM comment WHERE site_id = $1 AND id = $2 AND status = 'pending' FOR SHARE
    ) AS locked
    WHERE cardinality($7::int[]) > 0 AND (SELECT count(*) FROM alike) < 100
    ON CONFLICT DO NOTHING
), similar_text AS (
    SELECT count(*) FILTER (WHERE is_own)::int AS by_author,
           count(*) FILTER (WHERE NOT is_own)::int AS by_others,
           count(*) FILTER (WHERE site_id <> $1)::int AS elsewhere
    FROM (
        SELECT other.site_id, coalesce(other.site_id = $1 AND other.author_id = it.author_id, false) AS is_own
        FROM it CROSS JOIN alike
        JOIN comment AS other ON other.site_id = alike.site_id AND other.id = alike.comment_id
        WHERE other.submitted_at <= it.submitted_at AND other.id IS DISTINCT FROM it.revises
    ) AS earlier
)
"""

# Each step is LATERAL, so that an index gives its rows in order and the limit ends the reading.
_AUTHOR = """
record AS (
    SELECT count(*) FILTER (WHERE status = 'published')::int AS published,
           count(*) FILTER (WHERE status IN ('rejected', 'spam'))::int AS refused,
           count(*) FILTER (WHERE status = 'published' AND was_confirmed)::int AS confirmed_published,
           coalesce(bool_or(status = 'published' AND is_name), false) AS known
    FROM it CROSS JOIN LATERAL (
        SELECT other.status, other.confirmed AS was_confirmed,
               coalesce(other.name_skeleton = it.name_skeleton, other.author = it.author) AS is_name
        FROM comment AS other
        WHERE other.site_id = it.site_id AND other.author_id = it.author_id
          AND other.submitted_at <= it.submitted_at AND other.id <> it.id
        ORDER BY other.submitted_at DESC LIMIT 50
    ) AS latest
), first_namesakes AS (
    SELECT others.* FROM it CROSS JOIN record CROSS JOIN LATERAL (
        SELECT other.author_id, other.submitted_at FROM comment AS other
        WHERE NOT record.known AND other.site_id = it.site_id AND other.name_skeleton = it.name_skeleton
          AND other.status = 'published' AND other.author_id IS DISTINCT FROM it.author_id
        ORDER BY other.author_id, other.submitted_at LIMIT 100
    ) AS others
), last_namesake AS (
    SELECT others.* FROM it CROSS JOIN record CROSS JOIN LATERAL (
        SELECT other.author_id FROM comment AS other
        WHERE NOT record.known AND other.site_id = it.site_id AND other.name_skeleton = it.name_skeleton
          AND other.status = 'published' AND other.author_id IS DISTINCT FROM it.author_id
        ORDER BY other.author_id DESC LIMIT 1
    ) AS others
), namesake AS (
    SELECT CASE WHEN min(author_id) = (SELECT author_id FROM last_namesake)
                 AND min(submitted_at) < (SELECT submitted_at FROM it) - interval '7 days'
                THEN count(*)::int ELSE 0 END AS published
    FROM first_namesakes
)
"""

_HEAT = """
heat AS (
    SELECT count(*)::int AS nearby FROM it CROSS JOIN LATERAL (
        (SELECT other.page_id, other.reason FROM comment AS other
         WHERE other.site_id = it.site_id AND other.status = 'held'
           AND other.submitted_at BETWEEN it.submitted_at - interval '10 minutes' AND it.submitted_at
         ORDER BY other.submitted_at DESC LIMIT 200)
        UNION ALL
        (SELECT other.page_id, other.reason FROM comment AS other
         WHERE other.site_id = it.site_id AND other.status = 'rejected'
           AND other.submitted_at BETWEEN it.submitted_at - interval '10 minutes' AND it.submitted_at
         ORDER BY other.submitted_at DESC LIMIT 200)
    ) AS recent
    WHERE recent.page_id = it.page_id AND recent.reason = ANY($10::text[])
)
"""

_FACTS = f"""
WITH it AS MATERIALIZED (
    SELECT site_id, id, page_id, author_id, text, author, website, honeypot_filled, seconds_to_fill,
           user_agent, fingerprint, network, name_skeleton, network_standing_id, submitted_at,
           confirmed, revises
    FROM comment WHERE site_id = $1 AND id = $2
), {_SKETCHES}, {_AUTHOR}, {_HEAT}
SELECT it.text, it.author, it.website, it.honeypot_filled, it.seconds_to_fill, it.user_agent,
       coalesce((SELECT count(*) FROM (
           SELECT 1 FROM comment AS other
           WHERE other.site_id = it.site_id AND other.fingerprint = it.fingerprint
             AND other.author_id = it.author_id AND other.id <> it.id AND other.id IS DISTINCT FROM it.revises
             AND other.submitted_at BETWEEN it.submitted_at - interval '7 days' AND it.submitted_at
           LIMIT 100) AS found), 0)::int AS repeats_by_author,
       (SELECT count(*) FROM (
           SELECT 1 FROM comment AS other
           WHERE other.site_id = it.site_id AND other.fingerprint = it.fingerprint
             AND (other.author_id = it.author_id) IS NOT TRUE AND other.id <> it.id
             AND other.id IS DISTINCT FROM it.revises
             AND other.submitted_at BETWEEN it.submitted_at - interval '7 days' AND it.submitted_at
           LIMIT 100) AS found)::int AS repeats_by_others,
       (SELECT count(*) FROM (
           SELECT 1 FROM comment AS other
           WHERE other.site_id = it.site_id AND other.author_id = it.author_id
             AND other.submitted_at BETWEEN it.submitted_at - $3::interval AND it.submitted_at
           LIMIT $5) AS found)::int AS author_in_window,
       CASE WHEN it.network IS NOT NULL THEN (SELECT count(*) FROM (
           SELECT 1 FROM comment AS other
           WHERE other.site_id = it.site_id AND other.network = it.network
             AND other.submitted_at BETWEEN it.submitted_at - $4::interval AND it.submitted_at
           LIMIT $6) AS found)::int END AS network_in_window,
       similar_text.by_author AS similar_by_author, similar_text.by_others AS similar_by_others,
       similar_text.elsewhere AS similar_elsewhere,
       record.published AS author_published, record.refused AS author_refused, record.known AS author_known,
       namesake.published AS name_regular, heat.nearby AS heated_nearby,
       EXISTS (SELECT FROM comment AS other
               WHERE other.site_id = it.site_id AND other.name_skeleton = it.name_skeleton
                 AND other.staff_id IS NOT NULL) AS name_of_staff,
       (SELECT premoderated FROM page WHERE page.site_id = it.site_id AND page.id = it.page_id)
           AS page_premoderated,
       it.confirmed, record.confirmed_published,
       EXISTS (SELECT FROM mail_recipient AS who WHERE who.site_id = it.site_id AND who.comment_id = it.id)
           AS can_confirm,
       coalesce((SELECT confirmed_at IS NOT NULL FROM author
                 WHERE author.site_id = it.site_id AND author.id = it.author_id), false) AS author_confirmed,
       ordered.kind AS author_standing, ordered.reason AS standing_reason,
       there.kind AS network_standing, there.reason AS network_standing_reason
FROM it CROSS JOIN similar_text CROSS JOIN record CROSS JOIN namesake CROSS JOIN heat
LEFT JOIN standing AS ordered
       ON ordered.site_id = it.site_id AND ordered.author_id = it.author_id AND ordered.lifted_at IS NULL
      AND (ordered.expires_at IS NULL OR ordered.expires_at > clock_timestamp())
LEFT JOIN LATERAL (  -- the order by which it came in, or what was ordered in the place of that since
    SELECT one.kind, one.reason FROM network_standing AS named
    JOIN network_standing AS one ON one.site_id = named.site_id AND one.lifted_at IS NULL
     AND (one.id = named.id
          OR (one.network IN (named.network, it.network) AND one.expires_at > clock_timestamp()))
    WHERE named.site_id = it.site_id AND named.id = it.network_standing_id
    ORDER BY one.kind = 'banned' DESC, one.id DESC LIMIT 1
) AS there ON true
"""  # noqa: S608  (of parts of this file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: windows and how far to count, bands and how many make a likeness, reasons."""

    author_window: timedelta
    network_window: timedelta
    author_up_to: int
    network_up_to: int
    bands: Sequence[int]
    alike_from: int
    heated_by: Sequence[str]


async def read_facts(connection: Connection, site_id: int, comment_id: UUID, wanted: Wanted) -> Facts:
    """Gather the facts about one comment in one statement, which also keeps its sketch where it is pending.

    Repeats are looked for over seven days; "this author" is the address that was typed, confirmed or not,
    and those who gave none are others to each other. The sketch can be made again, so the connection need
    not wait for the disk.
    """
    row = await connection.fetchrow(
        _FACTS,
        site_id,
        comment_id,
        wanted.author_window,
        wanted.network_window,
        wanted.author_up_to,
        wanted.network_up_to,
        list(wanted.bands),
        wanted.alike_from,
        SIMILAR_WITHIN,
        list(wanted.heated_by),
    )
    assert row is not None  # noqa: S101  (a comment is never deleted while it is pending)
    return Facts(**dict(row))


async def drop_old_sketches(connection: Connection, *, limit: int) -> int:
    """Forget about `limit` sketches that are compared with nothing any more; how many there were.

    By their time, so that an index finds them: those of one moment go together.
    """
    done = await connection.execute(
        """
        DELETE FROM text_sketch WHERE sketched_at <= (
            SELECT max(sketched_at) FROM (
                SELECT sketched_at FROM text_sketch
                WHERE sketched_at < (SELECT clock_timestamp() - $1::interval)
                ORDER BY sketched_at LIMIT $2
            ) AS oldest
        )
        """,
        SIMILAR_WITHIN,
        limit,
    )
    return int(done.rpartition(" ")[2])
