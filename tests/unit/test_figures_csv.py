"""A spreadsheet shows the figures and runs none of them."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime

import pytest

from service.moderation.check_record import CheckRecord
from service.storage.figures import SiteFigures
from service.usecases.check_report import CheckReport
from service.usecases.figures import FiguresReport, Interval
from service.web.figures_csv import safe_cell, write_csv

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def report(reason: str, check: str = "links") -> FiguresReport:
    record = CheckRecord(check, Counter(hold=2), Counter(held=2), Counter(approved=1, rejected=1), 1)
    return FiguresReport(
        site="paper",
        since=NOON,
        until=NOON,
        step="hour",
        intervals=[Interval(NOON, 3, Counter({("moderator", "rejected", reason): 2}))],
        waits={},
        overturned=Counter(),
        undone=0,
        standing=SiteFigures("paper", {}, None, None),
        checks=CheckReport(1, 10, 2, [record], []),
    )


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_be_a_formula_is_none(text: str) -> None:
    assert safe_cell(text) == "'" + text
    assert rows(write_csv(report(text), "intervals"))[-1][4] == "'" + text
    assert rows(write_csv(report("x", check=text), "checks"))[-1][0] == "'" + text


@pytest.mark.parametrize(
    ("value", "cell"), [(-1, "-1"), (0.5, "0.5"), (None, ""), ("a=b", "a=b"), ("spam", "spam")]
)
def test_numbers_and_other_texts_stay_as_they_are(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_every_line_has_the_columns_of_the_heading() -> None:
    for table in ("intervals", "checks"):
        heading, *lines = rows(write_csv(report('off, "topic"'), table))
        assert lines
        assert {len(line) for line in lines} == {len(heading)}
    assert rows(write_csv(report('off, "topic"'), "intervals"))[-1] == [
        NOON.isoformat(), "decided", "moderator", "rejected", 'off, "topic"', "2",
    ]  # fmt: skip
    assert rows(write_csv(report("x"), "checks"))[-1] == ["links", "2", "2", "0", "0", "1", "1", "0.5"]
