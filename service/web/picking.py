"""Editors' picks, over HTTP: for programs, and by the desk's form."""

from typing import Any
from uuid import UUID

from aiohttp import web

from service.domain.errors import CommentNotFound, DomainError
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.pick import pick
from service.web.auth import Caller
from service.web.desk_forms import read_acting
from service.web.desk_place import Place
from service.web.middleware import see_other
from service.web.moderation import answer, enter, find_one, read_as
from service.web.moderation_payloads import PickBody, comment_document
from service.web.problems import Problem, problem_of
from service.web.queries import comment_id_of, uuid_of
from service.web.services import Services, in_time, services_of


async def post_pick(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/pick`: `picked` says which way."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, PickBody), comment_id_of(request)

    async def work() -> dict[str, Any]:
        await _pick(services, caller, comment_id, is_picked=body.picked)
        async with connection(services.moderation) as held:
            return comment_document(await find_one(held, caller, comment_id))

    return answer(await in_time(services, work()))


async def post_pick_form(request: web.Request) -> web.Response:
    """`POST /dashboard/pick`: the same, and back to where the moderator was."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    is_picked = form.get("picked") == "1"
    told = "picked" if is_picked else "unpicked"
    try:
        work = _pick(services, session.caller, uuid_of(form.get("id", "")), is_picked=is_picked)
        await in_time(services, work)
    except (DomainError, Problem) as error:
        problem = problem_of(error)
        told = problem.code if problem else "invalid"
    return see_other(Place.of(form).url(notice=told))


async def _pick(services: Services, caller: Caller, comment_id: UUID | None, *, is_picked: bool) -> None:
    if comment_id is None:
        raise CommentNotFound
    wanted: UUID = comment_id

    async def work(held: Connection) -> None:
        await pick(held, caller.judge, wanted, is_picked=is_picked)

    await in_transaction(services.moderation, work)
