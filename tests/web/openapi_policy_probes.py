"""Requests that provoke every answer of the operations about policies and checks."""

from functools import partial
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.usecases.backtest_jobs import MOST_UNFINISHED
from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

ADMIN: dict[str, Any] = {"role": "admin"}
LOW: dict[str, Any] = {"role": "moderator"}
VIEWER: dict[str, Any] = {"role": "viewer"}
NOWHERE = {"parts": {"site": "nowhere"}}
JSON = {"Content-Type": "application/json"}
GOOD = {"policy": {"publish": "auto", "max_links": 1}, "version": 1}
FAULTY = {"policy": {"max_linkz": 1, "checks": {"x": {}}}, "version": 1}
WITH_BODY = ("putPolicy", "checkPolicy", "tryPolicy", "putShadow")
FOR_ADMINS = (*WITH_BODY, "getPolicy", "listPolicyVersions", "getShadow", "endShadow", "recheckComments")


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    return await scene.ask(operation_id, **ADMIN, data=BytesIO(b" " * (MAX_BODY_BYTES + 1)), headers=JSON)


for _operation in FOR_ADMINS:
    plain(_operation, 403, "role-too-low", **LOW)
    plain(_operation, 404, "site-not-found", **ADMIN, **NOWHERE, json=GOOD)
plain("getTry", 403, "role-too-low", **LOW, parts={"id": NOBODY})
plain("getTry", 404, "policy-not-found", **ADMIN, parts={"id": NOBODY})
plain("getTry", 404, "policy-not-found", **ADMIN, parts={"id": "x"})
plain("getTry", 404, "site-not-found", **ADMIN, parts={"id": NOBODY, "site": "nowhere"})
for _operation in (*WITH_BODY, "recheckComments"):
    plain(_operation, 400, "malformed-body", **ADMIN, data=b"[]", headers=JSON)
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    plain(_operation, 415, "unsupported-media-type", **ADMIN, data={"policy": "x"})
for _operation in WITH_BODY:
    plain(_operation, 422, "invalid-decision", **ADMIN, json={"version": 0})
    plain(_operation, 422, "invalid-policy", **ADMIN, json=FAULTY)

plain("getPolicySchema", 200, **VIEWER)
plain("getPolicy", 200, **ADMIN)
plain("getPolicy", 200, **ADMIN, params={"version": "1"})
plain("getPolicy", 404, "policy-not-found", **ADMIN, params={"version": "99"})
plain("getPolicy", 422, "invalid-query", **ADMIN, params={"version": "new"})
plain("putPolicy", 200, **ADMIN, json=GOOD | {"note": "fewer links"})
plain("putPolicy", 409, "policy-changed", **ADMIN, json=GOOD)
plain("checkPolicy", 200, **ADMIN, json=GOOD)
plain("listPolicyVersions", 200, **ADMIN, params={"limit": "1", "before": "9"})
plain("listPolicyVersions", 422, "invalid-query", **ADMIN, params={"before": "0"})
plain("putShadow", 200, **ADMIN, json=GOOD | {"note": "for a while"})
plain("endShadow", 200, **ADMIN)
plain("getShadow", 404, "policy-not-found", **ADMIN)
plain("getChecks", 200, **VIEWER)
plain("getChecks", 404, "site-not-found", **VIEWER, **NOWHERE)
plain("getChecks", 422, "invalid-query", **VIEWER, params={"days": "0"})
plain("recheckComments", 422, "invalid-decision", **ADMIN, json={"limit": 0})
plain("recheckComments", 422, "invalid-decision", **ADMIN, json={"after": "x"})
plain("recheckComments", 422, "invalid-decision", **ADMIN, json={"reason": "nosuch"})


