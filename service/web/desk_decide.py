"""Decisions that are made on the dashboard, one or many or taken back, and how they are told there."""

from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from service.domain.errors import DomainError
from service.storage import desk
from service.storage.pool import connection, in_transaction
from service.usecases.decide import MOVES, Ruling, rule
from service.usecases.undo import undo
from service.web.auth import Caller
from service.web.clock import start_clock
from service.web.desk_forms import read_acting
from service.web.desk_notices import notice_text, told_as_json, why_not
from service.web.desk_place import Place
from service.web.in_kind import wants_document
from service.web.middleware import see_other
from service.web.problems import Problem, problem_of
from service.web.queries import uuid_of
from service.web.services import Services, in_time, services_of

MANY_S = 4.0
"""What the decisions about all comments of a page may take together."""

_DONE = frozenset({*MOVES, "propose"})
"""What a decision can come to; everything else was in its way."""


async def decide(request: web.Request) -> web.Response:
    """`POST /dashboard/decide`: one decision, then the queue again."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    code = await _carry_out(services, session.caller, form.get("id", ""), form.get("version", ""), form)
    if wants_document(request):
        return told_as_json(await _outcome(services, session.caller, form.get("id", ""), code))
    also = {"undo": form["id"]} if code in _DONE - {"hold"} else {}
    return see_other(Place.of(form).url(notice=code, **also))


async def take_back(request: web.Request) -> web.Response:
    """`POST /dashboard/undo`: takes the last decision about a comment back, then the queue again."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    comment_id = uuid_of(form.get("id", ""))
    code = "comment-not-found"
    if comment_id is not None:
        code = await _try(
            services,
            in_transaction(services.moderation, lambda held: undo(held, session.caller.judge, comment_id)),
            "undone",
        )
        services.doorbell.ring()  # it may be pending again
    if wants_document(request):
        return told_as_json(await _outcome(services, session.caller, form.get("id", ""), code))
    return see_other(Place.of(form).url(notice=code))


async def decide_many(request: web.Request) -> web.Response:
    """`POST /dashboard/decide-many`: the same decision about each comment that is picked."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    start_clock(MANY_S)
    picked = {name.removeprefix("pick-"): form[name] for name in form if name.startswith("pick-")}
    codes = {
        one: await _carry_out(services, session.caller, one, version, form) for one, version in picked.items()
    }
    if wants_document(request):
        results = [await _outcome(services, session.caller, one, code) for one, code in codes.items()]
        return web.json_response({"results": results})
    done = sum(code in _DONE for code in codes.values())
    told = next((code for code in codes.values() if code not in _DONE), "")
    if not told and "propose" in codes.values():
        told = "propose"
    return see_other(Place.of(form).url(notice=told, done=str(done), of=str(len(codes))))


async def _carry_out(
    services: Services, caller: Caller, comment_id: str, version: str, form: dict[str, str]
) -> str:
    """Decide as the form says; the code of a notice."""
    ruling = _ruling_of(comment_id, version, form)
    if ruling is None:
        return "invalid"
    return await _try(
        services,
        in_transaction(services.moderation, lambda held: rule(held, caller.judge, ruling)),
        ruling.action,
    )


async def _try(services: Services, work: Awaitable[str | None], done: str) -> str:
    """What was done, else `done`; or the code of what was in the way."""
    try:
        return await in_time(services, work) or done
    except (DomainError, Problem) as error:
        problem = problem_of(error)
        return problem.code if problem else "invalid"


async def _outcome(services: Services, caller: Caller, raw_id: str, code: str) -> dict[str, Any]:
    """How a decision went, and how the comment stands now."""
    told: dict[str, Any] = {"id": raw_id, "ok": code in _DONE | {"undone"}, "code": code}
    told["text"] = notice_text(code)
    comment_id = uuid_of(raw_id)
    if comment_id is None or code == "unavailable":
        return told

    async def read() -> list[desk.Standing]:
        async with connection(services.moderation) as held:
            return await desk.list_standing(
                held, list(caller.sites), [comment_id], caller.holder.moderator_id
            )

    for standing in await in_time(services, read()):
        told |= {"status": standing.status, "version": standing.version}
        if not told["ok"]:
            told["text"] = why_not(code, standing)
    return told


def _ruling_of(raw_id: str, raw_version: str, form: dict[str, str]) -> Ruling | None:
    action, reason = form.get("action", ""), form.get("reason") or None
    comment_id = uuid_of(raw_id)
    try:
        version = int(raw_version)
    except ValueError:
        return None
    if action not in MOVES or comment_id is None:
        return None
    return Ruling(comment_id, action, version, reason if action == "reject" else None)
