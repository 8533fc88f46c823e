"""The moderators' page of decisions by check: what each did lately, and how often people agreed."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from service.domain.finding import Outcome
from service.domain.site import Site
from service.moderation.backtest.tally import NOBODY
from service.moderation.check_record import CheckRecord
from service.storage.pool import connection
from service.usecases.check_report import CheckReport, check_report
from service.web.desk_frame import frame
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import chosen_site
from service.web.middleware import html_page
from service.web.queries import bad_query
from service.web.rendering import render
from service.web.services import in_time, services_of

PERIODS = (1, 7, 30, 90)
"""Days that the page offers."""

_DEFAULT = 7


async def get_checks_page(request: web.Request) -> web.Response:
    """`GET /dashboard/checks?site=&days=`: one site's checks, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    site, days = chosen_site(request, session.caller), _days(request.query.get("days"))

    async def read(of: Site) -> CheckReport:
        async with connection(services.moderation) as held:
            return await check_report(held, of.id, days=days)

    report = await in_time(services, read(site)) if site else None
    text = render(
        "dashboard_checks.html",
        **frame(services, session, chosen=site.slug if site else None),
        days=days,
        periods=PERIODS,
        comments=report.comments if report else 0,
        is_cut_off=report is not None and report.comments >= report.limit,
        checks=[_row(check) for check in report.checks] if report else [],
        rules=report.rules[:20] if report else [],
        outcomes=[str(outcome) for outcome in Outcome],
    )
    return html_page(text)


def _days(raw: str | None) -> int:
    if raw is not None and raw not in map(str, PERIODS):
        few = ", ".join(map(str, PERIODS))
        raise replace(bad_query("days", "invalid", f"One of {few}."), detail=f"days must be one of {few}.")
    return int(raw) if raw else _DEFAULT


def _row(check: CheckRecord) -> dict[str, Any]:
    """A line of the table; shares are parts of one."""
    total = check.outcomes.total()
    return {
        "check": check.check,
        "comments": total,
        "shares": [check.outcomes[outcome] / total if total else 0 for outcome in Outcome],
        "decided": check.decided.total(),
        "approved": check.people["approved"],
        "agreed": check.agreed,
        "unseen": check.people[NOBODY],
    }
