"""F3: a worker that stands still past its lease and then goes on."""

import os
import signal
from contextlib import suppress
from functools import partial

from tests.equipment.ledger import Entry
from tests.faults.f02_worker_killed import find, obeyed
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.shape import Shape

TWO_WORKERS = Shape(worker_app="tests.faults.hurtful_app", workers=2)
FROZEN = 2


@fault("F3", "worker frozen past its lease (SIGSTOP, SIGCONT)", shape=TWO_WORKERS)
async def worker_frozen(scene: Scene) -> None:
    """Another worker decides meanwhile; the late verdict is rejected by its token."""
    entries = [await _freeze_a_child(scene) for _ in range(FROZEN)]
    worker = scene.system.workers[1]
    worker.freeze()
    await scene.hold(scene.timings.lease_s + 1)
    worker.thaw()
    scene.healed()
    scene.afterwards(partial(_have_one_verdict, scene, entries))


async def _freeze_a_child(scene: Scene) -> Entry:
    entry = await obeyed(scene, "stop-child")
    await scene.until("another worker to decide", partial(_is_decided, scene, entry), scene.patience_s)
    with suppress(ProcessLookupError):
        os.kill(_looker(scene, entry), signal.SIGCONT)
    await scene.until("the late verdict", partial(_was_told_no, scene, entry), scene.patience_s)
    return entry


def _looker(scene: Scene, entry: Entry) -> int:
    word, number = entry.text.split()[:2]
    return int((scene.system.meeting / f"{word}-{number}").read_text(encoding="ascii"))


async def _is_decided(scene: Scene, entry: Entry) -> bool:
    return (await find(scene, entry))["status"] != "pending"


async def _was_told_no(scene: Scene, entry: Entry) -> bool:
    wanted = str((await find(scene, entry))["id"])
    logs = "\n".join(worker.text() for worker in scene.system.workers)
    return any(wanted in line and "decided by another" in line for line in logs.splitlines())


async def _have_one_verdict(scene: Scene, entries: list[Entry]) -> None:
    for entry in entries:
        row = await find(scene, entry)
        scene.must(row["attempts"] == 2, f"{entry.text[:40]} counts {row['attempts']} attempts, not 2")
        scene.must(row["verdicts"] == 1, f"{entry.text[:40]} has {row['verdicts']} verdicts")
