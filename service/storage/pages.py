"""The articles that comments hang on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from service.storage.pool import Connection, Record


@dataclass(frozen=True, slots=True)
class Page:
    """`revision` rises with all that readers can see of the page; `count` is its published comments."""

    id: int
    url: str
    title: str | None
    is_open: bool
    count: int
    revision: int


_COLUMNS = "id, url, title, open, published_count, revision"


def url_digest(url: str) -> bytes:
    """What a page is looked up by: URLs can be longer than an index entry may be."""
    return hashlib.sha256(url.encode()).digest()


async def find_page(connection: Connection, site_id: int, url: str) -> Page | None:
    """The page of that normalised URL."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM page WHERE site_id = $1 AND url_digest = $2",  # noqa: S608
        site_id,
        url_digest(url),
    )
    return _page(row) if row else None


async def insert_page(connection: Connection, site_id: int, url: str, title: str | None) -> Page:
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
    page = await find_page(connection, site_id, url)
    assert page is not None  # noqa: S101  (pages are never deleted)
    return page


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


async def count_new_pages(connection: Connection, site_id: int) -> int:
    """How many pages the site made within the last hour."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM page WHERE site_id = $1 AND created_at > now() - interval '1 hour'", site_id
    )
    return count


async def list_counts(connection: Connection, site_id: int, urls: Sequence[str]) -> dict[str, int]:
    """Published comments by URL, for those of `urls` that have a page."""
    rows = await connection.fetch(
        "SELECT url, published_count FROM page WHERE site_id = $1 AND url_digest = ANY($2::bytea[])",
        site_id,
        [url_digest(url) for url in urls],
    )
    return {row["url"]: row["published_count"] for row in rows}


def _page(row: Record) -> Page:
    return Page(row["id"], row["url"], row["title"], row["open"], row["published_count"], row["revision"])
