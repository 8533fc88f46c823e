"""Requests that provoke every answer of the operations about people, access and the audit log."""

from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from service.storage import invitations, moderators, passwords, sessions
from service.tokens import new_secret, secret_digest
from service.web.moderation import MAX_BODY_BYTES
from tests.web.openapi_scene import Scene, plain, provokes

ADMIN: dict[str, Any] = {"role": "admin"}
MODERATOR: dict[str, Any] = {"role": "moderator"}
JSON = {"Content-Type": "application/json"}
NOBODY: dict[str, Any] = {"parts": {"person": "999999"}}
BODIES = {"setRole": {"role": "viewer"}, "createToken": {"role": "viewer"}, "invite": {"role": "viewer"}}
OF_A_PERSON = ("setRole", "removePerson", "disablePerson", "enablePerson", "resetSecondFactor")


async def _person(scene: Scene, *, everywhere: bool = False) -> dict[str, str]:
    """Somebody new, as a part of the path."""
    count = await scene.database.fetchval("SELECT count(*) FROM moderator")
    moderator_id = await moderators.ensure_moderator(scene.database, f"Somebody {count}")
    site_id = await scene.database.fetchval("SELECT id FROM site WHERE slug = 'paper'")
    await passwords.set_role_at(scene.database, moderator_id, "moderator", None if everywhere else [site_id])
    return {"person": str(moderator_id)}


async def _change(scene: Scene, operation_id: str) -> ClientResponse:
    body = {"json": BODIES[operation_id]} if operation_id in BODIES else {}
    return await scene.ask(operation_id, **ADMIN, parts=await _person(scene), **body)


async def _change_oneself(scene: Scene, operation_id: str) -> ClientResponse:
    own = await scene.database.fetchval("SELECT id FROM moderator WHERE name = 'Ada'")
    body = {"json": BODIES[operation_id]} if operation_id in BODIES else {}
    return await scene.ask(operation_id, **ADMIN, parts={"person": str(own)}, **body)


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    return await scene.ask(operation_id, **ADMIN, data=BytesIO(b" " * (MAX_BODY_BYTES + 1)), headers=JSON)


for _operation in OF_A_PERSON:
    _body: dict[str, Any] = {"json": BODIES[_operation]} if _operation in BODIES else {}
    provokes(_operation, 200)(partial(_change, operation_id=_operation))
    provokes(_operation, 409, "own-rights")(partial(_change_oneself, operation_id=_operation))
    plain(_operation, 403, "role-too-low", **MODERATOR, **_body)
    plain(_operation, 404, "person-not-found", **ADMIN, **NOBODY, **_body)
for _operation in ("setRole", "removePerson"):
    _body = {"json": BODIES[_operation]} if _operation in BODIES else {}
    plain(_operation, 404, "site-not-found", **ADMIN, parts={"site": "nowhere"}, **_body)
for _operation, _good in BODIES.items():
    plain(_operation, 400, "malformed-body", **ADMIN, data=b"[]", headers=JSON)
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    plain(_operation, 415, "unsupported-media-type", **ADMIN, data=_good)
    plain(_operation, 422, "invalid-decision", **ADMIN, json={"role": "owner"})
for _operation in ("createToken", "invite"):
    plain(_operation, 201, **ADMIN, json={"role": "viewer", "sites": ["paper"]})
    plain(_operation, 403, "role-too-low", **MODERATOR, json={"role": "viewer"})
    plain(_operation, 404, "site-not-found", **ADMIN, json={"role": "viewer", "sites": ["nowhere"]})
for _operation in ("listPeople", "listTokens", "listInvitations", "listAudit"):
    plain(_operation, 200, **ADMIN)
    plain(_operation, 403, "role-too-low", **MODERATOR)
for _operation in ("listPeople", "listAudit"):
    plain(_operation, 404, "site-not-found", **ADMIN, params={"site": "nowhere"})
    plain(_operation, 422, "invalid-query", **ADMIN, params={"limit": "0"})
plain("listTokens", 422, "invalid-query", **ADMIN, params={"cursor": "soon"})
plain("listAudit", 422, "invalid-query", **ADMIN, params={"cursor": "soon"})
plain("listSessions", 200, **MODERATOR)
plain("endSessions", 200, **MODERATOR)
plain("endSession", 404, "session-not-found", **MODERATOR)
for _operation in ("revokeToken", "revokeInvitation"):
    plain(_operation, 403, "role-too-low", **MODERATOR)
plain("revokeToken", 404, "token-not-found", **ADMIN, parts={"token": "999999"})
plain("revokeInvitation", 404, "invitation-not-found", **ADMIN, parts={"invitation": "999999"})


@provokes("removePerson", 409, "every-site")
async def _remove_one_of_every_site(scene: Scene) -> ClientResponse:
    return await scene.ask("removePerson", **ADMIN, parts=await _person(scene, everywhere=True))


@provokes("createToken", 409, "name-taken")
async def _make_a_token_for_a_disabled_person(scene: Scene) -> ClientResponse:
    person = await _person(scene)
    name = await scene.database.fetchval(
        "UPDATE moderator SET disabled_at = now() WHERE id = $1 RETURNING name", int(person["person"])
    )
    return await scene.ask("createToken", **ADMIN, json={"role": "viewer", "name": name})


@provokes("revokeToken", 200)
async def _revoke_a_token(scene: Scene) -> ClientResponse:
    made = await scene.ask("createToken", **ADMIN, json={"role": "viewer"})
    return await scene.ask("revokeToken", **ADMIN, parts={"token": (await made.json())["id"]})


@provokes("revokeInvitation", 200)
async def _revoke_an_invitation(scene: Scene) -> ClientResponse:
    made = await scene.ask("invite", **ADMIN, json={"role": "viewer"})
    return await scene.ask("revokeInvitation", **ADMIN, parts={"invitation": (await made.json())["id"]})


@provokes("endSession", 200)
async def _end_a_session(scene: Scene) -> ClientResponse:
    holder = await moderators.find_token_holder(scene.database, secret_digest(scene.tokens["moderator"]))
    assert holder is not None
    assert holder.token_id is not None
    await sessions.insert_session_of_token(
        scene.database, secret_digest(new_secret()), holder.token_id, timedelta(hours=1)
    )
    listed = await scene.ask("listSessions", **MODERATOR)
    [first, *_] = (await listed.json())["sessions"]
    return await scene.ask("endSession", **MODERATOR, parts={"session": first["id"]})


async def _secret(scene: Scene) -> str:
    secret = new_secret()
    await invitations.insert(
        scene.database, secret_digest(secret), role="viewer", site_ids=None, invited_by=None,
        lasts=timedelta(hours=1),
    )  # fmt: skip
    return secret


@provokes("showInvitation", 200)
async def _open_an_invitation(scene: Scene) -> ClientResponse:
    return await scene.ask("showInvitation", parts={"secret": await _secret(scene)})


@provokes("showInvitation", 404)
async def _open_none(scene: Scene) -> ClientResponse:
    return await scene.ask("showInvitation", parts={"secret": "rd_nothing"})


@provokes("showInvitation", 503)
async def _without_its_database(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    return await scene.ask("showInvitation", client=away.client, parts={"secret": "rd_any"})


plain("showSecondFactor", 200)


@provokes("showSecondFactor", 503)
async def _second_factor_without_its_database(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    cookie = {"Cookie": "replydesk_session=rd_any"}
    return await scene.ask("showSecondFactor", client=away.client, headers=cookie)
