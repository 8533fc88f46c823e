"""Charts of stacked bars as shapes to be drawn: no scripts, no styles, and a table says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, BOTTOM, TOP = 44, 16, 24, 8
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a stack, in the chart's own units; `kind` is the name of its series."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line or a label at `at`, with what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws: bars, lines across with their values, labels below."""

    bars: list[Bar]
    lines: list[Tick]
    labels: list[Tick]


def stacked(stacks: Sequence[tuple[str, Mapping[str, int]]]) -> Chart:
    """A stack for each label, its series from the bottom up as they are given."""
    top = nice_top(max((sum(values.values()) for _, values in stacks), default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(len(stacks), 1)
    bars = [
        bar
        for place, (label, values) in enumerate(stacks)
        for bar in _stack(place * slot + LEFT, slot, label, values, top)
    ]
    every = -(-len(stacks) // MOST_LABELS) if stacks else 1
    labels = [
        Tick(round(LEFT + (place + 0.5) * slot, 1), label)
        for place, (label, _) in enumerate(stacks)
        if place % every == 0
    ]
    return Chart(bars, [Tick(_y(top * part // 4, top), str(top * part // 4)) for part in range(5)], labels)


def nice_top(most: int) -> int:
    """The lowest of 4, 8, 20, 40, 80, 200, … that is not below `most`: its quarters are whole numbers."""
    top = 4
    while top < most:
        top = {4: 8, 8: 20, 2: 4}[int(str(top)[0])] * 10 ** (len(str(top)) - 1)
    return top


def _stack(x: float, slot: float, label: str, values: Mapping[str, int], top: int) -> list[Bar]:
    gap = min(slot * 0.2, 6)
    bars, below = [], 0
    for kind, value in values.items():
        if value:
            upper, lower = _y(below + value, top), _y(below, top)
            bars.append(
                Bar(
                    round(x + gap / 2, 1),
                    upper,
                    round(slot - gap, 1),
                    round(lower - upper, 1),
                    kind,
                    label,
                    value,
                )
            )
        below += value
    return bars


def _y(value: int, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)
