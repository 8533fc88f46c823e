"""The system of `make faults`, once for all tests of this folder; each plays one short fault on it."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.faults.registry import Fault, Run
from tests.faults.run import SCRATCH, Runner
from tests.faults.shape import Shape
from tests.faults.table import Row
from tests.faults.timings import Timings

SHORT = Timings("short", lease_s=1.5, sweep_s=0.5, outage_s=0, recover_s=40)
SHAPE = Shape(webs=1)

Play = Callable[..., Row]


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """`play(act)` runs `act(scene)` under load, heals, drains, and fails where an invariant does not hold."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with asyncio.Runner() as loop:
        runner = Runner("1", SHORT)

        def one(act: Run, *, hurts_web: bool = False) -> Row:
            (row,) = loop.run(runner.run_on([Fault("F0", act.__name__, act, SHAPE, hurts_web)]))
            assert row.faults == [], "\n".join(row.faults)
            assert (row.lost, row.doubled, row.stuck) == (0, 0, 0)
            assert row.acknowledged
            return row

        try:
            yield one
        finally:
            loop.run(runner.stop())
