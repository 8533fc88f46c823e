"""F4: SIGTERM to web, worker and scheduler in turn, behind a proxy that watches readiness and tries again."""

import asyncio
import signal
import time
from contextlib import suppress

from tests.equipment.conditions import WaitedInVain
from tests.equipment.processes import Process
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.system import answers_ready, readiness, web_url

GRACE_S = 20.0
"""`stop_grace_period` of the compose file."""

ROUNDS = 2
PROXY_TRIES = 3


@fault("F4", "SIGTERM web and worker under load, rolling restart", in_soak=True)
async def rolling_restart(scene: Scene) -> None:
    """No request fails; readiness is false before the port closes; each ends by itself within the grace."""
    system = scene.system
    broken, refused = scene.count("submission broken"), scene.count("submission 503")
    balancer = asyncio.create_task(_balance(scene))
    try:
        for _ in range(ROUNDS):
            for web in scene.webs:
                await _restart_web(scene, web, web_url(system, web))
        for process in (*scene.workers, *system.schedulers):
            await _restart(scene, process)
    finally:
        balancer.cancel()
        scene.load.webs = scene.people.webs = system.web_urls
        scene.load.proxy_tries = scene.people.proxy_tries = 1
    scene.healed()
    failed = scene.count("submission broken") - broken + scene.count("submission 503") - refused
    scene.must(not failed, f"{failed} requests failed")


async def _balance(scene: Scene) -> None:
    """Send requests only where readiness says so, and try the next one where a connection breaks."""
    scene.load.proxy_tries = scene.people.proxy_tries = PROXY_TRIES
    ready = scene.system.web_urls()
    scene.load.webs = scene.people.webs = lambda: ready or scene.system.web_urls()
    while True:
        urls = scene.system.web_urls()
        states = await asyncio.gather(*(answers_ready(url) for url in urls))
        ready[:] = [url for url, is_ready in zip(urls, states, strict=True) if is_ready]
        await asyncio.sleep(0.05)


async def _restart_web(scene: Scene, web: Process, url: str) -> None:
    web.signal(signal.SIGTERM)
    began, seen = time.monotonic(), []
    while web.runs and time.monotonic() - began < GRACE_S:
        seen.append(await readiness(url))
        await asyncio.sleep(0.02)
    scene.must(503 in seen, f"{web.name}: nobody could see that it was not ready ({seen[:5]})")
    _ended_well(scene, web, time.monotonic() - began)
    web.start()
    await scene.system.until_ready()
    await scene.hold(0.3)  # until the balancer has seen it


async def _restart(scene: Scene, process: Process) -> None:
    process.signal(signal.SIGTERM)
    took_s = GRACE_S
    with suppress(WaitedInVain):
        took_s = await scene.until(f"{process.name} to end", lambda: not process.runs, GRACE_S)
    _ended_well(scene, process, took_s)
    process.start()


def _ended_well(scene: Scene, process: Process, took_s: float) -> None:
    scene.must(process.exit_code == 0, f"{process.name} ended with {process.exit_code}")
    scene.must(took_s < GRACE_S, f"{process.name} took {took_s:.1f} s to end")
    scene.note(f"{process.name} ended in {took_s:.1f} s")
    if process.runs:
        process.kill()
