"""Requests that provoke every answer of the operations about authors."""

from functools import partial
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import Scene, plain, provokes

MODERATOR: dict[str, Any] = {"role": "moderator"}
VIEWER: dict[str, Any] = {"role": "viewer"}
JSON = {"Content-Type": "application/json"}
NOBODY: dict[str, Any] = {"parts": {"author_key": "nobody"}}
NOWHERE: dict[str, Any] = {"parts": {"site": "nowhere", "author_key": "nobody"}}
BAN = {"kind": "banned", "reason": "abusive"}

for _operation, _role, _body in (
    ("getAuthor", VIEWER, {}),
    ("giveStanding", MODERATOR, {"json": BAN}),
    ("liftStanding", MODERATOR, {}),
):
    plain(_operation, 404, "author-not-found", **_role, **NOBODY, **_body)
    plain(_operation, 404, "site-not-found", **_role, **NOWHERE, **_body)
plain("giveStanding", 403, "role-too-low", **VIEWER, **NOBODY, json=BAN)
plain("liftStanding", 403, "role-too-low", **VIEWER, **NOBODY)
for _wrong in ({"kind": "praised"}, {"expires_at": "then"}, {"note": "a" * 501}, {"x": 1}):
    plain("giveStanding", 422, "invalid-decision", **MODERATOR, **NOBODY, json=BAN | _wrong)
for _reason in ("awaiting_confirmation", "check_failed", "boring"):
    plain("giveStanding", 422, "unknown-reason", **MODERATOR, **NOBODY, json=BAN | {"reason": _reason})
plain("giveStanding", 400, "malformed-body", **MODERATOR, **NOBODY, data=b"[]", headers=JSON)
plain("giveStanding", 415, "unsupported-media-type", **MODERATOR, **NOBODY, data=BAN)
plain("listStandings", 200, **VIEWER)
plain("listStandings", 404, "site-not-found", **VIEWER, parts={"site": "nowhere"})
plain("listStandings", 422, "invalid-query", **VIEWER, params={"limit": "0"})


async def _too_much(scene: Scene) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask("giveStanding", **MODERATOR, **NOBODY, data=body, headers=JSON)


provokes("giveStanding", 413, "body-too-large")(partial(_too_much))


async def _author(scene: Scene) -> dict[str, Any]:
    answer = await scene.ask("getComment", role="viewer", parts={"id": await scene.held()})
    return {"parts": {"author_key": (await answer.json())["author_key"]}}


@provokes("getAuthor", 200)
async def _known(scene: Scene) -> ClientResponse:
    return await scene.ask("getAuthor", **VIEWER, **await _author(scene))


@provokes("giveStanding", 200)
async def _banned(scene: Scene) -> ClientResponse:
    author = await _author(scene)
    answer = await scene.ask("giveStanding", **MODERATOR, **author, json=BAN)
    await scene.ask("liftStanding", **MODERATOR, **author)
    return answer


@provokes("giveStanding", 409, "own-proposal")
async def _banned_twice(scene: Scene) -> ClientResponse:
    author = await _author(scene)
    async with scene.second_pair():
        await scene.ask("giveStanding", **MODERATOR, **author, json=BAN)
        answer = await scene.ask("giveStanding", **MODERATOR, **author, json=BAN)
    await scene.ask("liftStanding", **MODERATOR, **author)
    return answer


@provokes("liftStanding", 200)
async def _lifted(scene: Scene) -> ClientResponse:
    author = await _author(scene)
    await scene.ask("giveStanding", **MODERATOR, **author, json=BAN)
    return await scene.ask("liftStanding", **MODERATOR, **author)


@provokes("liftStanding", 404, "standing-not-found")
async def _nothing_to_lift(scene: Scene) -> ClientResponse:
    author = await _author(scene)
    await scene.ask("liftStanding", **MODERATOR, **author)
    return await scene.ask("liftStanding", **MODERATOR, **author)


@provokes("giveStanding", 409, "standing-changed")
async def _both_at_once(scene: Scene) -> ClientResponse:
    """One that is not seen to be lifted, as it is given in this very moment."""
    author = await _author(scene)
    await scene.ask("giveStanding", **MODERATOR, **author, json=BAN)
    await scene.database.execute(
        """
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER nobody_lifts BEFORE UPDATE ON standing FOR EACH ROW EXECUTE FUNCTION nothing();
        """
    )
    answer = await scene.ask("giveStanding", **MODERATOR, **author, json=BAN)
    await scene.database.execute("DROP TRIGGER nobody_lifts ON standing; DROP FUNCTION nothing()")
    await scene.ask("liftStanding", **MODERATOR, **author)
    return answer
