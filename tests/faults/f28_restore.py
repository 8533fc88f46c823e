"""F28: a backup is restored to an older point while Redis keeps what it knew."""

import asyncio
import subprocess
from pathlib import Path

import asyncpg

from service.domain.status import Status
from service.embedded.postgres import NAME, PLAIN_ENVIRONMENT
from tests.equipment.ledger import Entry, Outcome
from tests.faults.canaries import ADDRESSES
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, sending

BEFORE, PENDING, AFTER = 30, 6, 20
ERASED = f"restored.{ADDRESSES[0]}"


@fault("F28", "a restore to an older point, Redis kept, an erasure between", load=False, hurts_web=True)
async def restore(scene: Scene) -> None:
    """Old rings harm nobody, keys that are sent again are taken again, the erased stays erased."""
    backup = scene.system.home.root / "tmp" / "backup"
    async with sending(scene, hurt=True) as sender:
        await _send(scene, sender, BEFORE)
        erased = sender.entry("Words that are taken back")
        erased_id = (await sender.send(erased, email=ERASED)).document["id"]
        await scene.until("an empty backlog", lambda: _is_empty(scene))
        for worker in scene.system.workers:
            worker.kill()
        await _send(scene, sender, PENDING)
        await _pg(scene, "pg_dump", "--format=custom", f"--file={backup}", scene.system.postgres_url)
        await asyncio.to_thread(scene.system.command, "erase", typed=f"{ERASED}\n")
        ledger = await asyncio.to_thread(scene.system.command, "erase", "--ledger")
        later = await _send(scene, sender, AFTER)
        await _restore(scene, backup)
        await asyncio.to_thread(scene.system.command, "erase", "--reapply", typed=f"{ledger}\n")
        for entry in (erased, *later):
            entry.outcome = Outcome.UNKNOWN  # the backup does not know it, or it was erased
            entry.ids.clear()
        for worker in scene.system.workers:
            worker.start()
        await scene.system.until_ready()
        for entry in later:
            await _again(scene, sender, entry)
        await _send(scene, sender, AFTER)
    scene.healed()
    scene.afterwards(lambda: _stays_erased(scene, str(erased_id)))


async def _send(scene: Scene, sender: Sender, count: int) -> list[Entry]:
    first = len(scene.ledger.entries)
    for place in range(0, count, 10):
        await asyncio.gather(*(sender.submit() for _ in range(min(10, count - place))))
    return scene.ledger.entries[first:]


async def _again(scene: Scene, sender: Sender, entry: Entry) -> None:
    """A client that kept its key sends again."""
    reply = await sender.send(entry)
    scene.must(reply.status == 202, f"what the backup does not know was answered {reply.status}")


async def _restore(scene: Scene, backup: Path) -> None:
    """As docs/operations.md says: the database goes, and comes again as it was."""
    url = scene.system.postgres.server.url("postgres")
    connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
    try:
        await connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    finally:
        await connection.close(timeout=5)
    await _pg(scene, "pg_restore", "--create", "--exit-on-error", f"--dbname={url}", str(backup))


async def _pg(scene: Scene, program: str, *words: str) -> None:
    path = scene.system.postgres.server.programs / program
    done = await asyncio.to_thread(
        subprocess.run,
        [str(path), *words],
        env=PLAIN_ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{program}: {done.stderr[-300:]}"


async def _is_empty(scene: Scene) -> bool:
    return await scene.pending() == 0


async def _stays_erased(scene: Scene, comment_id: str) -> None:
    query = """
        SELECT status, text,
            (SELECT count(*) FROM comment_email e WHERE e.comment_id = comment.id) AS addresses
        FROM comment WHERE id = $1::text::uuid
    """
    (row,) = await scene.system.sql(query, comment_id)
    scene.must(row["status"] == Status.ERASED, f"what was erased came back: {row['status']}")
    scene.must("taken back" not in row["text"], "the erased text came back")
    scene.must(not row["addresses"], "the erased address came back")
