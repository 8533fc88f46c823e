"""Figures as CSV (RFC 4180) that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Iterator

from service.usecases.figures import FiguresReport

TABLES = ("intervals", "checks")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


def write_csv(report: FiguresReport, table: str) -> str:
    """One table of a report: `intervals` or `checks`."""
    rows = _interval_rows(report) if table == "intervals" else _check_rows(report)
    written = io.StringIO(newline="")
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def safe_cell(value: object) -> str:
    """A cell that is no formula: text that would be one begins with an apostrophe; a number is none."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)) or not text.startswith(_FORMULA):
        return text
    return "'" + text


def _interval_rows(report: FiguresReport) -> Iterator[Iterable[object]]:
    yield ("at", "what", "source", "status", "reason", "n")
    for one in report.intervals:
        at = one.at.isoformat()
        yield (at, "replied", "", "", "", one.replied)
        for (source, status, reason), n in sorted(one.decided.items()):
            yield (at, "decided", source, status, reason, n)


def _check_rows(report: FiguresReport) -> Iterator[Iterable[object]]:
    yield (
        "check",
        "comments",
        "held",
        "rejected",
        "spam",
        "approved_by_people",
        "agreed_by_people",
        "agreement",
    )
    for check in report.checks.checks:
        document = check.document()
        decided = document["decided"]
        yield (
            check.check, document["comments"], decided["held"], decided["rejected"], decided["spam"],
            document["people"]["approved"], check.agreed, document["agreement"],
        )  # fmt: skip
