"""The page of the audit log: who changed what, and when."""

from service.storage import audit
from service.storage.audit import KeptEntry
from service.storage.pool import Connection
from service.web.auditing import filter_of
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import SitePage, Values

SHOWN = 100
FILTERS = ("site", "action", "moderator")


async def read(at: AtSite) -> Values:
    """The newest entries that fit; `cursor` goes on behind one."""
    asked = {name: value for name, value in at.query.items() if value}
    wanted = filter_of(asked, at.caller)

    async def find(held: Connection) -> list[KeptEntry]:
        return await audit.list_entries(held, wanted, limit=SHOWN + 1)

    found = await at.read(find)
    return {
        "entries": found[:SHOWN],
        "asked": {name: asked.get(name, "") for name in FILTERS},
        "more": str(found[SHOWN - 1].id) if len(found) > SHOWN else None,
    }


PAGE = SitePage("audit", "admin", read, {}, is_of_site=False, kept=(*FILTERS, "cursor"))
