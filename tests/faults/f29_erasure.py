"""F29: a person is erased while the comment is being checked."""

import asyncio

from service.domain.status import Status
from tests.equipment.ledger import Entry, Outcome
from tests.faults.canaries import ADDRESSES
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, sending
from tests.faults.shape import Shape

# A check that waits as long as the erasure needs.
SHAPE = Shape(
    worker_app="tests.workers.slow_app",
    settings={"REPLYDESK_CHECK_DEADLINE_S": "10", "REPLYDESK_LEASE_S": "45"},
)
ROUNDS = 4
_LEFT = """
    SELECT status, text, author, website,
        (SELECT count(*) FROM comment_email e WHERE e.comment_id = comment.id) AS addresses,
        (SELECT count(*) FROM decision d WHERE d.comment_id = comment.id AND d.findings <> '[]') AS findings
    FROM comment WHERE id = $1::text::uuid
"""


@fault("F29", "an erasure while the comment is being checked", shape=SHAPE, load=False)
async def erasure(scene: Scene) -> None:
    """After it nothing that is written brings anything back."""
    erased: list[tuple[str, Entry]] = []
    async with sending(scene) as sender:
        erased += [await _round(scene, sender, number) for number in range(ROUNDS)]
    scene.healed()
    scene.afterwards(lambda: _nothing_came_back(scene, erased))


async def _round(scene: Scene, sender: Sender, number: int) -> tuple[str, Entry]:
    """Erased before the verdict is written, or at the same time."""
    go_on, address = scene.system.meeting / "go-on", ADDRESSES[number % len(ADDRESSES)]
    go_on.unlink(missing_ok=True)
    looks = len(_looks(scene))
    entry = sender.entry("wait for the erasure")
    reply = await sender.send(entry, email=f"erased{number}.{scene.tag.lower()}.{address}")
    scene.must(reply.status == 202, f"answered {reply.status}")
    await scene.until("the check to begin", lambda: len(_looks(scene)) > looks, 120)
    typed = f"erased{number}.{scene.tag.lower()}.{address}\n"
    erasing = asyncio.create_task(asyncio.to_thread(scene.system.command, "erase", typed=typed))
    if number % 2 == 0:
        await erasing
    go_on.touch()
    await erasing
    entry.outcome = Outcome.UNKNOWN  # it was promised, and then taken back
    return str(reply.document["id"]), entry


def _looks(scene: Scene) -> list[object]:
    return list(scene.system.meeting.glob("seen-wait-*"))


async def _nothing_came_back(scene: Scene, erased: list[tuple[str, Entry]]) -> None:
    for comment_id, entry in erased:
        scene.ledger.rulings.pop(comment_id, None)  # an erasure overrules a moderator
        (row,) = await scene.system.sql(_LEFT, comment_id)
        scene.must(row["status"] == Status.ERASED, f"an erased comment is {row['status']}")
        scene.must(entry.text not in row["text"], "an erased text is there")
        scene.must("Reader" not in row["author"], "an erased name is there")
        scene.must(not row["addresses"], "an erased address is there")
        scene.must(not row["findings"], "findings about an erased text are there")
