"""One guard of the product, with the one line that breaks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breakage:
    """`old` becomes `new` in `path`; then at least one test of `tests` (paths for pytest) must fail."""

    guard: str
    path: str
    old: str
    new: str
    tests: str
