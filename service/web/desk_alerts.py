"""The page of alerts: what stands, what ended lately, and from when somebody is told."""

from service.storage.alerts import list_alerts
from service.web.desk_at_site import AtSite
from service.web.desk_policy_form import PolicyField, changed, current, save, shown
from service.web.desk_policy_meanwhile import meanwhile
from service.web.desk_site_pages import SitePage, Values
from service.web.languages import N_

SHOWN = 100
FIELDS = (
    PolicyField(
        "alerts.held_minutes",
        "number",
        N_("A comment is held for more than so many minutes"),
        N_("Empty: never."),
    ),
    PolicyField("alerts.queue", "number", N_("More comments than this are held")),
    PolicyField("alerts.check_failures", "number", N_("A check gave no answer so many times in a row")),
)


async def read(at: AtSite) -> Values:
    """Those that stand, then those that ended; and the thresholds."""
    if at.site is None:
        return {"alerts": (), "fields": (), "values": {}, "version": 0}
    found, site = await current(at), at.of
    return {
        "alerts": await at.read(lambda held: list_alerts(held, site.id, limit=SHOWN)),
        "fields": FIELDS,
        "values": shown(found.policy, FIELDS),
        "version": found.version,
    } | await meanwhile(at, found, FIELDS)


async def keep(at: AtSite) -> str:
    """Other thresholds."""
    await save(at, changed((await current(at)).policy, FIELDS, at.form))
    return "alerts"


PAGE = SitePage("alerts", "viewer", read, {"alerts": keep})
