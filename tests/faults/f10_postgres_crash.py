"""F10: Postgres stops at once, as in a crash, and recovers from its log."""

import signal

from tests.faults.f09_postgres_restart import must_be_well, must_be_whole
from tests.faults.registry import fault
from tests.faults.scene import Scene

CRASHES = 3


@fault("F10", "Postgres immediate stop (crash)", in_soak=True)
async def postgres_crash(scene: Scene) -> None:
    """What was acknowledged is there: the ledger tells. Nothing is half written."""
    for crash in range(CRASHES):
        scene.load.burst(10)
        await scene.hold(scene.random.uniform(0.0, 0.3))
        # The last time the whole server dies as by kill -9, with whatever it was writing.
        number = signal.SIGQUIT if crash < CRASHES - 1 else signal.SIGKILL
        await scene.system.postgres.restart(number)
        if crash < CRASHES - 1:
            await scene.acknowledged(10)
    scene.healed()
    await must_be_well(scene)
    await must_be_whole(scene)
