"""F24: double clicks, retries, a reloaded page, another body under the same key."""

import asyncio

from tests.equipment.ledger import Outcome
from tests.faults.canaries import ADDRESSES
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.faults.sending import Sender, sending

TIMES = 12


@fault("F24", "double clicks, retries, reloads; one key, two bodies", in_soak=True)
async def again(scene: Scene) -> None:
    """One row and one answer for one key; another body is refused to a program and taken from a form."""
    async with sending(scene) as sender:
        for _ in range(TIMES):
            await asyncio.gather(_clicks(scene, sender), _form(scene, sender), _without_key(scene, sender))
    scene.healed()


async def _clicks(scene: Scene, sender: Sender) -> None:
    entry = sender.entry()
    replies = await asyncio.gather(*(sender.send(entry) for _ in range(10)))
    scene.must({reply.status for reply in replies} == {202}, f"ten clicks: {[it.status for it in replies]}")
    scene.must(len({reply.document.get("id") for reply in replies}) == 1, "ten clicks, several comments")
    refused = await sender.send(sender.entry("Another body", key=entry.key))
    scene.must(
        refused.status == 422 and "idempotency-key-reused" in str(refused.document),
        f"another body under the key: {refused.status}",
    )
    late = await sender.send(entry)
    scene.must(late.document == replies[0].document, "a late retry was answered otherwise")


async def _form(scene: Scene, sender: Sender) -> None:
    first, second = sender.entry("Typed words"), sender.entry("Typed words, and more")
    where = [
        await _post_form(scene, sender, text, first.key) for text in (first.text, first.text, second.text)
    ]
    for entry in (first, second):
        scene.ledger.answered(entry, _promised(where), 0.0)
    scene.must(None not in where, "a form was not answered 303")
    scene.must(where[0] == where[1], "a reloaded form was led to another receipt")
    scene.must(where[2] not in (None, where[0]), "another text under the form's key was not taken as its own")


async def _post_form(scene: Scene, sender: Sender, text: str, key: str) -> str | None:
    """Where the answer leads."""
    reply = await sender.ask(
        "submission",
        "POST",
        scene.load.next_web() + "/api/v1/sites/paper/comments",
        data={
            "page_url": scene.load.page, "author": "Reader own", "email": ADDRESSES[1], "comment": text,
            "submission_key": key,
        },
    )  # fmt: skip
    return reply.headers.get("location") if reply.status == 303 else None


def _promised(where: list[str | None]) -> Outcome:
    return Outcome.OK if None not in where else Outcome.UNKNOWN


async def _without_key(scene: Scene, sender: Sender) -> None:
    """The same fields within a minute are one submission, key or no key."""
    entry = sender.entry("Sent without a key")
    texts = [await _post_form(scene, sender, entry.text, "") for _ in range(2)]
    scene.ledger.answered(entry, _promised(texts), 0.0)
    scene.must(
        texts[0] == texts[1] is not None, "the same reply twice within a minute, without a key, was two"
    )
