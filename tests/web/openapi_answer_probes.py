"""Requests that provoke every answer of the operation by which the paper answers its readers."""

from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

OPERATION = "answerComment"
READ: dict[str, Any] = {"role": "viewer"}
ACT: dict[str, Any] = {"role": "moderator"}
UNKNOWN = {"parts": {"id": NOBODY}}
JSON = {"Content-Type": "application/json"}
SAID = {"text": "It runs again."}

plain(OPERATION, 400, "malformed-body", **ACT, **UNKNOWN, data=b"[]", headers=JSON)
plain(OPERATION, 403, "role-too-low", **READ, **UNKNOWN, json=SAID)
plain(OPERATION, 404, "comment-not-found", **ACT, **UNKNOWN, json=SAID)
plain(OPERATION, 415, "unsupported-media-type", **ACT, **UNKNOWN, data=SAID)
plain(OPERATION, 422, "invalid-decision", **ACT, **UNKNOWN, json={"text": " "})


@provokes(OPERATION, 413, "body-too-large")
async def _too_much(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(OPERATION, **ACT, **UNKNOWN, data=body, headers=JSON)


async def _answer(scene: Scene, comment_id: str) -> ClientResponse:
    return await scene.ask(OPERATION, **ACT, parts={"id": comment_id}, json=SAID)


@provokes(OPERATION, 201)
async def _answered(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await scene.ask("decide", **ACT, parts={"id": comment_id}, json={"action": "approve", "version": 2})
    return await _answer(scene, comment_id)


@provokes(OPERATION, 409, "not-published")
async def _to_nobody(scene: Scene) -> ClientResponse:
    return await _answer(scene, await scene.held())


@provokes(OPERATION, 409, "illegal-move")
async def _erased(scene: Scene) -> ClientResponse:
    return await _answer(scene, await scene.erased())


PICK, PICKED = "pickComment", {"picked": True}

plain(PICK, 400, "malformed-body", **ACT, **UNKNOWN, data=b"[]", headers=JSON)
plain(PICK, 403, "role-too-low", **READ, **UNKNOWN, json=PICKED)
plain(PICK, 404, "comment-not-found", **ACT, **UNKNOWN, json=PICKED)
plain(PICK, 415, "unsupported-media-type", **ACT, **UNKNOWN, data=SAID)
plain(PICK, 422, "invalid-decision", **ACT, **UNKNOWN, json={})


@provokes(PICK, 413, "body-too-large")
async def _too_much_for_a_pick(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(PICK, **ACT, **UNKNOWN, data=body, headers=JSON)


@provokes(PICK, 200)
async def _picked(scene: Scene) -> ClientResponse:
    return await scene.ask(PICK, **ACT, parts={"id": await scene.published()}, json=PICKED)


@provokes(PICK, 409, "not-published")
async def _not_published(scene: Scene) -> ClientResponse:
    return await scene.ask(PICK, **ACT, parts={"id": await scene.held()}, json=PICKED)


@provokes(PICK, 409, "illegal-move")
async def _erased(scene: Scene) -> ClientResponse:
    return await scene.ask(PICK, **ACT, parts={"id": await scene.erased()}, json=PICKED)
