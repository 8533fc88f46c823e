"""F2: kill -9 of a pool's child, a worker's parent, and the whole group, each in the middle of a check."""

from functools import partial

from tests.equipment.conditions import WaitedInVain
from tests.equipment.ledger import Entry
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.shape import Shape

ORDERS = ("kill-child", "kill-parent", "kill-group", "kill-child")
TRIES = 12
HURTFUL = Shape(worker_app="tests.faults.hurtful_app")


@fault("F2", "kill -9 worker child, parent, group mid-check", shape=HURTFUL)
async def worker_killed(scene: Scene) -> None:
    """The comment is claimed again after its lease, counts one attempt more, and gets one verdict."""
    worker = scene.system.workers[0]
    entries: list[Entry] = []
    for order in ORDERS:
        entries.append(await obeyed(scene, order))
        if order != "kill-child":
            worker.wait(10)
            worker.end()
            worker.start()
    scene.healed()
    scene.afterwards(partial(_have_one_verdict, scene, entries))


async def _have_one_verdict(scene: Scene, entries: list[Entry]) -> None:
    for entry in entries:
        row = await find(scene, entry)
        scene.must(row["attempts"] == 2, f"{entry.text[:40]} counts {row['attempts']} attempts, not 2")
        scene.must(row["verdicts"] == 1, f"{entry.text[:40]} has {row['verdicts']} verdicts")


async def obeyed(scene: Scene, order: str) -> Entry:
    """A comment whose check has hurt its process just now.

    What a patrol checks meets no such check: then another one is sent.
    """
    for _ in range(TRIES):
        entry = await scene.load.submit_words(f"{order} {scene.random.getrandbits(64):016x}")
        await scene.until(f"a look at {order}", partial(_was_looked_at, scene, entry), scene.patience_s)
        if was_hurt(scene, entry):
            return entry
    raise WaitedInVain(f"no worker looked at any of {TRIES} comments that say {order}")


async def _was_looked_at(scene: Scene, entry: Entry) -> bool:
    return was_hurt(scene, entry) or (await find(scene, entry))["status"] != "pending"


def was_hurt(scene: Scene, entry: Entry) -> bool:
    """Whether the check that looked at it has hurt its process."""
    word, number = entry.text.split()[:2]
    return (scene.system.meeting / f"{word}-{number}").exists()


async def find(scene: Scene, entry: Entry) -> dict[str, object]:
    """What is stored of it: `id`, `attempts`, `status`, `verdicts` of the checks."""
    rows = await scene.system.sql(
        """
        SELECT c.id::text AS id, attempts, status, (
            SELECT count(*) FROM decision d WHERE d.comment_id = c.id AND d.source = 'checks') AS verdicts
        FROM comment c WHERE text = $1
        """,
        entry.text,
    )
    return dict(rows[0])
