"""F18: comments that crash, hang or exhaust memory in their check, among innocent ones."""

from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import sending
from tests.faults.shape import Shape

POISONS = ("crash", "exit", "spin", "hoard", "grow", "recurse", "object", "odd", "quit", "dawdle")
SHAPE = Shape(worker_app="tests.workers.slow_app", settings={"REPLYDESK_CHECK_DEADLINE_S": "0.5"})

_INNOCENT = """
    SELECT count(*) AS n FROM comment WHERE status = 'held' AND reason = 'check_failed'
    AND position($1 in text) > 0 AND NOT split_part(text, ' ', 1) = ANY($2::text[])
"""


@fault("F18", "poison: crash, hang, 2 GB, a result that cannot be stored", shape=SHAPE)
async def poison(scene: Scene) -> None:
    """Each is held after at most three attempts; nobody else is."""
    async with sending(scene) as sender:
        ids = {await sender.submit(word): word for word in POISONS}

    async def none_is_pending() -> bool:
        query = "SELECT count(*) AS n FROM comment WHERE id = ANY($1::uuid[]) AND status = 'pending'"
        return not (await scene.system.sql(query, list(ids)))[0]["n"]

    took = await scene.until("every poison to be held", none_is_pending, 240)
    scene.note(f"{len(POISONS)} poisons held within {took:.0f} s")
    scene.healed()

    async def nobody_else() -> None:
        rows = await scene.system.sql(
            "SELECT id::text, status, reason, attempts FROM comment WHERE id = ANY($1::uuid[])", list(ids)
        )
        for row in rows:
            what = f"{ids[row['id']]} is {row['status']} ({row['reason']}) after {row['attempts']} attempts"
            by_person = row["id"] in scene.ledger.rulings
            scene.must(by_person or (row["status"], row["reason"]) == ("held", "check_failed"), what)
            scene.must(row["attempts"] <= 3, what)
        innocent = (await scene.system.sql(_INNOCENT, f"{scene.tag}-", list(POISONS)))[0]["n"]
        scene.must(not innocent, f"{innocent} innocent comments are held because of a poison")

    scene.afterwards(nobody_else)
