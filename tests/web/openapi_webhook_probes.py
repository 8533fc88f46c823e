"""Requests that provoke every answer of the operations about webhooks."""

from functools import partial
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse

from service.web import webhooks
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

ADMIN: dict[str, Any] = {"role": "admin"}
URL = "https://hooks.paper.example/replydesk"
CREATE = {"url": URL, "types": ["comment.published"], "description": "Search"}
BODIES: dict[str, Any] = {
    "createWebhook": CREATE,
    "changeWebhook": {"on": False},
    "replayWebhook": {"since": "2026-03-02T09:00:00Z"},
}
OF_ONE = (
    "getWebhook", "changeWebhook", "deleteWebhook", "rotateWebhookSecret", "testWebhook", "listDeliveries",
    "replayWebhook",
)  # fmt: skip


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    headers = {"Content-Type": "application/json"}
    data = BytesIO(b" " * (1024 * 1024 + 1))
    return await scene.ask(operation_id, role="admin", parts={"id": NOBODY}, data=data, headers=headers)


for _name in ("listWebhooks", "createWebhook", *OF_ONE):
    _body: dict[str, Any] = {"json": BODIES[_name]} if _name in BODIES else {}
    plain(_name, 403, "role-too-low", role="moderator", parts={"id": NOBODY}, **_body)
    plain(_name, 404, "site-not-found", **ADMIN, parts={"site": "nowhere", "id": NOBODY}, **_body)
for _name in OF_ONE:
    _body = {"json": BODIES[_name]} if _name in BODIES else {}
    for _id in (NOBODY, "x"):
        plain(_name, 404, "webhook-not-found", **ADMIN, parts={"id": _id}, **_body)
for _name in BODIES:
    plain(_name, 400, "malformed-body", **ADMIN, parts={"id": NOBODY}, data=b"{",
          headers={"Content-Type": "application/json"})  # fmt: skip
    provokes(_name, 413, "body-too-large")(partial(_too_much, operation_id=_name))
    plain(_name, 415, "unsupported-media-type", **ADMIN, parts={"id": NOBODY}, data="url=x")
    plain(_name, 422, "invalid-decision", **ADMIN, parts={"id": NOBODY}, json={"url": 1, "since": 1})
for _url in (
    "http://hooks.paper.example/", "https://127.0.0.1/", "https://ruth:secret@paper.example/", "mailto:x",
    "https://[::1]/", "https://10.0.0.8/",
):  # fmt: skip
    plain("createWebhook", 422, "invalid-decision", **ADMIN, json={"url": _url})
plain("listDeliveries", 422, "invalid-query", **ADMIN, parts={"id": NOBODY}, params={"limit": "0"})


async def made(scene: Scene) -> dict[str, Any]:
    answer = await scene.ask("createWebhook", role="admin", json=CREATE)
    document: dict[str, Any] = await answer.json()
    assert answer.status == 201, document
    return document


@provokes("createWebhook", 201)
async def _create(scene: Scene) -> ClientResponse:
    answer = await scene.ask("createWebhook", role="admin", json=CREATE)
    assert (await answer.json())["secret"].startswith("whsec_")
    return answer


@provokes("createWebhook", 409, "too-many-webhooks")
async def _one_too_many(scene: Scene) -> ClientResponse:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webhooks, "MOST", 0)
        return await scene.ask("createWebhook", role="admin", json=CREATE)


@provokes("createWebhook", 503, "webhooks-not-configured")
async def _no_keys(scene: Scene) -> ClientResponse:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scene.web.services, "webhook_vault", None)
        return await scene.ask("createWebhook", role="admin", json=CREATE)


@provokes("rotateWebhookSecret", 503, "webhooks-not-configured")
async def _no_keys_to_rotate(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scene.web.services, "webhook_vault", None)
        return await scene.ask("rotateWebhookSecret", role="admin", parts={"id": hook["id"]})


@provokes("listWebhooks", 200)
async def _list(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    answer = await scene.ask("listWebhooks", role="admin")
    text = await answer.text()
    assert hook["id"] in text
    assert hook["secret"] not in text
    return answer


@provokes("changeWebhook", 200)
async def _switch_off_and_on(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    parts = {"id": hook["id"]}
    off = await scene.ask("changeWebhook", role="admin", parts=parts, json={"on": False})
    assert (await off.json())["state"] == "disabled"
    on = await scene.ask("changeWebhook", role="admin", parts=parts, json={"on": True, "description": "New"})
    document = await on.json()
    assert (document["state"], document["description"], document["url"]) == ("on", "New", URL)
    audit = await scene.ask("listAudit", role="admin", params={"action": "webhook"})
    assert "webhook.changed" in await audit.text()
    assert URL not in await audit.text()
    return on


@provokes("rotateWebhookSecret", 200)
async def _rotate(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    answer = await scene.ask("rotateWebhookSecret", role="admin", parts={"id": hook["id"]})
    document = await answer.json()
    assert document["secret"] != hook["secret"]
    assert document["old_secret_until"]
    return answer


@provokes("listDeliveries", 200)
async def _test_and_list(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    await scene.ask("testWebhook", role="admin", parts={"id": hook["id"]})
    answer = await scene.ask("listDeliveries", role="admin", parts={"id": hook["id"]})
    [one] = (await answer.json())["deliveries"]
    assert (one["type"], one["state"]) == ("webhook.test", "waiting")
    return answer


@provokes("replayWebhook", 202)
async def _replay_one(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    test = await scene.ask("testWebhook", role="admin", parts={"id": hook["id"]})
    body = {"delivery": (await test.json())["delivery"]}
    answer = await scene.ask("replayWebhook", role="admin", parts={"id": hook["id"]}, json=body)
    assert await answer.json() == {"replayed": 1}
    return answer


@provokes("replayWebhook", 404, "webhook-not-found")
async def _replay_none(scene: Scene) -> ClientResponse:
    hook = await made(scene)
    return await scene.ask("replayWebhook", role="admin", parts={"id": hook["id"]}, json={"delivery": NOBODY})


for _name, _status in (("getWebhook", 200), ("deleteWebhook", 200), ("testWebhook", 202)):

    @provokes(_name, _status)
    async def _plainly(scene: Scene, name: str = _name) -> ClientResponse:
        hook = await made(scene)
        return await scene.ask(name, role="admin", parts={"id": hook["id"]})