@provokes("putPolicy", 200)
async def _an_admin_changes_what_holds(scene: Scene) -> ClientResponse:
    current = await (await scene.ask("getPolicy", role="admin")).json()
    changed = current["policy"] | {"max_links": 7}
    body = {"policy": changed, "version": current["version"], "note": "more"}
    answer = await scene.ask("putPolicy", role="admin", json=body)
    found = await answer.json()
    assert (found["version"], found["made_by"], found["note"]) == (current["version"] + 1, "Ada", "more")
    listed = await (await scene.ask("listPolicyVersions", role="admin")).json()
    assert listed["versions"][0]["changes"] == [f"max_links: {current['policy']['max_links']} → 7"]
    return answer


@provokes("checkPolicy", 422, "invalid-policy")
async def _every_fault_at_once(scene: Scene) -> ClientResponse:
    answer = await scene.ask("checkPolicy", role="admin", json=FAULTY)
    assert {fault["field"] for fault in (await answer.json())["errors"]} == {"max_linkz", "checks.x"}
    return answer


@provokes("tryPolicy", 202)
async def _a_backtest_waits(scene: Scene) -> ClientResponse:
    answer = await scene.ask("tryPolicy", role="admin", json=GOOD | {"last": 50})
    made = await answer.json()
    read = await scene.ask("getTry", role="admin", parts={"id": made["id"]})
    assert (await read.json()) == made
    assert (made["status"], made["last"]) == ("queued", 50)
    return answer


@provokes("getTry", 200)
async def _a_backtest_is_read(scene: Scene) -> ClientResponse:
    made = await (await scene.ask("tryPolicy", role="admin", json=GOOD)).json()
    return await scene.ask("getTry", role="admin", parts={"id": made["id"]})


@provokes("tryPolicy", 429, "too-many-backtests")
async def _too_many(scene: Scene) -> ClientResponse:
    for _ in range(MOST_UNFINISHED):
        await scene.ask("tryPolicy", role="admin", json=GOOD)
    return await scene.ask("tryPolicy", role="admin", json=GOOD)


@provokes("getShadow", 200)
async def _what_is_watched(scene: Scene) -> ClientResponse:
    watched = {"policy": {"publish": "auto", "held_words": ["ferry"]}}
    await scene.ask("putShadow", role="admin", json=watched)
    comment_id = await scene.published(comment="The ferry, by a reader who is watched.")
    answer = await scene.ask("getShadow", role="admin")
    (move,) = (await answer.json())["report"]["moves"]
    assert (move["to"], [one["id"] for one in move["examples"]]) == ("held", [comment_id])
    await scene.ask("endShadow", role="admin")
    return answer


@provokes("getChecks", 200)
async def _what_checks_decide(scene: Scene) -> ClientResponse:
    await scene.held()
    answer = await scene.ask("getChecks", role="viewer", params={"days": "1"})
    report = await answer.json()
    links = next(one for one in report["checks"] if one["check"] == "links")
    assert links["decided"]["held"] >= 1
    return answer


@provokes("recheckComments", 200)
async def _held_again(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    answer = await scene.ask("recheckComments", role="admin", json={"limit": 200, "reason": "links"})
    assert comment_id in (await answer.json())["rechecked"]
    await scene.check_all()
    explained = await (await scene.ask("getComment", role="viewer", parts={"id": comment_id})).json()
    assert [one["action"] for one in explained["history"]] == ["hold", "recheck", "hold"]
    assert explained["explanation"]["line"] == "max_links: 2"
    return answer


async def _the_page_of_checks(scene: Scene, site: str) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["viewer"]}, allow_redirects=False
    )
    assert signed_in.status == 303
    return await scene.ask("showChecks", params={"days": "30", "site": site})


provokes("showChecks", 200)(partial(_the_page_of_checks, site="paper"))
provokes("showChecks", 404)(partial(_the_page_of_checks, site="nowhere"))


@provokes("showChecks", 503)
async def _without_its_database(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    cookie = {"Cookie": "replydesk_session=rd_any"}
    return await scene.ask("showChecks", client=away.client, headers=cookie)
