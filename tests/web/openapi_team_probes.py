"""Requests that provoke every answer of the operations on leases, and on all of an author or a page."""

from functools import partial
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.harness import PAGE
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

READ: dict[str, Any] = {"role": "viewer"}
ACT: dict[str, Any] = {"role": "moderator"}
UNKNOWN = {"parts": {"id": NOBODY}}
JSON = {"Content-Type": "application/json"}
SPAM = {"action": "spam", "author_key": "nobody"}

plain("listClaims", 422, "invalid-query", **READ, params={"limit": "0"})
plain("releaseClaims", 200, **ACT)
plain("releaseClaims", 403, "role-too-low", **READ)
plain("claimComment", 404, "comment-not-found", **ACT, **UNKNOWN, json={})
plain("claimComment", 422, "invalid-decision", **ACT, **UNKNOWN, json={"take_over": 1})
plain("releaseComment", 403, "role-too-low", **READ, **UNKNOWN)
plain("releaseComment", 404, "comment-not-found", **ACT, **UNKNOWN)
plain("decideAll", 404, "site-not-found", **ACT, parts={"site": "nowhere"}, json=SPAM)
plain("decideAll", 422, "invalid-decision", **ACT, json={"action": "spam"})
plain("decideAll", 422, "invalid-query", **ACT, json={"action": "spam", "page_url": "ferry"})


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(operation_id, **ACT, **UNKNOWN, data=body, headers=JSON)


for _operation in ("claimComment", "decideAll"):
    plain(_operation, 400, "malformed-body", **ACT, **UNKNOWN, data=b"[]", headers=JSON)
    plain(_operation, 403, "role-too-low", **READ, **UNKNOWN, json={})
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    plain(_operation, 415, "unsupported-media-type", **ACT, **UNKNOWN, data={"action": "approve"})


ADMIN: dict[str, Any] = {"role": "admin"}
RUDE = {"label": "Rude", "text": "Please be kind."}
OWN, SHARED = {"parts": {"code": "rude"}}, {"parts": {"code": "other"}}
plain("getReason", 200, **ADMIN, **SHARED)
plain("getReason", 404, "reason-not-found", **ADMIN, parts={"code": "nothing"})
plain("getReason", 404, "site-not-found", **ADMIN, parts={"site": "nowhere", "code": "rude"})
plain("retireReason", 404, "reason-not-found", **ADMIN, parts={"code": "nothing"})
plain("retireReason", 404, "site-not-found", **ADMIN, parts={"site": "nowhere", "code": "rude"})
plain("retireReason", 409, "reason-is-shared", **ADMIN, **SHARED)
for _operation in ("getReason", "putReason", "retireReason"):
    plain(_operation, 403, "role-too-low", **ACT, **OWN, json=RUDE)
plain("putReason", 200, **ADMIN, **OWN, json=RUDE)
plain("putReason", 400, "malformed-body", **ADMIN, **OWN, data=b"[]", headers=JSON)
plain("putReason", 404, "site-not-found", **ADMIN, parts={"site": "nowhere", "code": "rude"}, json=RUDE)
plain("putReason", 415, "unsupported-media-type", **ADMIN, **OWN, data=RUDE)
plain("putReason", 422, "invalid-decision", **ADMIN, **OWN, json={"label": " ", "text": ""})


@provokes("putReason", 413, "body-too-large")
async def _too_many_words(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask("putReason", **ADMIN, **OWN, data=body, headers=JSON)


@provokes("retireReason", 200)
async def _retired(scene: Scene) -> ClientResponse:
    await scene.ask("putReason", **ADMIN, **OWN, json=RUDE)
    return await scene.ask("retireReason", **ADMIN, **OWN)


@provokes("listClaims", 200)
async def _who_has_what(scene: Scene) -> ClientResponse:
    comment_id = await scene.claimed_by_another()
    answer = await scene.ask("listClaims", **READ)
    assert [one["id"] for one in (await answer.json())["claims"]] == [comment_id]
    return answer


async def _claim(scene: Scene, comment_id: str) -> ClientResponse:
    return await scene.ask("claimComment", **ACT, parts={"id": comment_id}, json={})


@provokes("claimComment", 200)
async def _leased(scene: Scene) -> ClientResponse:
    return await _claim(scene, await scene.held())


@provokes("claimComment", 409, "claimed-by-another")
async def _leased_by_another(scene: Scene) -> ClientResponse:
    return await _claim(scene, await scene.claimed_by_another())


@provokes("claimComment", 409, "not-held")
async def _published(scene: Scene) -> ClientResponse:
    return await _claim(scene, await scene.published())


@provokes("claimComment", 409, "illegal-move")
async def _gone(scene: Scene) -> ClientResponse:
    return await _claim(scene, await scene.erased())


async def _release(scene: Scene, comment_id: str) -> ClientResponse:
    return await scene.ask("releaseComment", **ACT, parts={"id": comment_id})


@provokes("releaseComment", 200)
async def _given_back(scene: Scene) -> ClientResponse:
    return await _release(scene, await scene.held())


@provokes("releaseComment", 409, "claimed-by-another")
async def _not_ones_own(scene: Scene) -> ClientResponse:
    return await _release(scene, await scene.claimed_by_another())


@provokes("releaseComment", 409, "illegal-move")
async def _nothing_to_give_back(scene: Scene) -> ClientResponse:
    return await _release(scene, await scene.erased())


@provokes("decideAll", 200)
async def _all_of_a_page(scene: Scene) -> ClientResponse:
    await scene.held()
    answer = await scene.ask("decideAll", **ACT, json={"action": "spam", "page_url": PAGE})
    assert [one["ok"] for one in (await answer.json())["results"]] == [True]
    return answer
