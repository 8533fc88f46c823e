"""Moderators give a page its title, open it, close it, or look at everything there first."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import ForeignPage
from service.domain.page_url import origin_of
from service.domain.site import Site
from service.storage import audit, pages
from service.storage.audit import AuditEntry
from service.storage.pages import PageState, StandingPage
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class PageChange:
    """What is to be so from now on; null leaves it as it is. `closes_at` belongs to `state`."""

    url: str
    title: str | None = None
    state: PageState | None = None
    closes_at: datetime | None = None
    premoderated: bool | None = None


async def change_page(
    connection: Connection, site: Site, change: PageChange, moderator_id: int
) -> StandingPage:
    """Carry it out; a page that nobody wrote about yet is made.

    Raises:
        ForeignPage: it lies outside the site's registered origins.
    """
    if origin_of(change.url) not in site.origins:
        raise ForeignPage
    page = await pages.insert_page(connection, site.id, change.url, change.title)
    await pages.update_page(
        connection,
        site.id,
        page.id,
        title=change.title,
        state=change.state,
        closes_at=change.closes_at,
        premoderated=change.premoderated,
    )
    await audit.record(
        connection,
        AuditEntry("page.changed", site.id, moderator_id, change.url, _details(change)),
    )
    return await pages.find_standing(
        connection, site.id, page.id, close_after_days=site.policy.close_after_days
    )


def _details(change: PageChange) -> dict[str, object]:
    said = {
        "title": True if change.title is not None else None,  # the words are not for the log
        "state": change.state,
        "closes_at": change.closes_at.isoformat() if change.closes_at else None,
        "premoderated": change.premoderated,
    }
    return {name: value for name, value in said.items() if value is not None}
