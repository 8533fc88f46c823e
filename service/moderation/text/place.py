"""An entity in the folded text."""

from typing import NamedTuple


class Place(NamedTuple):
    """Its kind, where it starts and ends, its value, and whether it was written to be missed."""

    kind: str
    start: int
    end: int
    value: str
    is_hidden: bool = False
