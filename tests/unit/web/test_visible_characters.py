"""A name is shown without what reverses, hides or piles up."""

import pytest

from service.web.visible_characters import plain_name


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Wilhelmina Oake", "Wilhelmina Oake"),
        ("  Two\n lines\t ", "Two lines"),
        ("\u202egro.elpmaxe", "gro.elpmaxe"),
        ("Ed\u200bitor", "Editor"),
        ("A\u2069B", "AB"),
        ("\u200b\u2060", "Anonymous"),
        ("\u3164", "Anonymous"),
        ("", "Anonymous"),
        (None, "Anonymous"),
        ("José", "José"),
        ("Jose\u0301", "Jose\u0301"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305", "Z\u0300\u0301\u0302"),
        ("دلال", "دلال"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("<b>Bob</b>", "<b>Bob</b>"),
    ],
)
def test_names_are_shown_plainly(stored: str | None, shown: str) -> None:
    assert plain_name(stored) == shown
