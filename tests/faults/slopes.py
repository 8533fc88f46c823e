"""What processes hold over a long time, and whether it grows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.census import Census

JUDGED_FROM_S = 600.0
"""A shorter run warms up all the time: its slopes are shown and not judged."""

RISE_ALLOWED = {"memory": 25.0, "files": 30.0, "connections": 30.0}
"""MB or numbers, between the mean of the second quarter and the mean of the last: more than pools breathe."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Slope:
    """Of one thing that one process holds: how much at the end, how much more per hour, what it rose by."""

    of: str
    what: str
    last: float
    per_hour: float
    rise: float

    @property
    def is_flat(self) -> bool:
        """Whether it did not grow more than it may."""
        return self.rise <= RISE_ALLOWED[self.what]


@dataclass
class Samples:
    """A census every few seconds; `at` is in seconds since the begin."""

    taken: list[tuple[float, Census]] = field(default_factory=list)

    def add(self, at: float, census: Census) -> None:
        """One more."""
        self.taken.append((at, census))

    @property
    def lasted_s(self) -> float:
        """Seconds from the first to the last."""
        return self.taken[-1][0] - self.taken[0][0] if self.taken else 0.0

    def slopes(self, names: Sequence[str]) -> list[Slope]:
        """Memory and descriptors of these processes, and the connections of all."""
        found = []
        for name in names:
            held = [(at, census.holdings[name]) for at, census in self.taken if name in census.holdings]
            found.append(_slope(name, "memory", [(at, it.rss_kb / 1024) for at, it in held]))
            found.append(_slope(name, "files", [(at, float(it.files)) for at, it in held]))
        connections = [(at, float(census.connections)) for at, census in self.taken]
        return [*found, _slope("Postgres", "connections", connections)]


def _slope(of: str, what: str, points: list[Point]) -> Slope:
    begin = points[0][0] + (points[-1][0] - points[0][0]) / 4  # the first quarter is warming up
    settled = [point for point in points if point[0] >= begin] or points
    third = max(1, len(settled) // 3)
    rise = _mean(settled[-third:]) - _mean(settled[:third])
    return Slope(of, what, points[-1][1], _per_second(settled) * 3600, rise)


def _mean(points: Sequence[Point]) -> float:
    return sum(value for _, value in points) / len(points)


def _per_second(points: Sequence[Point]) -> float:
    """Least squares."""
    middle, mean = sum(at for at, _ in points) / len(points), _mean(points)
    spread = sum((at - middle) ** 2 for at, _ in points)
    return sum((at - middle) * (value - mean) for at, value in points) / spread if spread else 0.0
