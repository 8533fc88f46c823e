"""The program says which faults it has, refuses wrong words, and judges answers, slopes and rows."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.embedded.layout import PROJECT
from tests.faults.answers import Answers
from tests.faults.census import Census, Holding
from tests.faults.slopes import Samples
from tests.faults.table import Row, as_markdown


def program(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"FAULT", "SEED", "TIMINGS"}}
    return subprocess.run(
        [sys.executable, "-m", "tests.faults", *words],
        cwd=PROJECT,
        env=kept | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_faults_of_the_program_are_those_of_the_document_and_of_the_files() -> None:
    listed = [line.split("\t")[0] for line in program("--list").stdout.splitlines()]
    document = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (F\d+) \|", document.partition("## The faults")[2], re.MULTILINE)
    files = sorted(Path(__file__).parent.glob("f[0-9][0-9]_*.py"))
    assert listed == list(dict.fromkeys(told)) == [f"F{int(path.name[1:3])}" for path in files]
    assert listed == [f"F{number}" for number in range(1, 31)]


@pytest.mark.parametrize("settings", [{"FAULT": "F77"}, {"FAULT": "F1,"}, {"TIMINGS": "slow"}])
def test_a_fault_or_timings_that_do_not_exist_are_refused_at_once(settings: dict[str, str]) -> None:
    done = program(**settings)
    assert done.returncode == 2
    assert "wrong" in done.stdout


@pytest.mark.parametrize(
    ("status", "headers"),
    [(500, {}), (502, {}), (504, {}), (503, {}), (429, {}), (500, {"retry-after": "5"})],
)
def test_an_answer_that_nobody_should_get_is_a_fault(status: int, headers: dict[str, str]) -> None:
    answers = Answers()
    answers.status("reader", status, headers)
    assert len(answers.faults) == 1


@pytest.mark.parametrize("status", [200, 202, 303, 304, 404, 409, 422])
def test_an_answer_that_is_in_order_is_none(status: int) -> None:
    answers = Answers()
    answers.status("reader", status, {})
    answers.status("reader", 503, {"retry-after": "5"})
    answers.took("reader", 4.9)
    answers.broke("reader", "reset", allowed=True)
    assert answers.faults == []


def test_a_late_answer_and_a_broken_connection_are_faults() -> None:
    answers = Answers()
    answers.took("reader", 5.1)
    answers.broke("reader", "reset", allowed=False)
    assert len(answers.faults) == 2


def test_an_address_in_the_form_of_the_one_who_typed_it_is_not_kept() -> None:
    answers = Answers()
    form = b'<input id="reply-email" name="email" type="email" value="a@b.example"> and a@b.example'
    answers.said({}, form, own_form=True)
    assert answers.heard[0].count(b"a@b.example") == 1


@pytest.mark.parametrize(("grows", "is_flat"), [(0.0, True), (0.2, False)])
def test_what_grows_for_half_an_hour_is_not_flat(grows: float, is_flat: bool) -> None:
    samples = Samples()
    for second in range(0, 1800, 10):
        wave = (second // 10) % 7
        samples.add(
            float(second), Census({"web-1": Holding(0, 100_000, 40 + int(grows * second) + wave)}, 20)
        )
    files = next(slope for slope in samples.slopes(["web-1"]) if slope.what == "files")
    assert files.is_flat is is_flat
    assert abs(files.per_hour - grows * 3600) < 30


def test_the_table_tells_what_failed_and_what_was_skipped() -> None:
    rows = [Row("F1", "one", faults=["I1: lost"]), Row("F2", "two", skipped="no root"), Row("F3", "three")]
    table = as_markdown(rows)
    assert [row.verdict for row in rows] == ["FAILED", "skipped: no root", "ok"]
    assert "F1 failed: I1: lost" in table
    assert table.count("\n| F") == 3


def test_only_what_the_measuring_process_lost_itself_is_deducted_from_an_answers_time() -> None:
    answers = Answers()
    answers.lag._note(time.monotonic(), 0.6)
    answers.took("reader", 5.4)
    assert answers.faults == []
    answers.took("reader", 5.6)
    assert len(answers.faults) == 1
