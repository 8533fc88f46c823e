"""F7: Redis accepts connections and never answers."""

from tests.faults.registry import fault
from tests.faults.scene import Scene

PUBLISH_S = 2.0


@fault("F7", "Redis accepts and never answers (SIGSTOP)", in_soak=True)
async def redis_frozen(scene: Scene) -> None:
    """A ring is bounded and off the request's path; checks go on by polling."""
    system = scene.system
    before, since = await scene.decided_by_checks(), len(scene.answers.times["submission"])
    refused = scene.count("submission 503")
    system.redis.freeze()
    try:
        await scene.acknowledged(30)
        await scene.hold(scene.timings.outage_s)
        decided = await scene.decided_by_checks() - before
    finally:
        system.redis.thaw()
        scene.healed()
    slowest = scene.slowest("submission", since)
    scene.note(f"slowest submission while Redis was frozen {slowest:.2f} s, {decided} decided without it")
    scene.must(slowest < PUBLISH_S, f"a submission took {slowest:.1f} s: it waited for Redis")
    scene.must(scene.count("submission 503") == refused, "submissions were refused because of Redis")
