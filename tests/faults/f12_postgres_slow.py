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
SHARE = 0.2  # how often others may be refused by a machine that is busy
WORDS = ("moderator 200", "moderator 503", "reader 200", "reader 503")
SLOW_INSERTS = """
    CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN NEW; END';
    CREATE TRIGGER pause BEFORE INSERT ON comment_email FOR EACH ROW EXECUTE FUNCTION pause()
"""


@fault("F12", "Postgres slow, a table locked", in_soak=True)
async def postgres_slow(scene: Scene) -> None:
    """Submissions are shed with 503; moderators and readers, who need other tables, go on."""
    async with _locked(scene, "comment_email"):
        await _others_go_on(scene, "comment_email locked")
    await scene.system.sql_script(SLOW_INSERTS)
    try:
        await _others_go_on(scene, "slow inserts")
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


async def _others_go_on(scene: Scene, what: str) -> None:
    """Amid a flood of submissions, moderators and readers get their answers."""
    before = {word: scene.count(word) for word in WORDS}
    await asyncio.wait(scene.load.burst(AT_ONCE), timeout=LASTS_S)
    for who in ("moderator", "reader"):
        answered = f"{who} 200"
        await scene.until(
            f"an answer to a {who} ({what})", lambda it=answered: scene.count(it) > before[it], 15
        )
        good, refused = (scene.count(word) - before[word] for word in (answered, f"{who} 503"))
        scene.note(f"{what}: {who} {good} answers, {refused} times 503")
        scene.must(refused <= good * SHARE, f"{what}: {who} refused {refused} times, answered {good} times")


@asynccontextmanager
async def _locked(scene: Scene, table: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(scene.system.postgres_url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close(timeout=5)
