"""F13: the network between web and Postgres: reset, frozen, frozen on the way back, after COMMIT."""

from tests.equipment.line import Way
from tests.faults.f09_postgres_restart import must_be_whole
from tests.faults.registry import fault
from tests.faults.scene import Scene

LASTS_S = 3.5
"""Longer than the time-out of a command."""


@fault("F13", "network cut web to Postgres: RST, freeze, freeze after COMMIT", in_soak=True)
async def network_cut(scene: Scene) -> None:
    """Every request is answered in time; whoever does not know tries again with the same key."""
    line = scene.system.lines["web-postgres"]
    for _ in range(3):
        line.drop_established()
        await scene.hold(scene.random.uniform(0.2, 0.6))
    await line.cut()
    await scene.hold(1.0)
    await line.mend()
    await scene.acknowledged(5)
    for ways in (tuple(Way), (Way.TO_CLIENT,)):
        line.freeze(*ways)
        await scene.hold(LASTS_S)
        line.thaw()
        await scene.acknowledged(5)
    line.freeze_answers_after(b"COMMIT")
    scene.load.burst(15)
    await scene.until("answers to COMMIT to be lost", lambda: line.burnt >= 5, 30)
    await scene.hold(1.0)
    lost = line.burnt
    await line.mend()
    scene.healed()
    await must_be_whole(scene)
    scene.note(f"{lost} answers to a COMMIT were lost")
