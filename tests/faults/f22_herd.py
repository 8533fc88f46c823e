"""F22: ten thousand comments wait after an outage of the workers; readers and senders feel nothing of it."""

from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import sending
from tests.faults.system import ORIGIN

HERD = 10_000
ALLOWED = 2.0
NOISE_S = 0.1
"""Of a quantile of so few answers on a machine that is not ours alone."""

CALMER = 5
MEASURED = 250
"""Submissions whose times make one figure."""

_COPY = """
    INSERT INTO comment (site_id, id, page_id, author_id, author, text, fingerprint)
    SELECT site_id, gen_random_uuid(), page_id, NULL, author, 'One of the herd, ' || n, sha256(n::text::bytea)
    FROM comment, generate_series(1, $2) AS n WHERE id = $1::text::uuid
"""


@fault("F22", "thundering herd: 10,000 pending after an outage")
async def herd(scene: Scene) -> None:
    """The backlog drains while the public p99 stays under twice what it is without one."""
    scene.load.considerate = False
    async with sending(scene) as sender:
        model = await sender.submit("Model of the herd", page_url=f"{ORIGIN}/herd")
    for worker in scene.system.workers:
        worker.kill()
    before = await _measure(scene)
    await scene.system.sql(_COPY, model, HERD)
    scene.must(await _left(scene) >= HERD, "the herd is not there")
    for worker in scene.system.workers:
        worker.start()
    await scene.until("the first of the herd", lambda: _fewer_than(scene, HERD), 60)
    during = await _measure(scene)
    left = await _left(scene)
    scene.load.pause_s *= CALMER  # the figure is taken; let them write less while the rest drains
    took = await scene.until("the herd to drain", lambda: _fewer_than(scene, 1), 600)
    for what, usual in before.items():
        now = during[what]
        scene.note(f"{what} p99 {usual * 1000:.0f} ms without, {now * 1000:.0f} ms with the herd")
        scene.must(now < ALLOWED * usual + NOISE_S, f"{what}: p99 rose from {usual:.2f} s to {now:.2f} s")
    scene.note(f"{left} were left when that was measured, drained {took:.0f} s later")
    scene.healed()


async def _measure(scene: Scene) -> dict[str, float]:
    """The 99th percentile of submissions and of reads, in seconds, of the answers from now on."""
    counts = {what: len(scene.answers.times.get(what, [])) for what in ("submission", "reader")}
    await scene.acknowledged(MEASURED, 120)
    return {what: _p99(scene.answers.times.get(what, [])[count:]) for what, count in counts.items()}


def _p99(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))] if times else 0.0


async def _left(scene: Scene) -> int:
    query = "SELECT count(*) AS n FROM comment WHERE status = 'pending' AND text LIKE 'One of the herd, %'"
    return int((await scene.system.sql(query))[0]["n"])


async def _fewer_than(scene: Scene, count: int) -> bool:
    return await _left(scene) < count
