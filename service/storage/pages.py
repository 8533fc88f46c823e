"""The articles that comments hang on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from service.storage.pool import Connection, Record


@dataclass(frozen=True, slots=True)
class Page:
    """As readers see it: `revision` rises with all of that; `count` is its published comments."""

    id: int
    url: str
    title: str | None
    is_open: bool
    count: int
    revision: int


PageState = Literal["by_policy", "open", "closed"]
"""by_policy: open until the policy's `close_after_days`; open: whatever the policy says; closed."""


@dataclass(frozen=True, slots=True)
class StandingPage:
    """As moderators see it; `is_open` is what comes of state, `closes_at` and the policy at this moment."""

    id: int
    url: str
    title: str | None
    state: PageState
    closes_at: datetime | None
    premoderated: bool
    is_open: bool
    count: int
    created_at: datetime


# $2 is the policy's `close_after_days`: the caller knows it, and a policy is too long for each view.
_IS_OPEN = """
open AND (closes_at IS NULL OR closes_at > clock_timestamp())
AND (kept_open OR $2::int IS NULL OR created_at + make_interval(days => $2) > clock_timestamp())
"""
_FIND = f"""
SELECT id, url, title, ({_IS_OPEN}) AS open, published_count, revision FROM page
WHERE site_id = $1 AND id = (
    SELECT coalesce(named.merged_into, named.id) FROM page AS named
    WHERE named.site_id = $1 AND named.url_digest = $3
)
"""  # noqa: S608
_STANDING = f"""
SELECT id, url, title, closes_at, premoderated, ({_IS_OPEN}) AS is_open, published_count AS count, created_at,
       CASE WHEN NOT open THEN 'closed' WHEN kept_open THEN 'open' ELSE 'by_policy' END AS state
FROM page WHERE site_id = $1 AND merged_into IS NULL
"""  # noqa: S608

_LIST = f"""
{_STANDING}
AND ($3::bytea IS NULL OR id = (
    SELECT coalesce(named.merged_into, named.id) FROM page AS named
    WHERE named.site_id = $1 AND named.url_digest = $3))
AND ($4::bigint IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5
"""  # noqa: S608


def url_digest(url: str) -> bytes:
    """What a page is looked up by: URLs can be longer than an index entry may be."""
    return hashlib.sha256(url.encode()).digest()


async def find_page(
    connection: Connection, site_id: int, url: str, *, close_after_days: int | None = None
) -> Page | None:
    """The page of that normalised URL, or the one that it was merged into; by policy it closes after days."""
    row = await connection.fetchrow(_FIND, site_id, close_after_days, url_digest(url))
    return _page(row) if row else None


async def insert_page(
    connection: Connection, site_id: int, url: str, title: str | None, *, close_after_days: int | None = None
) -> Page:
    """Make a page, or find the one that a submission beside this one made first."""
    await connection.execute(
        """
        INSERT INTO page (site_id, url, url_digest, title) VALUES ($1, $2, $3, $4)
        ON CONFLICT ON CONSTRAINT page_url_unique DO NOTHING
        """,
        site_id,
        url,
        url_digest(url),
        title,
    )
    page = await find_page(connection, site_id, url, close_after_days=close_after_days)
    assert page is not None  # noqa: S101  (pages are never deleted)
    return page


async def page_of_comment(connection: Connection, site_id: int, comment_id: UUID) -> int:
    """The id of the page on which a comment stands."""
    page_id: int = await connection.fetchval(
        "SELECT page_id FROM comment WHERE site_id = $1 AND id = $2", site_id, comment_id
    )
    return page_id


async def title_page(connection: Connection, site_id: int, page_id: int, title: str) -> None:
    """Give a page its title where it has none: the first one stays."""
    await connection.execute(
        """
        UPDATE page SET title = $3, revision = revision + 1
        WHERE site_id = $1 AND id = $2 AND title IS NULL
        """,
        site_id,
        page_id,
        title,
    )


async def update_page(
    connection: Connection,
    site_id: int,
    page_id: int,
    *,
    title: str | None,
    state: PageState | None,
    closes_at: datetime | None,
    premoderated: bool | None,
) -> None:
    """Change what is not null; with a state comes its end, which may be null for none."""
    await connection.execute(
        """
        UPDATE page SET title = coalesce($3, title), premoderated = coalesce($4, premoderated),
               open = CASE WHEN $5::text IS NULL THEN open ELSE $5 <> 'closed' END,
               kept_open = CASE WHEN $5 IS NULL THEN kept_open ELSE $5 = 'open' END,
               closes_at = CASE WHEN $5 IS NULL THEN closes_at ELSE $6::timestamptz END,
               revision = revision + 1
        WHERE site_id = $1 AND id = $2
        """,
        site_id,
        page_id,
        title,
        premoderated,
        state,
        closes_at,
    )


async def find_standing(
    connection: Connection, site_id: int, page_id: int, *, close_after_days: int | None
) -> StandingPage:
    """A page that is there, as moderators see it."""
    row = await connection.fetchrow(_STANDING + " AND id = $3", site_id, close_after_days, page_id)
    assert row is not None  # noqa: S101  (pages are never deleted)
    return StandingPage(**dict(row))


async def list_standing(
    connection: Connection,
    site_id: int,
    *,
    close_after_days: int | None,
    url: str | None,
    before: int | None,
    limit: int,
) -> list[StandingPage]:
    """A site's pages, the newest first, with ids below `before`; with `url` that one alone."""
    rows = await connection.fetch(
        _LIST,
        site_id,
        close_after_days,
        url_digest(url) if url else None,
        before,
        limit,
    )
    return [StandingPage(**dict(row)) for row in rows]


async def merge(
    connection: Connection, site_id: int, merged_id: int, kept_id: int, *, most: int
) -> int | None:
    """Move the comments of one page to another; how many.

    None: one of them was merged this moment. -1: there are more than `most`, and nothing was moved.
    """
    moved: int | None = await connection.fetchval(
        "SELECT merge_pages($1, $2, $3, $4)", site_id, merged_id, kept_id, most
    )
    return moved


async def count_new_pages(connection: Connection, site_id: int) -> int:
    """How many pages the site made within the last hour."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM page WHERE site_id = $1 AND created_at > now() - interval '1 hour'", site_id
    )
    return count


async def list_counts(connection: Connection, site_id: int, urls: Sequence[str]) -> dict[str, int]:
    """Published comments by URL, for those of `urls` that have a page."""
    rows = await connection.fetch(
        """
        SELECT named.url, it.published_count FROM page AS named
        JOIN page AS it ON it.site_id = named.site_id AND it.id = coalesce(named.merged_into, named.id)
        WHERE named.site_id = $1 AND named.url_digest = ANY($2::bytea[])
        """,
        site_id,
        [url_digest(url) for url in urls],
    )
    return {row["url"]: row["published_count"] for row in rows}


def _page(row: Record) -> Page:
    return Page(row["id"], row["url"], row["title"], row["open"], row["published_count"], row["revision"])
