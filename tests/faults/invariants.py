"""I1 to I8, checked after the heal and the drain of every fault."""

import asyncio
import time

import aiohttp
from redis import Redis

from tests.equipment.conditions import WaitedInVain, until
from tests.equipment.ledger import Balance, Stored, balance
from tests.faults import census
from tests.faults.canaries import Watch
from tests.faults.census import Census
from tests.faults.scene import Scene
from tests.faults.system import System

CALM_S = 45.0
"""How long processes may take to let go of what an outage made them hold."""

# A published comment without a decision that published exactly this version.
_PUBLISHED_UNSEEN = """
    SELECT count(*) AS n FROM comment c WHERE c.status = 'published' AND NOT EXISTS (
        SELECT 1 FROM decision d WHERE d.site_id = c.site_id AND d.comment_id = c.id
        AND d.version = c.version AND d.status = 'published' AND d.action IN ('publish', 'approve', 'undo'))
"""
_VERDICTS_TWICE = """
    SELECT count(*) AS n FROM (
        SELECT 1 FROM decision WHERE source = 'checks' GROUP BY site_id, comment_id HAVING count(*) > 1
        EXCEPT ALL SELECT 1 FROM decision WHERE action = 'undo' GROUP BY site_id, comment_id) AS twice
"""
_CHECKS_AFTER_A_PERSON = """
    SELECT count(*) AS n FROM decision c JOIN decision m USING (site_id, comment_id)
    WHERE c.source = 'checks' AND m.source = 'moderator' AND m.action <> 'undo' AND c.id > m.id
    AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.site_id = c.site_id AND u.comment_id = c.comment_id
                    AND u.action = 'undo')
"""


async def check_ledger(scene: Scene) -> Balance:
    """I1, I2 and I5 by the ledger, I3 and I5 by the history."""
    rows = await scene.system.sql(
        "SELECT id::text, text, status, version FROM comment WHERE position($1 in text) > 0", f"{scene.tag}-"
    )
    result = balance(scene.ledger, [Stored(*row) for row in rows])
    for query, what in (
        (_PUBLISHED_UNSEEN, "I3: {} comments are published without a decision that says so"),
        (_VERDICTS_TWICE, "I3: {} comments have two verdicts of the checks"),
        (_CHECKS_AFTER_A_PERSON, "I5: {} comments were decided by the checks after a moderator had"),
    ):
        if count := (await scene.system.sql(query))[0]["n"]:
            result.faults.append(what.format(count))
    return result


async def drain(scene: Scene) -> int:
    """I4: wait until nothing is pending; how many comments are stuck."""
    left = scene.timings.recover_s - (time.monotonic() - (scene.healed_at or time.monotonic()))
    try:
        await until("an empty backlog", lambda: _is_empty(scene), seconds=max(left, 5.0), every=0.1)
    except WaitedInVain:
        return await scene.pending()
    return 0


async def _is_empty(scene: Scene) -> bool:
    return await scene.pending() == 0


async def check_leaks(scene: Scene, watch: Watch) -> list[str]:
    """I6: no canary in answers, logs, Redis or metrics."""
    metrics = [await _metrics(url) for url in scene.system.web_urls()]
    found = await asyncio.to_thread(watch.in_words, "answers", [*scene.answers.heard, *metrics])
    found += await asyncio.to_thread(watch.in_files, _files(scene.system))
    found += await asyncio.to_thread(watch.in_words, "Redis", _values(scene.system))
    return [f"I6: {line}" for line in found]


async def check_calm(system: System, before: Census) -> list[str]:
    """I8: within a while every process holds no more than it did."""
    found: list[str] = []

    async def calm() -> bool:
        found[:] = census.compare(system, before, await census.take(system))
        return not found

    try:
        await until("calm", calm, seconds=CALM_S, every=0.5)
    except WaitedInVain:
        return found
    return []


def _files(system: System) -> list[object]:
    data = system.redis.server.data
    kept = [path for path in data.rglob("*") if path.is_file()]
    return [*system.logs(), *kept]  # type: ignore[list-item]


def _values(system: System) -> list[bytes]:
    """Every key and value of Redis, as it stores them."""
    with Redis.from_url(system.redis_url, socket_timeout=5) as client:
        keys = list(client.scan_iter(count=1000))
        return [part for key in keys for part in (key, client.dump(key) or b"")]


async def _metrics(url: str) -> bytes:
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
        session.get(f"{url}/metrics") as answer,
    ):
        return await answer.read()
