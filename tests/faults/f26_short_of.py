"""F26: the web processes run out of file descriptors, then of memory."""

import asyncio
import contextlib
import re
import resource
from pathlib import Path

from tests.equipment.processes import Process
from tests.faults.registry import fault
from tests.faults.scene import Scene

FILES = 128
CROWD = 300
SPARE_MB = 4
MIB = 1024 * 1024


@fault("F26", "128 file descriptors, then hardly any memory", hurts_web=True)
async def short_of(scene: Scene) -> None:
    """It refuses and recovers; what was acknowledged is there."""
    webs = scene.system.webs
    await _few_files(scene, webs)
    await _little_memory(scene, webs)
    scene.healed()


async def _few_files(scene: Scene, webs: list[Process]) -> None:
    before = [resource.prlimit(web.pid, resource.RLIMIT_NOFILE, (FILES, 20_000)) for web in webs]
    crowd = []
    try:
        for url in scene.system.web_urls():
            host, _, port = url.removeprefix("http://").partition(":")
            for _ in range(CROWD):
                with contextlib.suppress(OSError, TimeoutError):
                    async with asyncio.timeout(2):
                        crowd.append((await asyncio.open_connection(host, int(port)))[1])
        await scene.hold(2)
    finally:
        for writer in crowd:
            writer.transport.abort()
        for web, limit in zip(webs, before, strict=True):
            resource.prlimit(web.pid, resource.RLIMIT_NOFILE, limit)
    scene.note(f"{len(crowd)} connections against {FILES} descriptors")
    await scene.acknowledged(15)


async def _little_memory(scene: Scene, webs: list[Process]) -> None:
    before = {web.pid: resource.prlimit(web.pid, resource.RLIMIT_DATA) for web in webs}
    try:
        for web in webs:
            limit = _data_of(web.pid) + SPARE_MB * MIB
            resource.prlimit(web.pid, resource.RLIMIT_DATA, (limit, before[web.pid][1]))
        await scene.hold(4)
    finally:
        for web in webs:
            if web.runs and web.pid in before:
                resource.prlimit(web.pid, resource.RLIMIT_DATA, before[web.pid])
    ended = sum(not web.runs for web in webs)
    scene.note(f"with {SPARE_MB} MB to spare, {ended} web processes ended")
    for web in webs:
        if not web.runs:
            web.start()  # as a supervisor does
    await scene.system.until_ready()
    await scene.acknowledged(15)


def _data_of(pid: int) -> int:
    """Its private writable memory, in bytes, as RLIMIT_DATA counts it."""
    found = re.search(r"VmData:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) * 1024
