"""Reads what the checks may look at."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored about one comment and its surroundings.

    Repeats are counted up to a hundred, submissions in a window up to what was asked for: no rule needs to
    tell more apart.
    """

    text: str
    author: str
    website: str | None
    honeypot_filled: bool
    seconds_to_fill: float | None
    repeats_by_author: int
    repeats_by_others: int
    author_in_window: int
    network_in_window: int | None


async def read_facts(
    connection: Connection,
    site_id: int,
    comment_id: UUID,
    *,
    author_window: timedelta,
    network_window: timedelta,
    author_up_to: int,
    network_up_to: int,
) -> Facts:
    """Gather the facts about one comment in one statement.

    Repeats are looked for over seven days; "this author" is the address that was typed, confirmed or not,
    and those who gave none are others to each other.
    """
    row = await connection.fetchrow(
        """
        SELECT it.text, it.author, it.website, it.honeypot_filled, it.seconds_to_fill,
               coalesce((SELECT count(*) FROM (
                   SELECT 1 FROM comment AS other
                   WHERE other.site_id = it.site_id AND other.fingerprint = it.fingerprint
                     AND other.author_id = it.author_id AND other.id <> it.id
                     AND other.submitted_at BETWEEN it.submitted_at - interval '7 days' AND it.submitted_at
                   LIMIT 100) AS found), 0)::int AS repeats_by_author,
               (SELECT count(*) FROM (
                   SELECT 1 FROM comment AS other
                   WHERE other.site_id = it.site_id AND other.fingerprint = it.fingerprint
                     AND (other.author_id = it.author_id) IS NOT TRUE AND other.id <> it.id
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
                   LIMIT $6) AS found)::int END AS network_in_window
        FROM comment AS it WHERE it.site_id = $1 AND it.id = $2
        """,
        site_id,
        comment_id,
        author_window,
        network_window,
        author_up_to,
        network_up_to,
    )
    assert row is not None  # noqa: S101  (a comment is never deleted while it is pending)
    return Facts(**dict(row))
