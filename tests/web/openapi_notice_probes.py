"""Requests that provoke every answer of the operations by which illegal content is notified."""

from functools import partial
from typing import Any

from aiohttp import ClientResponse

from tests.web.openapi_report_probes import OWN, UNKNOWN, refusals
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

SEND, PREFLIGHT, FORM = "sendNotice", "preflightNotice", "showNoticeForm"
BODY = {"explanation": "It is a threat.", "name": "Ada", "email": "ada@mail.example", "good_faith": "yes"}
LONG = BODY | {"explanation": "x" * 200_000}

refusals(SEND, PREFLIGHT, BODY, LONG)
plain(SEND, 422, "invalid-submission", **UNKNOWN, json={})
plain(SEND, 422, **UNKNOWN, data={"name": "Ada"})
plain(FORM, 404, params={"comment": NOBODY})
plain("showNotice", 404, parts={"link": "AQ"})
plain("getNotice", 404, "notice-not-found", parts={"link": "AQ"})


async def _sent(scene: Scene, **request: Any) -> ClientResponse:
    comment_id = await scene.published(comment=f"Notified by {sorted(request)}.")
    return await scene.ask(SEND, parts={"id": comment_id}, headers=OWN, **request)


@provokes(SEND, 202)
async def _send(scene: Scene) -> ClientResponse:
    return await _sent(scene, json=BODY)


@provokes(SEND, 303)
async def _send_by_form(scene: Scene) -> ClientResponse:
    return await _sent(scene, data=BODY)


async def _too_often(scene: Scene, **request: Any) -> ClientResponse:
    slow = await scene.start_web(limit_reports="1/60")
    for _ in range(2):
        answer = await scene.ask(SEND, client=slow.client, parts={"id": NOBODY}, **request)
    return answer


provokes(SEND, 429, "too-many-reports")(partial(_too_often, json=BODY))
provokes(SEND, 429)(partial(_too_often, data=BODY))


@provokes(FORM, 200)
async def _form(scene: Scene) -> ClientResponse:
    return await scene.ask(FORM, params={"comment": await scene.published()})


@provokes("getNotice", 200)
async def _state(scene: Scene) -> ClientResponse:
    link = (await (await _sent(scene, json=BODY)).json())["notice_url"].rpartition("/")[2]
    return await scene.ask("getNotice", parts={"link": link})


@provokes("showNotice", 200)
async def _page(scene: Scene) -> ClientResponse:
    link = (await (await _sent(scene, json=BODY)).json())["notice_url"].rpartition("/")[2]
    return await scene.ask("showNotice", parts={"link": link})
