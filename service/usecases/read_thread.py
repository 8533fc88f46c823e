"""Reads a page's thread as readers may see it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from service.domain.site import Site
from service.storage import pages, threads
from service.storage.pages import Page
from service.storage.pool import Connection
from service.storage.threads import Position, PublishedComment, Sort


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a thread is wanted."""

    sort: Sort
    limit: int
    after: Position | None


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """Some entries, and where the next ones begin, if there are any."""

    comments: list[PublishedComment]
    next: Position | None


NO_PAGE = Page(id=0, url="", title=None, is_open=True, count=0, revision=0)


async def find_page(connection: Connection, site: Site, url: str) -> Page:
    """The page as readers see it, or an empty one: a page that nobody wrote about yet looks like that.

    A title is what some author sent: it is shown once a comment is published there, not at everyone's word.
    """
    found = await pages.find_page(
        connection, site.id, url, close_after_days=site.policy.close_after_days
    ) or replace(NO_PAGE, url=url)
    if site.mode_at(datetime.now(UTC)) == "closed":
        found = replace(found, is_open=False)
    return found if found.count else replace(found, title=None)


async def read_thread(connection: Connection, site: Site, page: Page, window: Window) -> ThreadPart:
    """The entries of one window, one more being read to know whether there is a next."""
    if page.id == NO_PAGE.id:
        return ThreadPart([], None)
    found = await threads.list_thread(
        connection, site.id, page.id, sort=window.sort, limit=window.limit + 1, after=window.after
    )
    shown = found[: window.limit]
    last = shown[-1] if len(found) > window.limit else None
    return ThreadPart(shown, Position(last.submitted_at, last.id) if last else None)
