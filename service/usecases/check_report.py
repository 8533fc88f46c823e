"""Decisions by check: how often each spoke and decided at a site, and how often people agreed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.moderation.backtest.tally import PEOPLE, people_said
from service.moderation.check_record import CheckRecord, records_of
from service.storage import check_figures
from service.storage.pool import Connection

MOST_ASKED = 10_000
"""Comments that a web process looks at for one page; the command line may look at more."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Of so many days and at most so many comments."""

    days: int
    limit: int
    comments: int
    checks: list[CheckRecord]
    rules: list[dict[str, Any]]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "days": self.days,
            "comments": self.comments,
            "limit": self.limit,
            "checks": [check.document() for check in self.checks],
            "rules": self.rules,
        }


async def check_report(
    connection: Connection, site_id: int, *, days: int, limit: int = MOST_ASKED
) -> CheckReport:
    """What the checks did with the latest comments."""
    period = timedelta(days=days)
    said = await check_figures.list_said(connection, site_id, period, limit=limit)
    ruled = await check_figures.list_ruled(connection, site_id, period, limit=limit)
    checks = records_of((one.check, one.outcome, one.decided, one.people, one.count) for one in said)
    return CheckReport(days, limit, sum(one.count for one in ruled), checks, _rules(ruled))


def _rules(ruled: list[check_figures.Ruled]) -> list[dict[str, Any]]:
    """One entry for each line and the status that it made, the most frequent first."""
    found: dict[tuple[str | None, str], dict[str, Any]] = {}
    for one in ruled:
        empty = {"rule": one.rule, "status": one.status, "count": 0, "people": dict.fromkeys(PEOPLE, 0)}
        entry = found.setdefault((one.rule, one.status), empty)
        entry["count"] += one.count
        entry["people"][people_said(one.people)] += one.count
    return sorted(found.values(), key=lambda entry: (-entry["count"], entry["rule"] or ""))
