"""Runs faults one after the other: load, fault, heal, drain, invariants, one row each."""

import asyncio
import os
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded.layout import PROJECT
from tests.equipment.conditions import WaitedInVain
from tests.faults import census, invariants
from tests.faults.canaries import Watch
from tests.faults.census import Census
from tests.faults.registry import Fault
from tests.faults.scene import Scene
from tests.faults.shape import Shape
from tests.faults.system import System
from tests.faults.table import Row
from tests.faults.timings import Timings

SCRATCH = PROJECT / ".cache" / "faults"
WARM = 15  # acknowledged submissions before a fault begins
FIRST_ACK_S = 40.0
LAG_WORTH_TELLING_S = 1.0
LOAD_AFTER_S = 1.5


def say(line: str) -> None:
    """One line of progress."""
    print(line, flush=True)


@dataclass
class Runner:
    """Keeps one system for all faults of its shape; a fault that failed takes its system with it."""

    seed: str
    timings: Timings
    rows: list[Row] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)
    _system: System | None = None
    _baseline: Census | None = None
    _count: int = 0

    async def run(self, faults: Sequence[Fault]) -> list[Row]:
        """Every fault in turn; whatever happens, nothing is left running."""
        SCRATCH.mkdir(parents=True, exist_ok=True)
        try:
            return await self.run_on(faults)
        finally:
            await self.stop()

    async def run_on(self, faults: Sequence[Fault]) -> list[Row]:
        """The same, and the system goes on; their rows alone."""
        first = len(self.rows)
        for place, fault in enumerate(faults, 1):
            say(f"{place}/{len(faults)} {fault.number} {fault.what} …")
            row = await self._one(fault)
            self.rows.append(row)
            recovery = "" if row.recovery_s is None else f", recovered in {row.recovery_s:.1f} s"
            say(
                f"    {row.verdict}: {row.acknowledged} acknowledged, {row.lost} lost, "
                f"{row.doubled} doubled, {row.stuck} stuck, "
                f"worst answer {row.worst_s:.2f} s{recovery} ({row.took_s:.0f} s)"
            )
            for line in (*row.faults[:8], *row.notes):
                say(f"      {line}")
        return self.rows[first:]

    async def stop(self) -> None:
        """End the system that runs, if one does."""
        system, self._system = self._system, None
        if system is not None:
            await system.stop()

    async def _one(self, fault: Fault) -> Row:
        began = time.monotonic()
        row = Row(fault.number, fault.what)
        row.skipped = await asyncio.to_thread(fault.needs)
        if row.skipped is None:
            try:
                await self._play(fault, row)
            except Exception as error:  # noqa: BLE001  (a fault that fails must not keep the others from running)
                where = traceback.extract_tb(error.__traceback__)[-1]
                row.faults.append(
                    f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
                )
            if row.faults:
                if self._system is not None:
                    keep_logs(self._system, f"{fault.number}-{self.seed}")
                await self.stop()
        row.took_s = time.monotonic() - began
        return row

    async def _play(self, fault: Fault, row: Row) -> None:
        system = await self._system_of(fault.shape)
        self._count += 1
        scene = Scene.on(system, f"{fault.number}x{self._count}", self.seed, hurts_web=fault.hurts_web)
        backlog = asyncio.create_task(scene.mind_backlog())
        try:
            await self._hurt(fault, scene)
            row.recovery_s = await self._recover(fault, scene)
            row.stuck = await invariants.drain(scene)
            scene.must(
                not row.stuck, f"I4: {row.stuck} comments are stuck after {self.timings.recover_s:.0f} s"
            )
            for check in scene.later:
                await check()
            result = await invariants.check_ledger(scene)
            row.acknowledged, row.lost, row.doubled = result.acknowledged, result.lost, result.doubled
            assert self._baseline is not None
            row.faults += [*scene.faults, *result.faults, *scene.answers.faults]
            row.faults += await invariants.check_leaks(scene, self.watch)
            row.faults += await invariants.check_calm(system, self._baseline)
        finally:
            backlog.cancel()
            row.worst_s, row.notes = scene.answers.worst_s, scene.notes
            if scene.answers.lag.worst_s > LAG_WORTH_TELLING_S:
                row.notes.append(
                    f"the run itself got the processor {scene.answers.lag.worst_s:.1f} s late once"
                )
            if scene.faults and not row.faults:
                row.faults += scene.faults
            scene.ledger.close()

    async def _hurt(self, fault: Fault, scene: Scene) -> None:
        if fault.load:
            await asyncio.gather(scene.load.begin(), scene.people.begin())
            await scene.acknowledged(WARM)
        try:
            await fault.run(scene)
        except BaseException:
            await asyncio.gather(scene.load.end(), scene.people.end(), return_exceptions=True)
            raise
        await scene.system.mend()
        scene.healed()

    async def _recover(self, fault: Fault, scene: Scene) -> float:
        """Seconds from the heal until submissions are taken and nothing from before it waits."""
        assert scene.healed_at is not None
        backlog = asyncio.create_task(self._until_backlog_is_done(scene))
        taken = scene.healed_at
        if fault.load:
            try:
                await scene.until("a submission acknowledged after the heal", scene.taken_again, FIRST_ACK_S)
                taken = scene.taken_again() or taken
                await scene.hold(LOAD_AFTER_S)
            finally:
                await scene.rest_of_load()
        return max(taken, await backlog) - scene.healed_at

    async def _until_backlog_is_done(self, scene: Scene) -> float:
        """When nothing waits any more that was sent before the heal; a time-out is I4's to tell."""
        ago = time.monotonic() - (scene.healed_at or 0)
        query = "SELECT clock_timestamp() - $1 * interval '1 second' AS moment"
        moment = (await scene.system.sql(query, ago))[0]["moment"]
        with suppress(WaitedInVain):
            await scene.until("the backlog", lambda: scene.is_done(moment), self.timings.recover_s)
        return time.monotonic()

    async def _system_of(self, shape: Shape) -> System:
        if self._system is not None and self._system.shape != shape:
            await self.stop()
        if self._system is None:
            self._count += 1
            folder = SCRATCH / f"run-{os.getpid()}-{self._count}"
            self._system = System(folder, self.timings, shape)
            await self._system.start()
            await self._warm(self._system)
        return self._system

    async def _warm(self, system: System) -> None:
        """Let every pool and every child of it work once, then look at what they hold."""
        self._count += 1
        scene = Scene.on(system, f"W{self._count}", self.seed, hurts_web=False)
        await asyncio.gather(scene.load.begin(), scene.people.begin())
        await scene.acknowledged(100)
        await scene.rest_of_load()
        scene.healed()
        await invariants.drain(scene)
        scene.ledger.close()
        self._baseline = await census.take(system)


def keep_logs(system: System, name: str) -> None:
    """What the processes said in a failed fault is kept beside the folders of the runs."""
    kept = SCRATCH / f"failed-{name}"
    kept.mkdir(parents=True, exist_ok=True)
    for path in (*system.logs(), *system.home.root.glob("ledger-*")):
        (kept / path.name).write_bytes(path.read_bytes())
