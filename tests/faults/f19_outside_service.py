"""F19: a service that a check depends on answers in every bad way."""

import asyncio

from tests.equipment.hostile_service import HostileService, Mode
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, sending
from tests.faults.shape import Shape

SHAPE = Shape(worker_app="tests.faults.asking_app")
MODES = tuple(mode for mode in Mode if mode is not Mode.FINE)
BESIDE = 2


@fault("F19", "an outside service hangs, fails, floods and lies", shape=SHAPE, load=False)
async def outside_service(scene: Scene) -> None:
    """What asks it is never published meanwhile and is held in time; the breaker opens; the queue moves."""
    where = scene.system.meeting / "service"
    held: dict[str, str] = {}
    async with HostileService(Mode.FINE) as service, sending(scene) as sender:
        where.write_text(service.url, encoding="ascii")
        fine = await sender.submit("ask about these words")
        await scene.until("a clean answer to publish", lambda: _is(scene, fine, "published"), 120)
        for mode in MODES:
            service.mode = mode
            before = service.seen
            while service.seen == before:  # the breaker lets one through now and then
                asked = await asyncio.gather(*(sender.submit("ask about these words") for _ in range(BESIDE)))
                held |= dict.fromkeys(asked, mode)
                plain = await sender.submit()
                await scene.until("the queue to move", lambda it=plain: _none_pending(scene, [it]), 60)  # type: ignore[misc]
        await scene.until("all that asked to be decided", lambda: _none_pending(scene, list(held)), 90)
        scene.note(
            f"{len(held)} comments asked in {len(MODES)} bad modes, {service.seen} requests came through"
        )
        scene.must(service.seen < len(held), "the breaker never opened")
        await _with_a_certificate_of_its_own(scene, sender, held)
        where.write_text(service.url, encoding="ascii")
        service.mode = Mode.FINE
        await _works_again(scene, sender)
    scene.healed()
    scene.afterwards(lambda: _nothing_was_published(scene, held))


async def _with_a_certificate_of_its_own(scene: Scene, sender: Sender, held: dict[str, str]) -> None:
    async with HostileService(Mode.FINE, tls=True) as unsigned:
        (scene.system.meeting / "service").write_text(unsigned.url, encoding="ascii")
        ids = [await sender.submit("ask about these words") for _ in range(BESIDE)]
        await scene.until("a verdict without trust", lambda: _none_pending(scene, ids), 120)
        scene.must(not unsigned.seen, "a service was trusted whose certificate nobody signed")
    held |= dict.fromkeys(ids, "unsigned")


async def _works_again(scene: Scene, sender: Sender) -> None:
    """When the service is well again, the breaker closes by itself."""

    async def one_is_published() -> bool:
        comment_id = await sender.submit("ask about these words")
        await scene.until("a verdict", lambda: _none_pending(scene, [comment_id]), 120)
        return await _is(scene, comment_id, "published")

    await scene.until("the breaker to close", one_is_published, 120)


async def _nothing_was_published(scene: Scene, held: dict[str, str]) -> None:
    rows = await scene.system.sql(
        "SELECT id::text, status, reason FROM comment WHERE id = ANY($1::uuid[])", list(held)
    )
    for row in rows:
        is_held = (row["status"], row["reason"]) == ("held", "check_failed")
        what = f"with the service {held[row['id']]} a comment is {row['status']} ({row['reason']})"
        scene.must(is_held or row["id"] in scene.ledger.rulings, what)


async def _is(scene: Scene, comment_id: str, status: str) -> bool:
    rows = await scene.system.sql("SELECT status FROM comment WHERE id = $1::text::uuid", comment_id)
    return bool(rows[0]["status"] == status)


async def _none_pending(scene: Scene, ids: list[str]) -> bool:
    query = "SELECT count(*) AS n FROM comment WHERE id = ANY($1::uuid[]) AND status = 'pending'"
    return not (await scene.system.sql(query, ids))[0]["n"]
