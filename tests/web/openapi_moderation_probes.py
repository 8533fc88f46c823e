"""Requests that provoke every answer of the operations for moderators and operators."""

from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from aiohttp import ClientResponse

from service.signed import make_receipt
from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

READ = {"role": "viewer"}
ACT: dict[str, Any] = {"role": "moderator"}
ADMIN: dict[str, Any] = {"role": "admin"}
APPROVE = {"action": "approve", "version": 2}
UNKNOWN = {"parts": {"id": NOBODY}}
JSON = {"Content-Type": "application/json"}

plain("listQueue", 200, **READ, params={"site": "paper", "sort": "newest", "status": "spam"})
plain("listQueue", 200, **READ, params={"sort": "risk", "q": "ferry", "min_score": "0.2", "language": "en"})
plain("listQueue", 422, "invalid-query", **READ, params={"status": "new"})
plain("listQueue", 422, "invalid-query", **READ, params={"check": "weather"})
plain("getComment", 404, "comment-not-found", **READ, **UNKNOWN)
plain("decide", 404, "comment-not-found", **ACT, **UNKNOWN, json=APPROVE)
plain("decide", 422, "invalid-decision", **ACT, **UNKNOWN, json={"action": "approve"})
plain("undoDecision", 403, "role-too-low", **READ, **UNKNOWN)
plain("undoDecision", 404, "comment-not-found", **ACT, **UNKNOWN)
plain("decideMany", 200, **ACT, json={"decisions": []})
plain("decideMany", 422, "invalid-decision", **ACT, json={"decisions": [{}] * 201})
plain("claimComments", 200, **ACT, json={})
plain("claimComments", 422, "invalid-decision", **ACT, json={"limit": 0})
plain("getSummary", 200, **READ)
plain("listReasons", 200, **READ, params={"site": "paper"})
plain("listReasons", 404, "site-not-found", **READ, params={"site": "nowhere"})
plain("listReasons", 422, "invalid-query", **READ)
plain("showDashboard", 200)


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(operation_id, **ADMIN, **UNKNOWN, data=body, headers=JSON)


for _operation in ("decide", "decideMany", "claimComments", "erasePerson"):
    plain(_operation, 400, "malformed-body", **ADMIN, **UNKNOWN, data=b"[]", headers=JSON)
    plain(_operation, 403, "role-too-low", **READ, **UNKNOWN, json={})
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    plain(_operation, 415, "unsupported-media-type", **ADMIN, **UNKNOWN, data={"action": "approve"})

SOMEONE = {"email": "nobody@reader.example"}
plain("erasePerson", 202, **ADMIN, json=SOMEONE)
plain("erasePerson", 202, **ADMIN, json=SOMEONE | {"site": "paper"})
plain("erasePerson", 403, "role-too-low", **ACT, json=SOMEONE)
plain("erasePerson", 404, "site-not-found", **ADMIN, json=SOMEONE | {"site": "nowhere"})
plain("erasePerson", 422, "invalid-decision", **ADMIN, json={"email": "nobody"})
plain("erasePerson", 422, "invalid-decision", **ADMIN, json={})


async def _decide(scene: Scene, comment_id: str, **body: Any) -> ClientResponse:
    return await scene.ask("decide", role="moderator", parts={"id": comment_id}, json=APPROVE | body)


@provokes("listQueue", 200)
async def _the_queue(scene: Scene) -> ClientResponse:
    await scene.claimed_by_another()
    await scene.held()
    answer = await scene.ask("listQueue", role="viewer", params={"limit": "1"})
    document = await answer.json()
    assert document["comments"][0]["findings"]
    return await scene.ask("listQueue", role="viewer", params={"cursor": document["next_cursor"]})


