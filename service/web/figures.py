"""A site's figures over HTTP: as JSON, and as tables for a spreadsheet."""

from dataclasses import asdict
from typing import Any, get_args

from aiohttp import web

from service.domain.site import Site
from service.storage.pool import connection
from service.usecases.figures import FiguresReport, Interval, Step, read_figures
from service.web.check_desk import days_of
from service.web.figures_csv import TABLES, write_csv
from service.web.moderation import answer
from service.web.policy import enter_site
from service.web.queries import bad_query
from service.web.services import Services, in_time


async def get_figures(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/figures?days=&by=&format=&table=`: one document, or one table for a spreadsheet."""
    services, _caller, site = await enter_site(request, "viewer")
    table = table_of(request)
    report = await read_report(services, site, days_of(request), step_of(request))
    return csv_answer(report, table) if table else answer(figures_document(report))


def table_of(request: web.Request) -> str | None:
    """The table that is asked for as CSV; null where JSON is."""
    wanted, table = request.query.get("format", "json"), request.query.get("table", TABLES[0])
    if wanted not in {"json", "csv"}:
        raise bad_query("format", "invalid", "json or csv.")
    if table not in TABLES:
        raise bad_query("table", "invalid", f"One of {', '.join(TABLES)}.")
    return table if wanted == "csv" else None


def csv_answer(report: FiguresReport, table: str) -> web.Response:
    """One table of a report as a file to keep."""
    name = f"{report.site}-{table}-{report.since:%Y%m%d}-{report.until:%Y%m%d}.csv"
    return web.Response(
        body=write_csv(report, table).encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'},
    )


async def read_report(services: Services, site: Site, days: int, step: Step) -> FiguresReport:
    """The figures of a site up to now."""

    async def read() -> FiguresReport:
        async with connection(services.moderation) as held:
            return await read_figures(held, site, days=days, step=step)

    return await in_time(services, read())


def step_of(request: web.Request) -> Step:
    """How long an interval is; a day where nothing is said."""
    steps: tuple[Step, ...] = get_args(Step)
    found: list[Step] = [step for step in steps if step == request.query.get("by", "day")]
    if not found:
        raise bad_query("by", "invalid", f"One of {', '.join(steps)}.")
    return found[0]


def figures_document(report: FiguresReport) -> dict[str, Any]:
    """A report as JSON."""
    standing = report.standing
    return {
        "site": report.site,
        "since": report.since,
        "until": report.until,
        "by": report.step,
        "replied": report.replied,
        "decided": _decided(report.decided),
        "ended_by": report.ended_by,
        "share_by_checks": report.share_by_checks,
        "overturned": {source: report.overturned[source] for source in sorted(report.overturned)},
        "share_overturned": report.share_overturned,
        "undone": report.undone,
        "time_to_decision": {source: asdict(waits) for source, waits in report.waits.items()},
        "queue": {
            "held": standing.counts.get("held", 0),
            "oldest_held_age_s": round(standing.oldest_held.age_s, 3) if standing.oldest_held else None,
        },
        "checks": [check.document() for check in report.checks.checks],
        "intervals": [_interval(one) for one in report.intervals],
    }


def _interval(one: Interval) -> dict[str, Any]:
    return {"at": one.at, "replied": one.replied, "decided": _decided(one.decided)}


def _decided(counts: dict[tuple[str, str, str], int]) -> list[dict[str, Any]]:
    """The most frequent first; `reason` is null where none was given."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"source": source, "status": status, "reason": reason or None, "n": n}
        for (source, status, reason), n in ordered
    ]
