"""A site's policy over HTTP: read, check, change, and how it came about."""

from typing import Any

from aiohttp import web

from service.domain.site import Site
from service.moderation.policy_document import differences, policy_schema, read_policy
from service.storage import policies
from service.storage.policies import PolicyVersion
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.change_policy import Change, change_policy
from service.web.auth import Caller
from service.web.moderation import answer, enter, read_as
from service.web.policy_payloads import NewPolicyBody, PolicyBody, version_document
from service.web.problems import Problem
from service.web.queries import bad_query, limit_of
from service.web.services import Services, in_time

_LARGEST = 2**31 - 1


async def enter_site(request: web.Request, role: str) -> tuple[Services, Caller, Site]:
    """The caller's site of the path; another one's is as one that does not exist."""
    services, caller = await enter(request, role)
    named = caller.sites_named(request.match_info["site"])
    if not named:
        raise Problem(404, "site-not-found", "There is no such site")
    return services, caller, caller.sites[named[0]]


async def get_policy(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/policy`: the version that holds, or the one that is asked for."""
    services, _caller, site = await enter_site(request, "admin")
    wanted = _version_of(request, "version")

    async def read() -> PolicyVersion | None:
        async with connection(services.moderation) as held:
            if wanted is None:
                return await policies.find_current(held, site.id)
            return await policies.find_version(held, site.id, wanted)

    found = await in_time(services, read())
    if found is None:
        raise policy_not_found()
    return answer(version_document(found))


async def put_policy(request: web.Request) -> web.Response:
    """`PUT …/sites/{site}/policy`: makes another one hold, on top of the version that was read."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, NewPolicyBody)
    change = Change(read_policy(body.policy), body.version, caller.holder.moderator_id, body.note)

    async def put(held: Connection) -> PolicyVersion:
        await change_policy(held, site.id, change)
        return await policies.find_current(held, site.id)

    return answer(version_document(await in_time(services, in_transaction(services.moderation, put))))


async def post_check(request: web.Request) -> web.Response:
    """`POST …/sites/{site}/policy/check`: every fault, or what the policy would change."""
    services, _caller, site = await enter_site(request, "admin")
    policy = read_policy((await read_as(request, PolicyBody)).policy)

    async def read() -> PolicyVersion:
        async with connection(services.moderation) as held:
            return await policies.find_current(held, site.id)

    current = await in_time(services, read())
    return answer({"version": current.version, "changes": differences(current.policy, policy)})


async def get_versions(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/policy/versions`: the newest first, with what each changed."""
    services, _caller, site = await enter_site(request, "admin")
    limit, before = limit_of(request.query), _version_of(request, "before")

    async def read() -> list[PolicyVersion]:
        async with connection(services.moderation) as held:
            return await policies.list_versions(held, site.id, limit=limit + 1, before=before)

    found = await in_time(services, read())
    shown = [_entry(found, number) for number in range(min(limit, len(found)))]
    return answer({"versions": shown, "next_before": shown[-1]["version"] if len(found) > limit else None})


async def get_schema(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/policy-schema`."""
    await enter(request, "viewer")
    return answer(policy_schema())


def policy_not_found() -> Problem:
    """No such version, candidate or backtest."""
    return Problem(404, "policy-not-found", "There is no such policy")


def _entry(found: list[PolicyVersion], number: int) -> dict[str, Any]:
    one = version_document(found[number])
    del one["policy"]
    before = found[number + 1].policy if number + 1 < len(found) else None
    return one | {"changes": differences(before, found[number].policy) if before else []}


def _version_of(request: web.Request, name: str) -> int | None:
    raw = request.query.get(name)
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 10 and 1 <= int(raw) <= _LARGEST):
        raise bad_query(name, "invalid", "A version is a number from 1 on.")
    return int(raw)
