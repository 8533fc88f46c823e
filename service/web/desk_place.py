"""Where in the queue somebody is: which status, of which site, how sorted, from where on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from service.domain.status import Status

TABS = (Status.HELD, Status.PENDING, Status.PUBLISHED, Status.REJECTED, Status.SPAM)
REPORTED = "reported"
"""No status: what readers reported, wherever it stands, until somebody decides."""

SORTS = ("oldest", "newest")


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the queue; forms carry it along, so that they lead back to it."""

    status: str = "held"
    site: str = ""
    sort: str = "oldest"
    cursor: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Place":
        """What a query or a form says, as far as there is such a place; the site is for others to judge."""
        status = told.get("status", "held")
        return cls(
            status if status in {REPORTED, *map(str, TABS)} else "held",
            told.get("site", ""),
            "newest" if told.get("sort") == "newest" else "oldest",
            told.get("cursor", ""),
        )

    def at(self, cursor: str) -> "Place":
        """The same queue from there on; without a cursor from its start."""
        return replace(self, cursor=cursor)

    def fields(self) -> dict[str, str]:
        """What a form carries, and a query says."""
        also = {"site": self.site, "cursor": self.cursor}
        if self.sort != "oldest":
            also["sort"] = self.sort
        return {"status": self.status} | {name: value for name, value in also.items() if value}

    def url(self, **more: str) -> str:
        """The address of the page there."""
        return "/dashboard?" + urlencode(
            self.fields() | {name: value for name, value in more.items() if value}
        )
