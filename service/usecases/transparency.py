"""The transparency report of a site (Digital Services Act, Articles 15 and 24): what it did in a period."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from service.domain.site import Site
from service.storage.hourly_figures import list_hours
from service.storage.pool import Connection
from service.storage.transparency import Said, list_said

RESTRICTED = frozenset({"rejected", "spam"})


@dataclass(frozen=True, slots=True)
class TransparencyReport:
    """`restrictions` are by (who decided, status, reason), `overturned` by whose decision it was."""

    site: str
    since: datetime
    until: datetime
    comments: int
    decisions: Counter[str]
    restrictions: Counter[tuple[str, str, str]]
    overturned: Counter[str]
    said: list[Said]

    @property
    def share_overturned(self) -> float | None:
        """Of what the checks decided alone, what people decided otherwise; null: there was nothing."""
        alone = self.decisions["checks"]
        return round(self.overturned["checks"] / alone, 4) if alone else None


async def read_transparency(
    connection: Connection, site: Site, since: datetime, until: datetime
) -> TransparencyReport:
    """What happened at a site from `since` to `until`, by whole hours."""
    comments, decisions, overturned = 0, Counter[str](), Counter[str]()
    restrictions: Counter[tuple[str, str, str]] = Counter()
    for one in await list_hours(connection, site.id, since, until):
        if one.what == "replied":
            comments += one.n
        elif one.what == "decided":
            decisions[one.source] += one.n if one.status != "held" else 0
            if one.status in RESTRICTED:
                restrictions[one.source, one.status, one.reason] += one.n
        elif one.what == "overturned":
            overturned[one.source] += one.n
    said = await list_said(connection, site.id, since, until)
    return TransparencyReport(site.slug, since, until, comments, decisions, restrictions, overturned, said)
