"""F1: kill -9 of a web process in the middle of requests."""

from tests.faults.registry import fault
from tests.faults.scene import Scene

KILLS = 4
AT_ONCE = 20


@fault("F1", "kill -9 web mid-request", hurts_web=True, in_soak=True)
async def web_killed(scene: Scene) -> None:
    """The client sees a broken connection and knows nothing; with the same key it gets the same id."""
    system = scene.system
    before = scene.count("submission broken")
    tries = []
    for _ in range(KILLS):
        victim = scene.random.choice(scene.webs)
        tries += scene.load.burst(AT_ONCE)
        await scene.hold(scene.random.uniform(0.01, 0.15))
        victim.kill()
        await scene.acknowledged(5)
        victim.start()
        await system.until_ready()
    scene.healed()
    sent = [await one for one in tries]
    broken = scene.count("submission broken") - before
    again = [entry for entry in sent if entry.tries > 1]
    scene.note(
        f"{KILLS} kills broke {broken} requests; {len(again)} submissions of the bursts were tried again"
    )
    scene.must(broken, "no request was under way when its process was killed: the fault did nothing")
    scene.must(
        all(entry.ids or entry.acknowledged_at for entry in sent), "a reader who tried again got no id"
    )
