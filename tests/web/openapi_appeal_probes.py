"""Requests that provoke every answer of the operations about appeals."""

from functools import partial
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import Scene, plain, provokes

LIST, ANSWER, FILE, BY_FORM = "listAppeals", "answerAppeal", "fileAppeal", "appealByForm"
READ: dict[str, Any] = {"role": "viewer"}
ACT: dict[str, Any] = {"role": "moderator"}
NONE = {"parts": {"appeal": "999999"}}
UPHOLD = {"answer": "uphold"}
TEXT = {"text": "I quoted the article."}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

plain(ANSWER, 400, "malformed-body", **ACT, **NONE, data=b"[]", headers=JSON)
plain(ANSWER, 403, "role-too-low", **READ, **NONE, json=UPHOLD)
plain(ANSWER, 404, "appeal-not-found", **ACT, **NONE, json=UPHOLD)
plain(ANSWER, 415, "unsupported-media-type", **ACT, **NONE, data=UPHOLD)
plain(ANSWER, 422, "invalid-decision", **ACT, **NONE, json={})
for _name in (FILE, BY_FORM):
    plain(_name, 404, "receipt-not-found" if _name == FILE else None, parts={"receipt": "AQ"}, json=TEXT)


@provokes(ANSWER, 413, "body-too-large")
async def _too_much(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(ANSWER, **ACT, **NONE, data=body, headers=JSON)


async def _refused(scene: Scene, text: str) -> dict[str, dict[str, str]]:
    """The receipt of a comment that `moderator` refused."""
    accepted = await scene.submit(comment=text)
    await scene.check_all()
    body = {"action": "reject", "version": 2, "reason": "abusive"}
    await scene.ask("decide", **ACT, parts={"id": str(accepted["id"])}, json=body)
    return {"parts": {"receipt": str(accepted["receipt_url"]).rpartition("/")[2]}}


async def _file(scene: Scene, name: str, text: str, **request: Any) -> ClientResponse:
    return await scene.ask(name, **await _refused(scene, text), **request)


def _provoke(name: str, status: int, code: str | None = None, **request: Any) -> None:
    code = code if name == FILE else None
    provokes(name, status, code)(partial(_file, name=name, text=f"{name} {status}", **request))


for _name in (FILE, BY_FORM):
    _provoke(_name, 400, "malformed-body", data=b"text=%zz", headers=FORM)
    _provoke(_name, 413, "body-too-large", json={"text": "x" * 200_000})
    _provoke(_name, 415, "unsupported-media-type", data=b"hi", headers={"Content-Type": "text/plain"})
    _provoke(_name, 422, "invalid-submission", json={})
_provoke(FILE, 200, json=TEXT)
_provoke(BY_FORM, 303, data=TEXT)


async def _not_refused(scene: Scene, name: str) -> ClientResponse:
    return await scene.ask(name, parts={"receipt": await scene.receipt()}, json=TEXT)


for _name in (FILE, BY_FORM):
    provokes(_name, 409, "not-appealable" if _name == FILE else None)(partial(_not_refused, name=_name))


@provokes(FILE, 409, "already-appealed")
async def _twice(scene: Scene) -> ClientResponse:
    receipt = await _refused(scene, "Refused once.")
    await scene.ask(FILE, **receipt, json=TEXT)
    return await scene.ask(FILE, **receipt, json=TEXT)


async def _waiting(scene: Scene, text: str) -> tuple[str, str]:
    """An appeal's id and its comment's."""
    await scene.ask(FILE, **await _refused(scene, text), json=TEXT)
    listed = await (await scene.ask(LIST, **READ)).json()
    one = listed["appeals"][-1]
    return one["id"], one["comment"]["id"]


@provokes(LIST, 200)
async def _list(scene: Scene) -> ClientResponse:
    await _waiting(scene, "Listed.")
    return await scene.ask(LIST, **READ)


@provokes(ANSWER, 200)
async def _granted(scene: Scene) -> ClientResponse:
    appeal, _ = await _waiting(scene, "Granted.")
    return await scene.ask(ANSWER, role="other", parts={"appeal": appeal}, json={"answer": "grant"})


@provokes(ANSWER, 409, "own-decision")
async def _own(scene: Scene) -> ClientResponse:
    appeal, _ = await _waiting(scene, "One's own.")
    return await scene.ask(ANSWER, **ACT, parts={"appeal": appeal}, json=UPHOLD)


@provokes(ANSWER, 409, "claimed-by-another")
async def _claimed(scene: Scene) -> ClientResponse:
    appeal, comment_id = await _waiting(scene, "Claimed.")
    await scene.database.execute(
        "UPDATE comment SET claimed_by = (SELECT id FROM moderator WHERE name = 'Ada'),"
        " claimed_until = now() + interval '1 hour' WHERE id = $1::uuid",
        comment_id,
    )
    return await scene.ask(ANSWER, role="other", parts={"appeal": appeal}, json=UPHOLD)
