"""F23: two moderators and a worker decide one comment at the same time, two hundred times."""

import asyncio
from typing import Any

from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, second_token, sending

TIMES = 200
BESIDE = 10


@fault("F23", "two moderators and a worker at once, 200 times", in_soak=True)
async def at_once(scene: Scene) -> None:
    """One of them wins each time; the second moderator is told what is current."""
    other = await second_token(scene)
    winners = {"first": 0, "second": 0, "checks": 0}
    async with sending(scene) as sender:
        for _ in range(TIMES // BESIDE):
            for winner in await asyncio.gather(*(_race(scene, sender, other) for _ in range(BESIDE))):
                winners[winner] += 1
    scene.note("won by " + ", ".join(f"{name}: {count}" for name, count in winners.items()))
    scene.must(winners["first"] and winners["second"], "one moderator won every time: this was no race")
    scene.healed()


async def _race(scene: Scene, sender: Sender, other: str) -> str:
    """The worker hears of the comment by its submission; the moderators come as soon as it has an id."""
    comment_id, barrier = await sender.submit(), asyncio.Barrier(2)
    pause = scene.random.choice((0.0, 0.0, 0.004, 0.01))  # sometimes the worker is first

    async def decide(action: dict[str, Any], token: str) -> dict[str, Any]:
        await asyncio.sleep(pause)
        await barrier.wait()
        while True:  # "unavailable" says that nothing was decided, and to try again
            results = await sender.decide([action | {"id": comment_id, "version": 1}], token)
            if results and (results[0]["ok"] or results[0]["problem"]["status"] != 503):
                return results[0]
            await asyncio.sleep(0.2)

    first, second = await asyncio.gather(
        decide({"action": "approve"}, scene.system.token), decide({"action": "spam", "reason": "spam"}, other)
    )
    scene.must(not (first["ok"] and second["ok"]), "both moderators decided version 1")
    for result in (first, second):
        if not result["ok"]:
            current = result["problem"].get("current", {})
            scene.must(result["problem"].get("status") == 409, f"refused: {result['problem']}")
            scene.must(current.get("version", 0) >= 2, f"a stale decision was told {current}")
    return "first" if first["ok"] else "second" if second["ok"] else "checks"
