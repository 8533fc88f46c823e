"""The start of what is about a site: how it is at this moment, and where everything else is."""

from datetime import UTC, datetime

from service.storage.sites import find_site_of_id
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import SitePage, Values


async def state_of(at: AtSite) -> Values:
    """The site's mode now, by what, and until when; nothing for a caller without a site."""
    if at.site is None:
        return {"state": None}
    site = at.site
    found = await at.read(lambda held: find_site_of_id(held, site.id))
    return {"state": (found or site).state_at(datetime.now(UTC))}


PAGE = SitePage("site", "viewer", state_of, {})
