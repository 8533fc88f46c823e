"""F21: two schedulers, three workers, and sweeps without a ring, all at once."""

import asyncio
import subprocess
import sys

from service.embedded.layout import PROJECT
from tests.faults.registry import fault
from tests.faults.scene import Scene

_TWICE = """
    SELECT count(*) AS n FROM (
        SELECT comment_id FROM decision WHERE source = 'checks'
        GROUP BY comment_id, version HAVING count(*) > 1
    ) AS twice
"""


@fault("F21", "two schedulers, three workers, four sweeps at once", in_soak=True)
async def several(scene: Scene) -> None:
    """Nothing has a double effect."""
    system = scene.system
    added = [system.add_scheduler(), system.add_worker(), system.add_worker()]
    try:
        env = dict(system.workers[0].env)
        await scene.acknowledged(40)
        await asyncio.gather(*(asyncio.to_thread(_drain, env) for _ in range(4)))
        await scene.acknowledged(40)
    finally:
        for process in added:
            system.remove(process)
    scene.healed()

    async def once() -> None:
        twice = (await system.sql(_TWICE))[0]["n"]
        scene.must(not twice, f"{twice} comments have two verdicts about one version")

    scene.afterwards(once)


def _drain(env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workers.drain"],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
