"""Texts that are nearly the same share bands, others do not."""

import pytest

from service.moderation.sketch import ALIKE_FROM, BANDS, sketch
from tests.cpu_time import least_cpu_seconds

LETTER = (
    "Dear editors, the council of our town must not sell the old mill by the river to a bank this winter,"
    " since it belongs to all of us and has done so for two hundred years. Who sells it once has sold it"
    " for good."
)
OTHER = (
    "The ferry was an hour late again this morning, and nobody on the quay could tell us why. My daughter"
    " missed her train to school for the third time this month, which the company calls an exception."
)


def shared(one: str, other: str) -> int:
    return len(set(sketch(one)) & set(sketch(other)))


@pytest.mark.parametrize(
    "changed",
    [
        LETTER.upper(),
        LETTER.replace(" a bank", " a hotel"),
        "Please read this: " + LETTER,
        LETTER + " Sign here: https://petition.example/mill",
        LETTER.replace("mill", "m\u200bill"),
        LETTER.replace(" ", "  ").replace(",", " –"),
        LETTER.replace("Dear editors", "Hello everybody"),
    ],
)
def test_a_changed_text_is_alike(changed: str) -> None:
    assert shared(LETTER, changed) >= ALIKE_FROM


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        f"> {LETTER}\nNo: the mill costs us more each year than the school, and nobody ever goes there.",
        f"“{LETTER}” is what they wrote last year, and now they sell it themselves. How odd people are.",
    ],
)
def test_another_text_is_not_alike_nor_is_one_that_quotes(text: str) -> None:
    assert sketch(text)
    assert shared(LETTER, text) < ALIKE_FROM


@pytest.mark.parametrize(
    "text", ["", "A calm harbour, well described.", "ha" * 500, "https://a.example/" + "x" * 300]
)
def test_a_text_that_says_little_has_no_sketch(text: str) -> None:
    assert sketch(text) == ()


def test_a_sketch_is_a_few_numbers_that_a_database_column_holds() -> None:
    bands = sketch(LETTER)
    assert len(bands) == BANDS
    assert all(-(2**31) <= band < 2**31 for band in bands)
    assert bands == sketch(LETTER)


def test_the_longest_text_takes_no_long_time() -> None:
    text = "".join(chr(0x4E00 + at % 5000) for at in range(20_000))
    assert least_cpu_seconds(lambda: sketch(text), 2.0) < 2.0
