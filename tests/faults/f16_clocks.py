"""F16: the clock of the database, and that of the other machines, jumps an hour ahead and an hour back."""

import asyncio

from tests.equipment.fake_clock import FakeClock, fake_clock, install
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, sending
from tests.faults.shape import Shape
from tests.faults.system import web_url

HOUR = 3600
LIMIT = 5
NETWORK = "203.0.113.9"


@fault("F16", "clocks jump by an hour: database, web, worker", shape=Shape(fake_clock=True), needs=install)
async def clocks(scene: Scene) -> None:
    """Early ends of leases are absorbed, nothing waits for an hour that was taken back, limits stay."""
    database = scene.system.clock
    assert database is not None
    try:
        for jump in (HOUR, 0, -HOUR, 0):
            database.jump(jump)
            await scene.acknowledged(25)
    finally:
        database.jump(0)
    await _others(scene)
    scene.healed()


async def _others(scene: Scene) -> None:
    """A web process and a worker whose machine jumps, beside those whose machines do not."""
    folder = scene.system.home.root / "clock"
    folder.mkdir(exist_ok=True)
    clock = fake_clock(folder / "offset")
    narrow = {"REPLYDESK_LIMIT_NETWORK": f"{LIMIT}/60", "REPLYDESK_TRUSTED_PROXIES": "127.0.0.1/32"}
    added = [scene.system.add_worker(**clock.env), scene.system.add_web(**narrow, **clock.env)]
    url = web_url(scene.system, added[1])
    try:
        await scene.system.until_ready()
        scene.system.ports.pop()  # the load leaves it alone: its limit is narrow
        async with sending(scene) as sender:
            await _limits_hold(scene, sender, url, clock)
    finally:
        clock.jump(0)
        for process in added:
            if process in scene.system.webs:
                scene.system.webs.remove(process)
                process.end()
            else:
                scene.system.remove(process)


async def _limits_hold(scene: Scene, sender: Sender, url: str, clock: FakeClock) -> None:
    """However its clock jumps, one network gets little more than a burst, and a token lives on."""
    taken = 0
    for jump in (0, HOUR, -HOUR, 0):
        clock.jump(jump)
        replies = await asyncio.gather(
            *(sender.send(sender.entry(), url=url, origin=NETWORK) for _ in range(3 * LIMIT))
        )
        taken += sum(reply.status == 202 for reply in replies)
        scene.must(any(reply.status == 429 for reply in replies), f"no limit after a jump of {jump} s")
        queue = await sender.ask(
            "moderator",
            "GET",
            f"{url}/api/v1/moderation/summary",
            headers={"Authorization": f"Bearer {scene.system.token}"},
        )
        scene.must(queue.status == 200, f"a moderator was answered {queue.status} after a jump of {jump} s")
    scene.note(f"{taken} taken from one network over four jumps, the limit is {LIMIT} a minute")
    scene.must(taken <= 8 * LIMIT, f"{taken} were taken from one network: jumps undo the limit")
