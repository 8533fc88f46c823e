"""F14: every connection of Postgres is taken; and many web processes connect at once after a restart."""

import asyncio
import signal
from contextlib import suppress

import asyncpg

from tests.faults.registry import fault
from tests.faults.scene import Scene

MORE_WEBS = 6
TAKEN_S = 3.0
CALM_WITHIN = 15  # times two seconds


@fault("F14", "max_connections exhausted; storm of 8 web processes after a restart")
async def connections_exhausted(scene: Scene) -> None:
    """503 while no connection is left; web recovers by itself, and connects no more often than it may."""
    before = scene.count("submission 503")
    idle = await _take_all(scene)
    scene.system.lines["web-postgres"].drop_established()
    idle += await _take_all(scene)
    await scene.until("a refusal", lambda: scene.count("submission 503") > before, 20)
    await scene.hold(TAKEN_S)
    for connection in idle:
        connection.terminate()
    await scene.acknowledged(5)
    webs = [scene.system.add_web() for _ in range(MORE_WEBS)]
    await scene.system.until_ready()
    scene.load.burst(60)
    await scene.system.postgres.restart(signal.SIGINT)
    scene.healed()
    # Eight processes that connect at once may be shed meanwhile; whoever tries again gets in.
    await asyncio.wait_for(asyncio.gather(*scene.load.burst(60)), 60)
    await scene.until("a submission after the restart", scene.taken_again, 30)
    await _settled(scene)
    rows = await scene.system.sql(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name LIKE 'replydesk-%'"
    )
    scene.note(
        f"{len(idle)} idle connections; after the restart 8 web processes and the worker hold {rows[0]['n']}"
    )
    await scene.rest_of_load()
    for web in webs:
        scene.system.remove(web)


async def _settled(scene: Scene) -> None:
    """Within half a minute nobody is refused any more."""
    for _ in range(CALM_WITHIN):
        refused = scene.count("submission 503")
        await scene.hold(2)
        if scene.count("submission 503") == refused:
            return
    scene.must(False, "submissions were still refused half a minute after Postgres was back")


async def _take_all(scene: Scene) -> list[asyncpg.Connection]:
    """Connect until Postgres says that there are too many."""
    taken: list[asyncpg.Connection] = []
    with suppress(asyncpg.TooManyConnectionsError):
        while len(taken) < 200:
            taken.append(await asyncpg.connect(scene.system.postgres_url, timeout=10))
    return taken
