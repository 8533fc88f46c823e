"""Requests that provoke every answer of the dashboard's pages about a site."""

from functools import partial

from aiohttp import ClientResponse

from service.web.desk_site_routes import SITE_PAGES
from tests.web.openapi_scene import Scene, provokes

ABOUT = {"author_key", "page_url"}
"""Without what it is about such a page is not there."""


async def _page(scene: Scene, operation_id: str, role: str = "admin", **params: str) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens[role]}, allow_redirects=False
    )
    assert signed_in.status == 303
    return await scene.ask(operation_id, params=params)


async def _without_its_database(scene: Scene, operation_id: str) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    return await scene.ask(operation_id, client=away.client, headers={"Cookie": "replydesk_session=rd_any"})


for _one in SITE_PAGES:
    _name = _one.operation_id
    if not ABOUT & set(_one.kept):
        provokes(_name, 200)(partial(_page, operation_id=_name))
    provokes(_name, 503)(partial(_without_its_database, operation_id=_name))
    if _one.names_a_site:
        provokes(_name, 404)(partial(_page, operation_id=_name, site="nowhere"))
    if _one.role != "viewer":
        provokes(_name, 403)(partial(_page, operation_id=_name, role="viewer"))


async def _held(scene: Scene, name: str) -> dict[str, str]:
    answer = await scene.ask("getComment", role="viewer", parts={"id": await scene.held()})
    return {name: (await answer.json())[name]}


@provokes("showAuthorPage", 200)
async def _author(scene: Scene) -> ClientResponse:
    return await _page(scene, "showAuthorPage", **await _held(scene, "author_key"))


@provokes("showPagePage", 200)
async def _page_of_comments(scene: Scene) -> ClientResponse:
    return await _page(scene, "showPagePage", **await _held(scene, "page_url"))
