"""F11: Postgres's disk is full; space is freed; everything heals by itself."""

from contextlib import suppress

import asyncpg

from tests.equipment.small_disk import why_not
from tests.faults.f09_postgres_restart import must_be_well, must_be_whole
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.shape import Shape

SMALL_DISK = Shape(small_disk_mb=220, postgres={"max_wal_size": "64MB", "min_wal_size": "32MB"})
FULL_S = 4.0


@fault("F11", "Postgres's disk full (tmpfs of 220 MB)", shape=SMALL_DISK, needs=why_not)
async def disk_full(scene: Scene) -> None:
    """503 while it is full; once there is space, neither web nor worker has to be restarted."""
    disk = scene.system.disk
    assert disk is not None
    before = scene.count("submission 503")
    processes = {process.name: process.pid for process in scene.system.processes()}
    disk.fill()
    await scene.until("the full disk to be noticed", lambda: _is_noticed(scene, before), 60)
    await scene.hold(FULL_S)
    scene.note(f"{scene.count('submission 503') - before} submissions were answered 503")
    disk.free()
    if scene.system.postgres.pid is None:  # it gave up, as it does when its recovery finds no space
        scene.note("Postgres had ended itself and was started again")
    await scene.system.mend()
    await scene.until("Postgres to answer", scene.system.postgres.is_ready, 60)
    scene.healed()
    await must_be_well(scene)
    await must_be_whole(scene)
    now = {process.name: process.pid for process in scene.system.processes() if process.runs}
    scene.must(now == processes, "web or worker did not live through it")


async def _is_noticed(scene: Scene, before: int) -> bool:
    """Postgres takes what is left of its log first: it is asked for a new piece."""
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await scene.system.sql("SELECT pg_switch_wal()")
    return scene.count("submission 503") > before + 3
