"""F15: deadlocks among moderators: lists in opposite order, and a session that locks crosswise."""

import asyncio
from typing import Any

import asyncpg

from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, second_token, sending

ROUNDS = 3
MANY = 20


@fault("F15", "deadlocks: moderators in opposite order, a session across them", in_soak=True)
async def deadlock(scene: Scene) -> None:
    """Every decision is made once or refused as stale; a deadlock is tried again and nobody hears of it."""
    other = await second_token(scene)
    async with sending(scene) as sender:
        ids = []
        for _ in range(MANY // 10):
            ids += await asyncio.gather(*(sender.submit() for _ in range(10)))
        made = 0
        for _ in range(ROUNDS):
            forward = await _decisions(scene, ids, {"published": "spam"}, "approve")
            backward = await _decisions(scene, ids, {"rejected": "hold"}, "reject")
            results = await asyncio.gather(sender.decide(forward), sender.decide(backward[::-1], other))
            made += _judge(scene, results[0], results[1][::-1])
        scene.note(f"{made} decisions by two moderators in opposite order")
        await _cross(scene, sender, ids[0])
    scene.healed()


async def _decisions(
    scene: Scene, ids: list[str], by_status: dict[str, str], usual: str
) -> list[dict[str, Any]]:
    """Decisions each of which changes something: what a status is turned into, and what every other is."""
    query = "SELECT id::text, status, version FROM comment WHERE id = ANY($1::uuid[]) ORDER BY id"
    return [
        {"id": row["id"], "version": row["version"], "action": by_status.get(row["status"], usual),
         "reason": "off_topic"}
        for row in await scene.system.sql(query, ids)
    ]  # fmt: skip


def _judge(scene: Scene, one: list[dict[str, Any]], other: list[dict[str, Any]]) -> int:
    """Of two decisions about one version at most one is made; the other is told what is current."""
    scene.must({len(one), len(other)} <= {MANY, 0}, "a list of decisions was not answered in whole")
    made = 0
    for results in zip(one, other, strict=False):
        won = [result for result in results if result["ok"]]
        refused = [result["problem"] for result in results if not result["ok"]]
        made += len(won)
        scene.must(len(won) <= 1, "one version was decided twice")
        scene.must(
            all(it["status"] == 503 or "version" in it.get("current", {}) for it in refused),
            f"a decision was refused otherwise than as stale: {[it.get('status') for it in refused]}",
        )
    return made


async def _cross(scene: Scene, sender: Sender, comment_id: str) -> None:
    """Lock the comment, let a decision lock its page and wait for it, then ask for the page."""
    connection = await asyncpg.connect(scene.system.postgres_url, timeout=10, command_timeout=20)
    before = await _deadlocks(connection)
    (ruling,) = await _decisions(scene, [comment_id], {"published": "spam"}, "approve")
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM comment WHERE id = $1::text::uuid FOR UPDATE", comment_id)
            decision = asyncio.create_task(sender.decide([ruling]))
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            await scene.until("the decision to wait", lambda: _waits_for(scene, pid), 10)
            await connection.execute(
                "SELECT FROM page WHERE id = (SELECT page_id FROM comment WHERE id = $1::text::uuid)"
                " FOR UPDATE",
                comment_id,
            )
    except asyncpg.DeadlockDetectedError:
        scene.note("the session was the victim")
    (result,) = await decision
    scene.must(result["ok"], "a deadlock reached the moderator")
    await scene.until("the deadlock to be counted", lambda: _more(connection, before), 10)
    await connection.close()


async def _waits_for(scene: Scene, pid: int) -> bool:
    rows = await scene.system.sql(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))", pid
    )
    return bool(rows[0]["n"])


async def _deadlocks(connection: Any) -> int:
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    count: int = await connection.fetchval(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    return count


async def _more(connection: Any, before: int) -> bool:
    return await _deadlocks(connection) > before
