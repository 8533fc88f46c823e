"""F7: Redis accepts connections and never answers."""

from tests.faults.f05_redis_down import Calm
from tests.faults.registry import fault
from tests.faults.scene import Scene

PUBLISH_S = 2.0


@fault("F7", "Redis accepts and never answers (SIGSTOP)", in_soak=True)
async def redis_frozen(scene: Scene) -> None:
    """A ring is bounded and off the request's path; checks go on by polling."""
    before, since = await scene.decided_by_checks(), len(scene.answers.times["submission"])
    scene.system.redis.freeze()
    calm = Calm(scene)
    try:
        await scene.acknowledged(30)
        await scene.hold(scene.timings.outage_s)
        decided = await scene.decided_by_checks() - before
    finally:
        scene.system.redis.thaw()
        scene.healed()
    calm.must_be_typical()
    slowest = scene.slowest("submission", since)
    scene.must(slowest < PUBLISH_S, f"a submission took {slowest:.1f} s: it waited for Redis")
    scene.must(decided, "nothing was checked while Redis was frozen")
    scene.note(f"{decided} decided without Redis")
