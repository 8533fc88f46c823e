"""`python -m tests.faults.soak`: half the load for a long time, a random fault every 20 to 40 s; `make soak`.

Environment: MINUTES (30), SEED (drawn and printed where absent), REPORT (a file for the table). web-1 and
worker-1 are never ended, so that their memory, descriptors and connections tell about the whole time. The
exit code is 1 when anything did not hold.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

from tests.equipment.conditions import WaitedInVain
from tests.equipment.ledger import Balance
from tests.faults import census, invariants
from tests.faults.canaries import Watch
from tests.faults.interrupts import until_interrupted
from tests.faults.registry import Fault, all_faults
from tests.faults.run import SCRATCH, keep_logs, say
from tests.faults.scene import Scene
from tests.faults.shape import Shape
from tests.faults.slopes import JUDGED_FROM_S, RISE_ALLOWED, Samples, Slope
from tests.faults.system import System
from tests.faults.timings import QUICK

HALF_LOAD = 6  # clients; a fault of the matrix runs under twelve
SHAPE = Shape(workers=2)
SPARED = ("web-1", "worker-1")
SAMPLE_EVERY_S = 5.0
PAUSE_S = (20.0, 40.0)
WARM = 200  # acknowledged submissions before the first look
BROKEN_FOR_S = 3.0  # after a web process was killed, its connections may be found broken


@dataclass
class Soak:
    """One system, one load, many faults."""

    seed: str
    minutes: float
    samples: Samples = field(default_factory=Samples)
    ran: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    balance: Balance = field(default_factory=Balance)
    stuck: int = 0
    scene: Scene | None = None

    async def run(self) -> None:
        """All of it; nothing is left running."""
        system = System(SCRATCH / f"soak-{os.getpid()}", QUICK, SHAPE)
        try:
            await system.start()
            self.scene = Scene.on(system, "S1", self.seed, hurts_web=False)
            self.scene.load.clients = HALF_LOAD
            await self._soak(self.scene)
            await self._settle(self.scene)
        finally:
            if self.faults:
                keep_logs(system, f"soak-{self.seed}")
            await system.stop()

    async def _soak(self, scene: Scene) -> None:
        await asyncio.gather(scene.load.begin(), scene.people.begin())
        await scene.acknowledged(WARM)
        await scene.until("every child of the pools", partial(_all_there, scene.system))
        watching = [
            asyncio.create_task(self._sample(scene.system)), asyncio.create_task(scene.mind_backlog())
        ]  # fmt: skip
        random, began = Random(f"{self.seed}/soak"), time.monotonic()
        known = [fault for fault in all_faults().values() if fault.in_soak]
        try:
            while (left := began + self.minutes * 60 - time.monotonic()) > 0:
                pause = asyncio.create_task(asyncio.sleep(min(left, random.uniform(*PAUSE_S))))
                fault = random.choice(known)
                await self._hurt(scene, fault, time.monotonic() - began)
                await pause
        finally:
            for task in watching:
                task.cancel()
            await scene.rest_of_load()

    async def _hurt(self, scene: Scene, fault: Fault, at: float) -> None:
        self.ran[fault.number] += 1
        one = replace(scene, faults=[], notes=[], later=[], healed_at=None, spared=frozenset(SPARED))
        scene.load.hurt = scene.people.hurt = fault.hurts_web
        try:
            await fault.run(one)
            await scene.system.mend()
            one.healed()
            await one.until("a submission acknowledged after the heal", one.taken_again, 40)
            await scene.system.until_ready()
        except Exception as error:  # noqa: BLE001  (noted; the soak goes on)
            one.faults.append(f"{type(error).__name__}: {error}")
            await scene.system.mend()
        if fault.hurts_web:
            await scene.hold(BROKEN_FOR_S)
        scene.load.hurt = scene.people.hurt = False
        self.faults += [f"{fault.number} at {at:.0f} s: {line}" for line in one.faults]
        done = scene.load.acknowledged()
        say(f"{at:5.0f} s  {fault.number} {fault.what}: {'; '.join(one.faults) or 'ok'}, {done} acknowledged")

    async def _sample(self, system: System) -> None:
        began = time.monotonic()
        while True:
            with suppress(Exception):  # Postgres may be away: the next look is soon
                self.samples.add(time.monotonic() - began, await census.take(system))
            await asyncio.sleep(SAMPLE_EVERY_S)

    async def _settle(self, scene: Scene) -> None:
        scene.healed()
        with suppress(WaitedInVain):
            self.stuck = await invariants.drain(scene)
        self.balance = await invariants.check_ledger(scene)
        self.faults += [*self.balance.faults, *scene.answers.faults]
        self.faults += [f"I4: {self.stuck} comments are stuck"] if self.stuck else []
        self.faults += await invariants.check_leaks(scene, Watch())
        first = self.samples.taken[0][1]
        self.faults += await invariants.check_calm(scene.system, first)
        if self.samples.lasted_s >= JUDGED_FROM_S:
            steep = [slope for slope in self.samples.slopes(SPARED) if not slope.is_flat]
            self.faults += [f"I8: {it.what} of {it.of} rose by {it.rise:.1f}" for it in steep]

    def report(self) -> str:
        """The figures as Markdown."""
        assert self.scene is not None
        answers, balance = self.scene.answers, self.balance
        median, p99 = answers.quantile("submission", 0.5), answers.quantile("submission", 0.99)
        counts = f"{balance.acknowledged}, {balance.lost}, {balance.doubled}, {self.stuck}"
        figures = {
            "what": "figure",
            "---": "---",
            "seed, minutes": f"{self.seed}, {self.minutes:g}",
            "faults": ", ".join(f"{name} × {count}" for name, count in sorted(self.ran.items())),
            "submissions acknowledged, lost, doubled, stuck": counts,
            "moderators' decisions, overruled": f"{len(self.scene.ledger.rulings)}, {balance.overruled}",
            "answers: median, p99, worst": f"{median:.3f} s, {p99:.2f} s, {answers.worst_s:.2f} s",
        }
        for slope in self.samples.slopes(SPARED):
            figures[f"{slope.of}: {slope.what}"] = _words(slope)
        figures["verdict"] = "FAILED" if self.faults else "ok"
        return "\n".join(f"| {what} | {figure} |" for what, figure in figures.items()) + "\n"


def _words(slope: Slope) -> str:
    unit = " MB" if slope.what == "memory" else ""
    allowed = f"rose by {slope.rise:+.1f}, at most {RISE_ALLOWED[slope.what]:.0f}"
    return f"{slope.last:.0f}{unit} at the end, {slope.per_hour:+.1f}{unit} per hour, {allowed}"


def _all_there(system: System) -> bool:
    return all(len(worker.children()) >= 2 for worker in system.workers)


def main() -> int:
    """The exit code."""
    seed = os.environ.get("SEED") or str(int.from_bytes(os.urandom(3)))
    soak = Soak(seed, float(os.environ.get("MINUTES") or 30))
    say(f"SEED={seed} MINUTES={soak.minutes:g}")
    complete = asyncio.run(until_interrupted(soak.run()))
    if soak.samples.taken and soak.scene is not None:
        say(f"\n{soak.report()}")
        if report := os.environ.get("REPORT"):
            Path(report).write_text(soak.report(), encoding="utf-8")
    for line in soak.faults[:30]:
        say(f"FAILED {line}")
    return 1 if soak.faults or not complete else 0


if __name__ == "__main__":
    sys.exit(main())
