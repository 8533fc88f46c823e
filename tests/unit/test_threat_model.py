"""Every requirement of the threat model names tests, and each of these is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (R\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
ROWS = dict(ROW.findall((PROJECT / "THREAT_MODEL.md").read_text(encoding="utf-8")))


def test_the_requirements_are_twenty() -> None:
    assert list(ROWS) == [f"R{number}" for number in range(1, 21)]


@pytest.mark.parametrize("requirement", ROWS)
def test_a_requirement_names_tests_that_exist(requirement: str) -> None:
    named = re.findall(r"`([^`]+)`", ROWS[requirement])
    assert named
    for path, _, test in (one.partition("::") for one in named):
        source = (PROJECT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {re.escape(test)}\(", source, re.MULTILINE), f"{path}::{test}"
