"""The moderators' page of figures: a site in numbers, charts drawn here, and the tables behind them."""

from collections import Counter
from datetime import datetime
from typing import Any

from aiohttp import web
from babel.dates import format_datetime, format_skeleton

from service.usecases.figures import FiguresReport, Interval, Step
from service.web.auth import csrf_token
from service.web.charts import Chart, stacked
from service.web.desk_choices import current_language
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import chosen_site
from service.web.figures import csv_answer, read_report, table_of
from service.web.languages import LOCALES
from service.web.middleware import html_page
from service.web.queries import bad_query
from service.web.rendering import render
from service.web.services import services_of

PERIODS = (1, 7, 30, 90)
"""Days that the page offers; of a day it shows the hours."""

ENDS = ("published", "held", "rejected", "spam")


async def get_figures_page(request: web.Request) -> web.Response:
    """`GET /dashboard/figures?site=&days=`: one site's figures, or the way in.

    `format=csv` is a table to keep.
    """
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    site, days = chosen_site(request, session.caller), _days(request)
    step: Step = "hour" if days == 1 else "day"
    report = await read_report(services, site, days, step) if site else None
    table = table_of(request)
    if report and table:
        return csv_answer(report, table)
    text = render(
        "dashboard_figures.html",
        site=None,
        moderator={"name": session.caller.holder.name, "role": session.caller.holder.role},
        sites=[{"slug": one.slug, "name": one.name} for one in session.caller.sites.values()],
        chosen=site.slug if site else None,
        days=days,
        periods=PERIODS,
        figures=report,
        people=report.waits.get("moderator") if report else None,
        checks=report.waits.get("checks") if report else None,
        charts=_charts(report) if report else [],
        reasons=_reasons(report) if report else [],
        csrf=csrf_token(services, session.secret),
    )
    return html_page(text)


def _days(request: web.Request) -> int:
    raw = request.query.get("days", "7")
    if raw not in map(str, PERIODS):
        raise bad_query("days", "invalid", f"One of {', '.join(map(str, PERIODS))}.")
    return int(raw)


def _charts(report: FiguresReport) -> list[dict[str, Any]]:
    """Replies that came, and what was decided, each with the rows of its table."""
    replies = [(_label(one.at, report.step), {"replied": one.replied}) for one in report.intervals]
    decided = [(_label(one.at, report.step), _by_status(one)) for one in report.intervals]
    return [_chart("replies", ("replied",), replies), _chart("decisions", ENDS, decided)]


def _chart(name: str, series: tuple[str, ...], stacks: list[tuple[str, dict[str, int]]]) -> dict[str, Any]:
    drawn: Chart = stacked(stacks)
    return {"name": name, "series": series, "drawn": drawn, "rows": stacks}


def _by_status(one: Interval) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (_, status, _), n in one.decided.items():
        counts[status] += n
    return {status: counts[status] for status in ENDS}


def _reasons(report: FiguresReport) -> list[tuple[str, int, int]]:
    """Reason, how often checks and how often people gave it; the most frequent first."""
    by_checks: Counter[str] = Counter()
    by_people: Counter[str] = Counter()
    for (source, _, reason), n in report.decided.items():
        if reason:
            (by_checks if source == "checks" else by_people)[reason] += n
    both = by_checks + by_people
    return [(reason, by_checks[reason], by_people[reason]) for reason, _ in both.most_common(20)]


def _label(at: datetime, step: Step) -> str:
    locale = LOCALES[current_language()]
    if step == "hour":
        return format_datetime(at, "HH:mm", locale=locale)
    return format_skeleton("MMMd", at, locale=locale)
