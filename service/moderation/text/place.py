"""An entity in the folded text."""

from typing import NamedTuple


class Place(NamedTuple):
    """Its kind, where it starts and ends, and its value."""

    kind: str
    start: int
    end: int
    value: str