@provokes("getComment", 200)
async def _a_comment_with_its_history(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await _decide(scene, comment_id, note="Known author.")
    answer = await scene.ask("getComment", role="viewer", parts={"id": comment_id})
    assert [one["source"] for one in (await answer.json())["history"]] == ["checks", "moderator"]
    return answer


@provokes("decide", 200)
async def _approved(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.held())


@provokes("decide", 409, "stale-version")
async def _decided_before(scene: Scene) -> ClientResponse:
    answer = await _decide(scene, await scene.held(), version=1)
    assert (await answer.json())["current"] == {"status": "held", "version": 2}
    return answer


@provokes("decide", 409, "claimed-by-another")
async def _leased(scene: Scene) -> ClientResponse:
    answer = await _decide(scene, await scene.claimed_by_another())
    assert (await answer.json())["claimed_by"] == "Other"
    return answer


@provokes("decide", 409, "illegal-move")
async def _gone(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.erased(), version=3)


@provokes("decide", 409, "own-proposal")
async def _confirmed_by_the_same(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    async with scene.second_pair():
        await _decide(scene, comment_id, action="reject", reason="abusive")
        return await _decide(scene, comment_id, action="reject", reason="abusive")


@provokes("decide", 409, "comment-refused")
async def _an_edit_of_what_was_refused(scene: Scene) -> ClientResponse:
    comment_id = await scene.published(comment="The first text.")
    receipt = make_receipt(scene.web.services.signing, 1, UUID(comment_id))
    await scene.ask("editComment", parts={"receipt": receipt}, json={"comment": "Another text."})
    await _decide(scene, comment_id, action="reject", reason="abusive")
    [edit] = await scene.database.fetch("SELECT id FROM comment WHERE revises = $1", UUID(comment_id))
    return await _decide(scene, str(edit["id"]), version=1)


@provokes("decide", 422, "missing-reason")
async def _without_reason(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.held(), action="reject")


@provokes("decide", 422, "unknown-reason")
async def _with_an_unknown_reason(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.held(), action="reject", reason="boring")


async def _undo(scene: Scene, comment_id: str) -> ClientResponse:
    return await scene.ask("undoDecision", role="moderator", parts={"id": comment_id})


@provokes("undoDecision", 200)
async def _undone(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await _decide(scene, comment_id)
    answer = await _undo(scene, comment_id)
    document = await answer.json()
    assert (document["status"], document["version"]) == ("held", 4)
    return answer


@provokes("undoDecision", 409, "nothing-to-undo")
async def _only_the_checks_decided(scene: Scene) -> ClientResponse:
    return await _undo(scene, await scene.held())


@provokes("undoDecision", 409, "claimed-by-another")
async def _undo_what_is_leased(scene: Scene) -> ClientResponse:
    return await _undo(scene, await scene.claimed_by_another())


@provokes("undoDecision", 409, "illegal-move")
async def _undo_what_is_gone(scene: Scene) -> ClientResponse:
    return await _undo(scene, await scene.erased())


@provokes("decideMany", 200)
async def _each_on_its_own(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    entries = [
        APPROVE | {"id": comment_id},
        APPROVE | {"id": comment_id},
        APPROVE | {"id": "x"},
        {"id": 7},
        7,
    ]
    answer = await scene.ask("decideMany", role="moderator", json={"decisions": entries})
    results = (await answer.json())["results"]
    assert [(one["id"], one["ok"]) for one in results] == [
        (comment_id, True), (comment_id, False), ("x", False), (None, False), (None, False),
    ]  # fmt: skip
    return answer


@provokes("claimComments", 200)
async def _leases(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    answer = await scene.ask("claimComments", role="moderator", json={"site": "paper", "limit": 5})
    assert comment_id in [one["id"] for one in (await answer.json())["comments"]]
    return answer


@provokes("showDashboard", 422)
async def _a_bad_cursor(scene: Scene) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["moderator"]}, allow_redirects=False
    )
    assert signed_in.status == 303
    queue = await scene.ask("showDashboard", params={"status": "held"})
    assert await scene.reference.check("showDashboard", queue) is None
    return await scene.ask("showDashboard", params={"cursor": "x"})


@provokes("showDashboard", 404)
async def _a_site_that_there_is_not(scene: Scene) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["moderator"]}, allow_redirects=False
    )
    assert signed_in.status == 303
    return await scene.ask("showDashboard", params={"site": "nowhere"})


@provokes("showDashboard", 503)
async def _without_its_database(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    cookie = {"Cookie": "replydesk_session=rd_any"}
    return await scene.ask("showDashboard", client=away.client, headers=cookie)


# Operators
plain("getHealth", 200)
plain("getReadiness", 200)
plain("getMetrics", 200)
plain("getOpenapi", 200)
plain("showDocs", 200)
plain("showProblem", 302, parts={"code": "too-fast"})
plain("getStatic", 200, parts={"name": "site.css"})
plain("getStatic", 404, "not-found", parts={"name": "no.css"})


@provokes("getMetrics", 404, "not-found")
async def _from_elsewhere(scene: Scene) -> ClientResponse:
    behind = await scene.start_web(trusted_proxies="127.0.0.0/8")
    return await scene.ask("getMetrics", client=behind.client, headers={"X-Forwarded-For": "192.0.2.7"})


@provokes("getReadiness", 503)
async def _not_ready(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    return await scene.ask("getReadiness", client=away.client)


@provokes("getStatic", 304)
async def _the_same_file(scene: Scene) -> ClientResponse:
    first = await scene.ask("getStatic", parts={"name": "site.css"})
    unchanged = {"If-None-Match": first.headers["ETag"]}
    return await scene.ask("getStatic", parts={"name": "site.css"}, headers=unchanged)
