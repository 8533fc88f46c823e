"""Requests that provoke every answer of the operations about models and samples."""

from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

ADMIN: dict[str, Any] = {"role": "admin"}
MODERATOR: dict[str, Any] = {"role": "moderator"}
VIEWER: dict[str, Any] = {"role": "viewer"}
NOWHERE = {"parts": {"site": "nowhere"}}
SOMETHING = {"parts": {"id": NOBODY}}
JSON = {"Content-Type": "application/json"}
ON = {"action": "on"}
FINE = {"action": "approve", "version": 2}


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    return await scene.ask(
        operation_id, **ADMIN, **SOMETHING, data=BytesIO(b" " * (MAX_BODY_BYTES + 1)), headers=JSON
    )


plain("getModels", 200, **VIEWER)
plain("getModels", 404, "site-not-found", **VIEWER, **NOWHERE)
plain("changeModels", 200, **ADMIN, json=ON)
plain("changeModels", 403, "role-too-low", **MODERATOR, json=ON)
plain("changeModels", 404, "site-not-found", **ADMIN, **NOWHERE, json=ON)
plain("changeModels", 404, "model-not-found", **ADMIN, json={"action": "revert", "version": 99})
plain("changeModels", 422, "invalid-decision", **ADMIN, json={"action": "forget"})
plain("listSamples", 200, **VIEWER)
plain("listSamples", 422, "invalid-query", **VIEWER, params={"limit": "0"})
plain("answerSample", 403, "role-too-low", **VIEWER, **SOMETHING, json=FINE)
plain("answerSample", 404, "sample-not-found", **MODERATOR, **SOMETHING, json=FINE)
plain("answerSample", 422, "invalid-decision", **MODERATOR, **SOMETHING, json={"action": "hold"})
for _operation in ("changeModels", "answerSample"):
    plain(_operation, 400, "malformed-body", **ADMIN, **SOMETHING, data=b"[]", headers=JSON)
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    plain(_operation, 415, "unsupported-media-type", **ADMIN, **SOMETHING, data={"action": "on"})


async def _drawn(scene: Scene, *, held: bool = False) -> str:
    """A published comment that was drawn."""
    comment_id = await (scene.held() if held else scene.published())
    await scene.database.execute(
        """
        INSERT INTO sample (site_id, comment_id, status, share) SELECT site_id, id, 'published', 1.0
        FROM comment WHERE id = $1 ON CONFLICT DO NOTHING
        """,
        UUID(comment_id),
    )
    return comment_id


@provokes("answerSample", 200)
async def _answer(scene: Scene) -> ClientResponse:
    return await scene.ask("answerSample", **MODERATOR, parts={"id": await _drawn(scene)}, json=FINE)


@provokes("answerSample", 409, "stale-version")
async def _answer_another_version(scene: Scene) -> ClientResponse:
    comment_id = await _drawn(scene)
    return await scene.ask("answerSample", **MODERATOR, parts={"id": comment_id}, json=FINE | {"version": 9})


@provokes("answerSample", 422, "missing-reason")
async def _reject_without_reason(scene: Scene) -> ClientResponse:
    comment_id = await _drawn(scene)
    return await scene.ask(
        "answerSample", **MODERATOR, parts={"id": comment_id}, json=FINE | {"action": "reject"}
    )


@provokes("answerSample", 422, "unknown-reason")
async def _reject_for_nothing(scene: Scene) -> ClientResponse:
    comment_id = await _drawn(scene)
    body = FINE | {"action": "reject", "reason": "gloomy"}
    return await scene.ask("answerSample", **MODERATOR, parts={"id": comment_id}, json=body)


@provokes("answerSample", 409, "illegal-move")
async def _answer_an_erased_one(scene: Scene) -> ClientResponse:
    comment_id = await scene.erased()
    await scene.database.execute(
        "INSERT INTO sample (site_id, comment_id, status, share) SELECT site_id, id, 'spam', 1.0"
        " FROM comment WHERE id = $1",
        UUID(comment_id),
    )
    return await scene.ask("answerSample", **MODERATOR, parts={"id": comment_id}, json=FINE | {"version": 3})


@provokes("answerSample", 409, "claimed-by-another")
async def _answer_a_claimed_one(scene: Scene) -> ClientResponse:
    comment_id = await scene.claimed_by_another()
    await scene.database.execute(
        "INSERT INTO sample (site_id, comment_id, status, share) SELECT site_id, id, 'published', 1.0"
        " FROM comment WHERE id = $1",
        UUID(comment_id),
    )
    return await scene.ask("answerSample", **MODERATOR, parts={"id": comment_id}, json=FINE)


@provokes("answerSample", 409, "own-proposal")
async def _answer_what_one_proposed(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    rejected = {"action": "reject", "reason": "abusive", "version": 2}
    async with scene.second_pair():
        await scene.ask("decide", **MODERATOR, parts={"id": comment_id}, json=rejected)
        await scene.database.execute(
            "INSERT INTO sample (site_id, comment_id, status, share) SELECT site_id, id, 'published', 1.0"
            " FROM comment WHERE id = $1",
            UUID(comment_id),
        )
        return await scene.ask("answerSample", **MODERATOR, parts={"id": comment_id}, json=rejected)


async def _desk_page(scene: Scene, operation_id: str, site: str) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["moderator"]}, allow_redirects=False
    )
    assert signed_in.status == 303
    return await scene.ask(operation_id, params={"site": site})


async def _without_its_database(scene: Scene, operation_id: str) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    cookie = {"Cookie": "replydesk_session=rd_any"}
    return await scene.ask(operation_id, client=away.client, headers=cookie)


async def _own_page(scene: Scene, operation_id: str) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["moderator"]}, allow_redirects=False
    )
    assert signed_in.status == 303
    return await scene.ask(operation_id)


for _operation in ("showShift", "showSettings"):
    provokes(_operation, 200)(partial(_own_page, operation_id=_operation))
    provokes(_operation, 503)(partial(_without_its_database, operation_id=_operation))


@provokes("showCommentPage", 200)
async def _comment_page(scene: Scene) -> ClientResponse:
    await _own_page(scene, "showSettings")
    return await scene.ask("showCommentPage", parts={"id": await scene.held()})


@provokes("showCommentPage", 404)
async def _no_comment_page(scene: Scene) -> ClientResponse:
    await _own_page(scene, "showSettings")
    return await scene.ask("showCommentPage", parts={"id": NOBODY})


@provokes("showSearch", 422)
async def _search_for_nonsense(scene: Scene) -> ClientResponse:
    await _own_page(scene, "showSettings")
    return await scene.ask("showSearch", params={"from": "yesterday"})


provokes("showCommentPage", 503)(partial(_without_its_database, operation_id="showCommentPage"))
for _operation in ("showSearch",):
    provokes(_operation, 200)(partial(_desk_page, operation_id=_operation, site="paper"))
    provokes(_operation, 404)(partial(_desk_page, operation_id=_operation, site="nowhere"))
    provokes(_operation, 503)(partial(_without_its_database, operation_id=_operation))

for _operation in ("showAutomation", "showSamples", "showAppeals"):
    provokes(_operation, 200)(partial(_desk_page, operation_id=_operation, site="paper"))
    provokes(_operation, 404)(partial(_desk_page, operation_id=_operation, site="nowhere"))
    provokes(_operation, 503)(partial(_without_its_database, operation_id=_operation))
