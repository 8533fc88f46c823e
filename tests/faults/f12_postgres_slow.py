"""F12: Postgres is slow: a table locked, statements that sleep, a slow network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.faults.registry import fault
from tests.faults.scene import Scene

AT_ONCE = 60
LASTS_S = 4.0
P99_S = 5.0
SLOW_INSERTS = """
    CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN NEW; END';
    CREATE TRIGGER pause BEFORE INSERT ON comment_email FOR EACH ROW EXECUTE FUNCTION pause()
"""


@fault("F12", "Postgres slow, a table locked", in_soak=True)
async def postgres_slow(scene: Scene) -> None:
    """Submissions are shed with 503; moderators and readers, who need other tables, go on."""
    async with _others_go_on(scene, "comment_email locked"), _locked(scene, "comment_email"):
        await asyncio.wait(scene.load.burst(AT_ONCE), timeout=LASTS_S)
    async with _others_go_on(scene, "slow inserts"):
        await scene.system.sql_script(SLOW_INSERTS)
        try:
            await asyncio.wait(scene.load.burst(AT_ONCE), timeout=LASTS_S)
        finally:
            await scene.system.sql_script("DROP FUNCTION pause CASCADE")
    async with _locked(scene, "comment"):  # nobody gets through, everybody is told so in time
        await scene.hold(LASTS_S)
    scene.system.lines["web-postgres"].delay(0.03)
    await scene.hold(LASTS_S)
    scene.system.lines["web-postgres"].delay(0)
    scene.healed()
    for who in ("submission", "moderator", "reader"):
        p99 = scene.answers.quantile(who, 0.99)
        scene.note(f"{who} p99 {p99:.2f} s")
        scene.must(p99 <= P99_S, f"{who}: p99 is {p99:.1f} s")


@asynccontextmanager
async def _others_go_on(scene: Scene, what: str) -> AsyncIterator[None]:
    """While it lasts, moderators and readers get answers, and no 503."""
    people = scene.people
    read, listed = people.read, scene.count("moderator 200")
    refused = scene.count("moderator 503"), scene.count("reader 503")
    yield
    now = scene.count("moderator 503"), scene.count("reader 503")
    scene.must(now == refused, f"{what}: moderators or readers were refused")
    scene.must(people.read > read, f"{what}: no reader got an answer")
    scene.must(scene.count("moderator 200") > listed, f"{what}: no moderator got an answer")


@asynccontextmanager
async def _locked(scene: Scene, table: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(scene.system.postgres_url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close(timeout=5)
