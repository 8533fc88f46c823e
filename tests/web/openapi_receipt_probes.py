"""Requests that provoke every answer of what authors do by the receipt of their comment."""

from functools import partial
from typing import Any

from aiohttp import ClientResponse

from tests.web.harness import COMMENT
from tests.web.openapi_scene import Scene, plain, provokes

EDIT, WITHDRAW, CHANGE, TAKE_BACK = "editComment", "withdrawComment", "changeComment", "takeBackComment"
NONE = {"parts": {"receipt": "AQ"}}
NEW = {"comment": "Another text."}

for _name in (EDIT, WITHDRAW, CHANGE, TAKE_BACK):
    plain(_name, 404, "receipt-not-found" if _name in {EDIT, WITHDRAW} else None, **NONE, json=NEW)


async def _receipt(scene: Scene) -> dict[str, dict[str, str]]:
    return {"parts": {"receipt": await scene.receipt()}}


async def _ask(scene: Scene, name: str, **request: Any) -> ClientResponse:
    return await scene.ask(name, **await _receipt(scene), **request)


def _provoke(name: str, status: int, code: str | None = None, **request: Any) -> None:
    provokes(name, status, code if name in {EDIT, WITHDRAW} else None)(partial(_ask, name=name, **request))


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
for _name in (EDIT, WITHDRAW, CHANGE, TAKE_BACK):
    _provoke(_name, 400, "malformed-body", data=b"comment=%zz", headers=_FORM)
    _provoke(_name, 413, "body-too-large", json={"comment": "x" * 200_000})
    _provoke(_name, 415, "unsupported-media-type", data=b"hi", headers={"Content-Type": "text/plain"})
for _name in (EDIT, CHANGE):
    _provoke(_name, 422, "invalid-submission", json={})
_provoke(EDIT, 200, json=NEW)
_provoke(CHANGE, 303, data=NEW)
_provoke(WITHDRAW, 200, json={"sure": "yes"})
_provoke(WITHDRAW, 422, "not-sure", json={})
_provoke(TAKE_BACK, 200, data={"sure": "yes"})
_provoke(TAKE_BACK, 422, data={})


async def _too_late(scene: Scene, name: str) -> ClientResponse:
    receipt = await _receipt(scene)
    await scene.database.execute("UPDATE comment SET submitted_at = submitted_at - interval '1 day'")
    return await scene.ask(name, **receipt, json=NEW)


async def _too_fast(scene: Scene, name: str) -> ClientResponse:
    slow = await scene.start_web(limit_network="1/60")
    accepted = await scene.ask("postComment", client=slow.client, json=COMMENT)
    receipt = {"parts": {"receipt": str((await accepted.json())["receipt_url"]).rpartition("/")[2]}}
    await scene.ask(name, client=slow.client, **receipt, json=NEW)
    return await scene.ask(name, client=slow.client, **receipt, json={"comment": "Again another."})


for _name in (EDIT, CHANGE):
    provokes(_name, 409, "not-editable" if _name == EDIT else None)(partial(_too_late, name=_name))
    provokes(_name, 429, "too-fast" if _name == EDIT else None)(partial(_too_fast, name=_name))
