"""The list of breakages fits the code: what it would break is there, and so are its tests."""

from pathlib import Path

import pytest

from tests.mutations.breakages import BREAKAGES, Breakage

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.guard)
def test_a_breakage_fits_the_code(breakage: Breakage) -> None:
    text = (PROJECT / breakage.path).read_text(encoding="utf-8")
    assert text.count(breakage.old) == 1
    assert breakage.new != breakage.old
    assert all((PROJECT / path).exists() for path in breakage.tests.split())


def test_guards_have_names_of_their_own() -> None:
    assert len({breakage.guard for breakage in BREAKAGES}) == len(BREAKAGES)
