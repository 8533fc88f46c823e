"""The faults of the matrix, by number: what each is called, what it needs, and the function that runs it.

A fault is one small file `tests/faults/fNN_what.py` with one function; the file is found by its name:

    @fault("F7", "Redis accepts and never answers (SIGSTOP)")
    async def redis_frozen(scene: Scene) -> None:
        scene.system.redis.freeze()                     # break it, while the load goes on
        await scene.hold(scene.timings.outage_s)        # keep it broken, here with the load's answers coming
        scene.must(scene.slowest("submission") < 5, "…")  # its own "must hold": noted, the run goes on
        scene.system.redis.thaw()                       # heal it
        scene.healed()                                  # from here the recovery time counts

The load (12 clients, a moderator, a reader) runs before, during and after the function. When it returns,
whatever is still broken is mended, the load ends, the backlog drains, and I1 to I8 are checked. What can be
told only then is put off: `scene.afterwards(check)` (an async function without arguments).

`hurts_web=True`: the web process is a victim, so that broken connections are allowed. `shape=Shape(…)`: a
system of its own kind. `needs`: a function that says why the fault cannot be run here, or nothing; it may
install what is missing. Choices come from `scene.random`, seeded by SEED and the fault's name, so that they
can be repeated. Raise nothing for a broken promise (`must` notes it); whatever else is raised fails the fault
as well.
"""

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.shape import Shape

if TYPE_CHECKING:
    from tests.faults.scene import Scene

Run = Callable[["Scene"], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """One row of the matrix."""

    number: str
    what: str
    run: Run
    shape: Shape = field(default_factory=Shape)
    hurts_web: bool = False
    load: bool = True
    needs: Callable[[], str | None] = lambda: None
    in_soak: bool = False


_FAULTS: dict[str, Fault] = {}


def fault(
    number: str,
    what: str,
    *,
    shape: Shape | None = None,
    hurts_web: bool = False,
    load: bool = True,
    needs: Callable[[], str | None] = lambda: None,
    in_soak: bool = False,
) -> Callable[[Run], Run]:
    """Enter the decorated function as this fault; `in_soak`: the soak may run it, it leaves no trace."""

    def enter(run: Run) -> Run:
        assert number not in _FAULTS, number
        _FAULTS[number] = Fault(number, what, run, shape or Shape(), hurts_web, load, needs, in_soak)
        return run

    return enter


def all_faults() -> dict[str, Fault]:
    """Every fault by its number, in the order of the numbers."""
    for path in sorted(Path(__file__).parent.glob("f[0-9][0-9]_*.py")):
        importlib.import_module(f"tests.faults.{path.stem}")
    return dict(sorted(_FAULTS.items(), key=lambda item: int(item[0][1:])))
