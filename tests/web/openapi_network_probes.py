"""Requests that provoke every answer of the operations about networks."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.usecases.network_standing import MOST
from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

GIVE, LIST, LIFT = "giveNetworkStanding", "listNetworkStandings", "liftNetworkStanding"
MODERATOR: dict[str, Any] = {"role": "moderator"}
VIEWER: dict[str, Any] = {"role": "viewer"}
JSON = {"Content-Type": "application/json"}
UNKNOWN: dict[str, Any] = {"parts": {"id": NOBODY}}
NOWHERE: dict[str, Any] = {"parts": {"site": "nowhere", "id": "1"}}
ORDER = {
    "kind": "premoderated",
    "reason": "abusive",
    "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
}

plain(GIVE, 400, "malformed-body", **MODERATOR, **UNKNOWN, data=b"[]", headers=JSON)
plain(GIVE, 403, "role-too-low", **VIEWER, **UNKNOWN, json=ORDER)
plain(GIVE, 404, "comment-not-found", **MODERATOR, **UNKNOWN, json=ORDER)
plain(GIVE, 415, "unsupported-media-type", **MODERATOR, **UNKNOWN, data=ORDER)
for _wrong in ({"kind": "praised"}, {"expires_at": "2026-01-01T00:00:00Z"}, {"note": "a" * 501}, {"x": 1}):
    plain(GIVE, 422, "invalid-decision", **MODERATOR, **UNKNOWN, json=ORDER | _wrong)
plain(GIVE, 422, "unknown-reason", **MODERATOR, **UNKNOWN, json=ORDER | {"reason": "boring"})
plain(LIST, 200, **VIEWER)
plain(LIST, 404, "site-not-found", **VIEWER, parts={"site": "nowhere"})
for _query in ({"limit": "0"}, {"cursor": "x"}):
    plain(LIST, 422, "invalid-query", **VIEWER, params=_query)
plain(LIFT, 403, "role-too-low", **VIEWER)
plain(LIFT, 404, "standing-not-found", **MODERATOR, parts={"id": "x"})
plain(LIFT, 404, "site-not-found", **MODERATOR, **NOWHERE)


@provokes(GIVE, 413, "body-too-large")
async def _too_much(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(GIVE, **MODERATOR, **UNKNOWN, data=body, headers=JSON)


async def _given(scene: Scene, comment_id: str) -> ClientResponse:
    return await scene.ask(GIVE, **MODERATOR, parts={"id": comment_id}, json=ORDER)


async def _lifted(scene: Scene, given: ClientResponse) -> ClientResponse:
    return await scene.ask(LIFT, **MODERATOR, parts={"id": (await given.json())["id"]})


@provokes(GIVE, 201)
async def _give(scene: Scene) -> ClientResponse:
    answer = await _given(scene, await scene.held())
    await _lifted(scene, answer)
    return answer


@provokes(LIFT, 200)
async def _lift(scene: Scene) -> ClientResponse:
    return await _lifted(scene, await _given(scene, await scene.held()))


@provokes(GIVE, 409, "network-not-kept")
async def _forgotten(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await scene.database.execute("UPDATE comment SET network = NULL WHERE id = $1", comment_id)
    return await _given(scene, comment_id)


@provokes(GIVE, 409, "own-proposal")
async def _banned_twice(scene: Scene) -> ClientResponse:
    comment = {"parts": {"id": await scene.held()}}
    async with scene.second_pair():
        proposed = await scene.ask(GIVE, **MODERATOR, **comment, json=ORDER | {"kind": "banned"})
        answer = await scene.ask(GIVE, **MODERATOR, **comment, json=ORDER | {"kind": "banned"})
    await _lifted(scene, proposed)
    return answer


@provokes(GIVE, 409, "illegal-move")
async def _erased(scene: Scene) -> ClientResponse:
    return await _given(scene, await scene.erased())


@provokes(GIVE, 409, "too-many-networks")
async def _too_many(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await scene.database.execute(
        """
        INSERT INTO network_standing (site_id, network, day, kind, reason, moderator_id, expires_at)
        SELECT site_id, decode(md5(number::text), 'hex'), current_date, 'banned', 'abusive',
               (SELECT min(id) FROM moderator), now() + interval '1 day'
        FROM comment, generate_series(1, $2::int) AS number WHERE comment.id = $1
        """,
        comment_id,
        MOST,
    )
    answer = await _given(scene, comment_id)
    await scene.database.execute(
        "DELETE FROM network_standing AS it"
        " WHERE NOT EXISTS (SELECT FROM comment WHERE network_standing_id = it.id)"
    )
    return answer
