"""F5: Redis is killed and stays away."""

import signal
from functools import partial

from tests.faults.registry import fault
from tests.faults.scene import Scene

TYPICAL_S = 0.5


@fault("F5", "Redis down", in_soak=True)
async def redis_down(scene: Scene) -> None:
    """Submissions are taken as before; checks go on by polling."""
    before = await scene.decided_by_checks()
    await scene.system.redis.end(signal.SIGKILL)
    calm = Calm(scene)
    until_decided = scene.timings.sweep_s * 3 + 20
    waited = await scene.until("checks without Redis", partial(_more_than, scene, before + 20), until_decided)
    await scene.hold(max(0.0, scene.timings.outage_s - waited))
    calm.must_be_typical()
    await scene.system.redis.start()
    scene.healed()
    scene.note(f"the first twenty were decided without Redis after {waited:.1f} s")


async def _more_than(scene: Scene, count: int) -> bool:
    return await scene.decided_by_checks() > count


class Calm:
    """Readers notice nothing from here on: no refusal, and answers as fast as ever, typically."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.since = len(scene.answers.times["submission"])
        self.refused = scene.count("submission 503")

    def must_be_typical(self) -> None:
        """Note what was not calm since this was made."""
        times = sorted(self.scene.answers.times["submission"][self.since :]) or [0.0]
        median = times[len(times) // 2]
        self.scene.note(f"submissions meanwhile: median {median * 1000:.0f} ms, slowest {times[-1]:.2f} s")
        self.scene.must(median < TYPICAL_S, f"submissions typically took {median:.2f} s")
        refused = self.scene.count("submission 503") - self.refused
        self.scene.must(not refused, f"{refused} submissions were refused because of Redis")
