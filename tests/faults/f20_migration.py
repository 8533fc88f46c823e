"""F20: the schema changes under traffic: a column, an index built beside, a constraint, another type."""

import asyncio
import time

import asyncpg

from tests.faults.registry import fault
from tests.faults.scene import Scene

CHANGES = (
    "ALTER TABLE comment ADD COLUMN f20 text",
    "CREATE INDEX CONCURRENTLY f20_index ON comment (site_id, submitted_at)",
    "ALTER TABLE comment ADD CONSTRAINT f20_check CHECK (f20 IS NULL OR f20 <> '') NOT VALID",
    "ALTER TABLE comment VALIDATE CONSTRAINT f20_check",
    # Another type of a column that the code reads: plans that are cached for it are stale.
    "ALTER TABLE page ALTER COLUMN title TYPE varchar(1000)",
    "ALTER TABLE page ALTER COLUMN title TYPE text",
    "ALTER TABLE comment DROP CONSTRAINT f20_check",
    "DROP INDEX CONCURRENTLY f20_index",
    "ALTER TABLE comment DROP COLUMN f20",
)
LOCK_TIMEOUT = "1s"


@fault("F20", "migrations under traffic: column, index, constraint, type")
async def migration(scene: Scene) -> None:
    """Only short refusals, never an error; stale plans are made again."""
    scene.afterwards(lambda: _leave_nothing(scene))
    for change in CHANGES:
        refused = scene.count("submission 503")
        began = time.monotonic()
        await _apply(scene, change)
        await scene.acknowledged(12)
        took = time.monotonic() - began
        if refused != scene.count("submission 503"):
            scene.note(f"{scene.count('submission 503') - refused} refused while: {change.split(' ', 4)[:4]}")
        scene.must(took < 60, f"{change}: traffic stood still for {took:.0f} s")
    scene.healed()


async def _apply(scene: Scene, change: str) -> None:
    """As the migration runner does: with a short lock time-out, and again while a table is locked."""
    connection = await asyncpg.connect(scene.system.postgres_url, timeout=10, command_timeout=60)
    try:
        await connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        for _ in range(30):
            try:
                await connection.execute(change)
            except asyncpg.LockNotAvailableError:
                await asyncio.sleep(0.3)
            else:
                return
        scene.must(condition=False, what=f"{change}: never got its lock")
    finally:
        await connection.close(timeout=5)


async def _leave_nothing(scene: Scene) -> None:
    rows = await scene.system.sql(
        "SELECT count(*) AS n FROM pg_indexes WHERE indexname = 'f20_index'"
        " UNION ALL SELECT count(*) FROM information_schema.columns WHERE column_name = 'f20'"
    )
    scene.must(not sum(row["n"] for row in rows), "the trial's column or index is still there")
