"""F8: what is open between worker and Redis becomes a black hole; new connections work."""

from tests.faults.registry import fault
from tests.faults.scene import Scene

CONSUMES_AGAIN_S = 60.0


@fault("F8", "worker and Redis: established connections blackholed")
async def redis_black_hole(scene: Scene) -> None:
    """The worker consumes again within a minute; what was lost on the way is found by the sweep."""
    lines = [scene.system.lines[name] for name in ("worker-redis", "scheduler-redis")]
    before = [line.connections for line in lines]
    decided = await scene.decided_by_checks()
    for line in lines:
        line.swallow_established()
    polled = await scene.until(
        "checks by polling", lambda: _more_than(scene, decided + 20), scene.timings.sweep_s * 3 + 30
    )
    waited = await scene.until(
        "the worker to connect to Redis anew", lambda: lines[0].connections > before[0], CONSUMES_AGAIN_S
    )
    scene.healed()
    scene.note(
        f"checks went on after {polled:.1f} s, the worker listened again after {polled + waited:.0f} s"
    )


async def _more_than(scene: Scene, count: int) -> bool:
    return await scene.decided_by_checks() > count
