"""F27: nothing can be written to the log: the disk is full, or nobody reads the pipe any more."""

import os
from pathlib import Path

from tests.equipment.processes import Process
from tests.faults.registry import fault
from tests.faults.scene import Scene

FULL = Path("/dev/full")


def _needs() -> str | None:
    return None if FULL.exists() else "there is no /dev/full here"


@fault("F27", "the log's disk is full, its pipe closed", hurts_web=True, needs=_needs)
async def no_log(scene: Scene) -> None:
    """Requests are served, comments checked, and the scheduler rings."""
    processes = scene.system.processes()
    logs = {process.name: process.log for process in processes}
    try:
        for process in processes:
            process.end()
            process.log = FULL
            process.start()
        await _serve(scene, processes, "a full disk")
        reader, writer = os.pipe()
        for process in processes:
            process.end()
            process.log = Path(f"/proc/self/fd/{writer}")
            process.start()
        os.close(reader)
        os.close(writer)
        await _serve(scene, processes, "a closed pipe")
    finally:
        for process in processes:
            process.end()
            process.log = logs[process.name]
            process.start()
    await scene.system.until_ready()
    scene.healed()


async def _serve(scene: Scene, processes: list[Process], what: str) -> None:
    await scene.system.until_ready()
    scene.load.hurt = scene.people.hurt = False  # who is up has no excuse
    await scene.acknowledged(25)
    before = await scene.decided_by_checks()

    async def some_are_decided() -> bool:
        return await scene.decided_by_checks() > before

    await scene.until(f"a verdict with {what} for a log", some_are_decided)
    for process in processes:
        scene.must(process.runs, f"{process.name} ended with {what} for a log ({process.exit_code})")
    scene.load.hurt = scene.people.hurt = True
