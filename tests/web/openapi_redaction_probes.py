"""Requests that provoke every answer of the operation that takes parts out of a text."""

from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

OPERATION = "redactComment"
READ: dict[str, Any] = {"role": "viewer"}
ACT: dict[str, Any] = {"role": "moderator"}
UNKNOWN = {"parts": {"id": NOBODY}}
JSON = {"Content-Type": "application/json"}
PART = {"version": 2, "spans": [[0, 2]]}

plain(OPERATION, 400, "malformed-body", **ACT, **UNKNOWN, data=b"[]", headers=JSON)
plain(OPERATION, 403, "role-too-low", **READ, **UNKNOWN, json=PART)
plain(OPERATION, 404, "comment-not-found", **ACT, **UNKNOWN, json=PART)
plain(OPERATION, 415, "unsupported-media-type", **ACT, **UNKNOWN, data={"version": "2"})
plain(OPERATION, 422, "invalid-decision", **ACT, **UNKNOWN, json={"version": 2, "spans": []})


@provokes(OPERATION, 413, "body-too-large")
async def _too_much(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(OPERATION, **ACT, **UNKNOWN, data=body, headers=JSON)


async def _redact(scene: Scene, comment_id: str, **body: Any) -> ClientResponse:
    return await scene.ask(OPERATION, **ACT, parts={"id": comment_id}, json=PART | body)


@provokes(OPERATION, 200)
async def _redacted(scene: Scene) -> ClientResponse:
    return await _redact(scene, await scene.held())


@provokes(OPERATION, 422, "unknown-reason")
async def _for_no_reason(scene: Scene) -> ClientResponse:
    return await _redact(scene, await scene.held(), reason="boredom")


@provokes(OPERATION, 422, "invalid-spans")
async def _outside(scene: Scene) -> ClientResponse:
    return await _redact(scene, await scene.held(), spans=[[0, 9999]])


@provokes(OPERATION, 409, "stale-version")
async def _late(scene: Scene) -> ClientResponse:
    return await _redact(scene, await scene.held(), version=1)


@provokes(OPERATION, 409, "claimed-by-another")
async def _taken(scene: Scene) -> ClientResponse:
    return await _redact(scene, await scene.claimed_by_another())


@provokes(OPERATION, 409, "illegal-move")
async def _erased(scene: Scene) -> ClientResponse:
    return await _redact(scene, await scene.erased())


@provokes(OPERATION, 409, "not-redactable")
async def _rejected(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await scene.ask("decide", **ACT, parts={"id": comment_id}, json={"action": "spam", "version": 2})
    return await _redact(scene, comment_id, version=3)
