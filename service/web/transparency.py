"""The transparency report over HTTP: as JSON, and as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from aiohttp import web

from service.domain.site import Site
from service.storage.pool import connection
from service.usecases.transparency import TransparencyReport, read_transparency
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import chosen_site
from service.web.figures_csv import safe_cell
from service.web.moderation import answer
from service.web.policy import enter_site
from service.web.queries import bad_query
from service.web.services import Services, in_time, services_of

LONGEST = timedelta(days=400)
USUAL = timedelta(days=182)
"""Without dates: about half a year, up to yesterday."""


async def get_transparency(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/transparency?from=&to=&format=`."""
    services, _caller, site = await enter_site(request, "viewer")
    return await _report(request, services, site)


async def get_transparency_file(request: web.Request) -> web.Response:
    """`GET /dashboard/transparency`: the same for the desk, of the site that is chosen."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    site = chosen_site(request, session.caller)
    if site is None:
        raise web.HTTPNotFound
    return await _report(request, services, site)


async def _report(request: web.Request, services: Services, site: Site) -> web.Response:
    since, until = _period(request)
    wanted = request.query.get("format", "json")
    if wanted not in {"json", "csv"}:
        raise bad_query("format", "invalid", "json or csv.")

    async def read() -> TransparencyReport:
        async with connection(services.moderation) as held:
            return await read_transparency(held, site, since, until)

    report = await in_time(services, read())
    return _file(report) if wanted == "csv" else answer(document(report))


def _period(request: web.Request) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one (UTC)."""
    today = datetime.now(UTC).date()
    last = _day(request, "to", today - timedelta(days=1))
    first = _day(request, "from", last - USUAL)
    if not timedelta() <= last - first <= LONGEST:
        raise bad_query("from", "invalid", f"Not after `to`, and at most {LONGEST.days} days before it.")
    since = datetime.combine(first, time(), UTC)
    return since, datetime.combine(last + timedelta(days=1), time(), UTC)


def _day(request: web.Request, name: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(request.query[name]) if name in request.query else otherwise
    except ValueError:
        raise bad_query(name, "invalid", "A day such as 2026-03-02.") from None
    if not 2000 <= found.year <= 9000:
        raise bad_query(name, "invalid", "A day such as 2026-03-02.")
    return found


def document(report: TransparencyReport) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "site": report.site,
        "since": report.since,
        "until": report.until,
        "comments": report.comments,
        "decisions": dict(report.decisions),
        "restrictions": [
            {"source": source, "status": status, "reason": reason or None, "n": n}
            for (source, status, reason), n in sorted(report.restrictions.items())
        ],
        "overturned": dict(report.overturned),
        "share_overturned": report.share_overturned,
        "said": [asdict(one) for one in report.said],
    }


def _file(report: TransparencyReport) -> web.Response:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in _rows(report))
    name = f"{report.site}-transparency-{report.since:%Y%m%d}-{report.until:%Y%m%d}.csv"
    return web.Response(
        body=written.getvalue().encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(report: TransparencyReport) -> Iterator[tuple[object, ...]]:
    yield ("what", "source", "status", "reason", "n", "median_s")
    yield ("comments", "", "", "", report.comments, "")
    for source, n in sorted(report.decisions.items()):
        yield ("decisions", source, "", "", n, "")
    for (source, status, reason), n in sorted(report.restrictions.items()):
        yield ("restrictions", source, status, reason, n, "")
    for source, n in sorted(report.overturned.items()):
        yield ("overturned", source, "", "", n, "")
    for one in report.said:
        yield (one.what, "", one.outcome or "open", one.reason or "", one.n, one.median_s)
