"""Candidates over HTTP: tried on what was decided, watched beside the live policy."""

from typing import Any
from uuid import UUID

from aiohttp import web

from service.domain.policy import Policy
from service.moderation.policy_document import read_policy
from service.storage import backtests, policies
from service.storage.backtests import Backtest
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.backtest_jobs import MOST_UNFINISHED
from service.usecases.watch_candidate import Watching, begin, end, watching
from service.web.moderation import answer, read_as
from service.web.policy import enter_site, policy_not_found
from service.web.policy_payloads import CandidateBody, TryBody, backtest_document
from service.web.problems import Problem, retry_after
from service.web.queries import comment_id_of
from service.web.services import Services, in_time


async def post_try(request: web.Request) -> web.Response:
    """`POST …/policy/tries`: asks a worker for a backtest; its state is read at its own address."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, TryBody)
    policy = read_policy(body.policy)

    async def ask(held: Connection) -> UUID | None:
        await policies.lock_policy(held, site.id)
        return await backtests.insert_backtest(
            held, site.id, policy, wanted=body.last,
            moderator_id=caller.holder.moderator_id, most=MOST_UNFINISHED,
        )  # fmt: skip

    made = await in_time(services, in_transaction(services.moderation, ask))
    if made is None:
        raise Problem(429, "too-many-backtests", "Too many backtests at once", headers=retry_after())
    return answer(backtest_document(await _find(services, site.id, made)), status=202)


async def get_try(request: web.Request) -> web.Response:
    """`GET …/policy/tries/{id}`: how far it is, and its report once it is done."""
    services, _caller, site = await enter_site(request, "admin")
    wanted = comment_id_of(request)
    if wanted is None:
        raise policy_not_found()
    return answer(backtest_document(await _find(services, site.id, wanted)))


async def get_shadow(request: web.Request) -> web.Response:
    """`GET …/policy/shadow`: the candidate that is watched and what it would have decided."""
    services, _caller, site = await enter_site(request, "admin")
    found = await _watching(services, site.id)
    if found is None:
        raise policy_not_found()
    return answer(found)


async def put_shadow(request: web.Request) -> web.Response:
    """`PUT …/policy/shadow`: watches another candidate from now on."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, CandidateBody)
    policy: Policy = read_policy(body.policy)
    by, note = caller.holder.moderator_id, body.note

    async def put(held: Connection) -> None:
        await begin(held, site.id, policy, moderator_id=by, note=note)

    await in_time(services, in_transaction(services.moderation, put))
    return answer(await _watching(services, site.id))


async def delete_shadow(request: web.Request) -> web.Response:
    """`DELETE …/policy/shadow`: watches none any more."""
    services, caller, site = await enter_site(request, "admin")
    by = caller.holder.moderator_id
    ended = await in_time(services, in_transaction(services.moderation, lambda held: end(held, site.id, by)))
    return answer({"ended": ended})


async def _find(services: Services, site_id: int, wanted: UUID) -> Backtest:
    async def read() -> Backtest | None:
        async with connection(services.moderation) as held:
            return await backtests.find_backtest(held, site_id, wanted)

    found = await in_time(services, read())
    if found is None:
        raise policy_not_found()
    return found


async def _watching(services: Services, site_id: int) -> dict[str, Any] | None:
    async def read() -> Watching | None:
        async with connection(services.moderation) as held:
            return await watching(held, site_id)

    found = await in_time(services, read())
    return found.document() if found else None
