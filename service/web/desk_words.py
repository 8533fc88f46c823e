"""The page of a site's word lists: one entry a line, faults told with the entry."""

from service.web.desk_at_site import AtSite
from service.web.desk_policy_form import PolicyField, changed, current, save, shown
from service.web.desk_policy_meanwhile import meanwhile
from service.web.desk_site_pages import SitePage, Values
from service.web.languages import N_

FIELDS = (
    PolicyField("held_words", "lines", N_("Words that hold"), N_("A person looks at what has one of them.")),
    PolicyField("blocked_words", "lines", N_("Words that reject")),
    PolicyField(
        "held_patterns",
        "lines",
        N_("Patterns that hold"),
        N_("Regular expressions as RE2 knows them, one a line."),
    ),
    PolicyField("blocked_patterns", "lines", N_("Patterns that reject")),
    PolicyField(
        "blocked_domains",
        "lines",
        N_("Domains that are spam"),
        N_("Such as casino.example; what is below it too."),
    ),
    PolicyField("trusted_domains", "lines", N_("Domains to trust"), N_("Links there are not counted.")),
    PolicyField(
        "reserved_names",
        "lines",
        N_("Reserved names"),
        N_("Nobody signs with one of them, nor with one that looks like it, unseen."),
    ),
)


async def read(at: AtSite) -> Values:
    """Every list as it is now."""
    if at.site is None:
        return {"version": 0, "fields": (), "values": {}, "lists": ()}
    found = await current(at)
    return {
        "version": found.version,
        "fields": FIELDS,
        "values": shown(found.policy, FIELDS),
        "lists": found.policy.word_lists,
    } | await meanwhile(at, found, FIELDS)


async def keep(at: AtSite) -> str:
    """Keep what stands in the fields."""
    await save(at, changed((await current(at)).policy, FIELDS, at.form))
    return "words"


PAGE = SitePage("words", "admin", read, {"words": keep})
