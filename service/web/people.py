"""People over HTTP: who may do what at the caller's sites, and changing that."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from service.domain.errors import PersonNotFound
from service.domain.people import Admin, Person
from service.storage import people
from service.storage.pool import Connection, connection, in_transaction
from service.usecases import people as change
from service.web.auth import Caller
from service.web.moderation import answer, enter, read_as
from service.web.people_payloads import RoleBody, admin_of, id_in, person_document
from service.web.policy import enter_site
from service.web.problems import Problem
from service.web.queries import bad_query, limit_of
from service.web.services import Services, in_time

_BATCH = 500
_LONGEST_CURSOR = 400
Change = Callable[[Connection, Admin, int], Awaitable[Person]]


async def get_people(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/people`: whoever may do something where the caller is an admin."""
    services, caller = await enter(request, "admin")
    limit, after, slug = limit_of(request.query), _after(request), request.query.get("site")
    named = caller.sites_named(slug)
    if slug is not None and not named:
        raise Problem(404, "site-not-found", "There is no such site")
    found = await in_time(
        services, read_people(services, caller, None if slug is None else named, after, limit + 1)
    )
    return answer({
        "people": [person_document(one, caller) for one in found[:limit]],
        "next_cursor": found[limit - 1].name if len(found) > limit else None,
    })  # fmt: skip


async def put_person(request: web.Request) -> web.Response:
    """`PUT …/sites/{site}/people/{person}`: the person's role at that site from now on."""
    services, caller, site = await enter_site(request, "admin")
    role = (await read_as(request, RoleBody)).role
    return await _changed(
        request, services, caller, lambda held, admin, one: change.set_role(held, admin, one, site.id, role)
    )


async def delete_person(request: web.Request) -> web.Response:
    """`DELETE …/sites/{site}/people/{person}`: takes the person off that site."""
    services, caller, site = await enter_site(request, "admin")
    return await _changed(
        request, services, caller, lambda held, admin, one: change.remove_role(held, admin, one, site.id)
    )


async def post_disable(request: web.Request) -> web.Response:
    """`POST …/people/{person}/disable`: shuts a person out."""
    return await _changed(request, *await enter(request, "admin"), change.disable)


async def post_enable(request: web.Request) -> web.Response:
    """`POST …/people/{person}/enable`: lets a person in again."""
    return await _changed(request, *await enter(request, "admin"), change.enable)


async def post_reset(request: web.Request) -> web.Response:
    """`POST …/people/{person}/reset-second-factor`: asks a person for no code any more."""
    return await _changed(request, *await enter(request, "admin"), change.reset_second_factor)


async def _changed(request: web.Request, services: Services, caller: Caller, work: Change) -> web.Response:
    moderator_id = id_in(request, "person")
    if moderator_id is None:
        raise PersonNotFound
    admin, one = admin_of(caller), moderator_id

    async def carry_out(held: Connection) -> Person:
        return await work(held, admin, one)

    person = await in_time(services, in_transaction(services.moderation, carry_out))
    return answer(person_document(person, caller))


async def read_people(
    services: Services, caller: Caller, site_ids: list[int] | None, after: str | None, wanted: int
) -> list[Person]:
    """The next `wanted` that the caller may know of; names are read in batches until there are enough."""
    admin, found = admin_of(caller), list[Person]()
    async with connection(services.moderation) as held:
        while len(found) < wanted:
            batch = await people.list_people(held, after=after, limit=_BATCH)
            found += [one for one in batch if admin.knows(one) and _is_at(one, site_ids)]
            if len(batch) < _BATCH:
                break
            after = batch[-1].name
    return found[:wanted]


def _is_at(person: Person, site_ids: list[int] | None) -> bool:
    return site_ids is None or any(person.reach.role_at(one) for one in site_ids)


def _after(request: web.Request) -> str | None:
    raw: Any = request.query.get("cursor")
    if raw is not None and not (0 < len(raw) <= _LONGEST_CURSOR and raw.isprintable()):
        raise bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")
    return None if raw is None else str(raw)
