"""Two URLs of one article become one page: its comments, and every later reply to either."""

from dataclasses import dataclass

from service.domain.errors import ForeignPage, PageTooLarge, SamePage
from service.domain.page_url import origin_of
from service.domain.site import Site
from service.storage import audit, pages
from service.storage.audit import AuditEntry
from service.storage.pages import StandingPage
from service.storage.pool import Connection

MOST = 5_000
"""Comments of the page that is merged: they move in one transaction, and both pages wait for it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The page that is kept, as it is now, and how many comments came to it."""

    page: StandingPage
    moved: int


async def merge_pages(connection: Connection, site: Site, url: str, into: str, moderator_id: int) -> Merged:
    """Merge the page of `url` into that of `into`; either is made where nobody wrote about it yet.

    The kept page's state stands; where one of both was looked at first, the kept one is. A page that was
    merged before leads to the one that has its comments now.

    Raises:
        ForeignPage: one of them lies outside the site's registered origins.
        SamePage: they are one page already.
        PageTooLarge: the page that is to be merged has more than `MOST` comments.
    """
    if any(origin_of(one) not in site.origins for one in (url, into)):
        raise ForeignPage
    gone, kept = [await pages.insert_page(connection, site.id, one, None) for one in (url, into)]
    if gone.id == kept.id:
        raise SamePage
    moved = await pages.merge(connection, site.id, gone.id, kept.id, most=MOST)
    if moved is None:  # somebody merged one of them between these lines: what they are now counts
        return await merge_pages(connection, site, url, into, moderator_id)
    if moved < 0:
        raise PageTooLarge(MOST)
    details = {"into": kept.url, "comments": moved}
    await audit.record(connection, AuditEntry("page.merged", site.id, moderator_id, gone.url, details))
    days = site.policy.close_after_days
    return Merged(await pages.find_standing(connection, site.id, kept.id, close_after_days=days), moved)
