"""Authors over HTTP, as moderators see one and what they order: a pseudonym, never an address."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from service.domain.errors import AuthorNotFound, UnknownReason
from service.domain.reasons import Reason
from service.domain.site import Site
from service.domain.standing import Standing
from service.storage import authors, standings
from service.storage.pool import Connection, connection, in_transaction
from service.storage.standings import KeptStanding, NewStanding
from service.usecases.author_standing import give_standing, lift_standing
from service.web.moderation import answer, read_as
from service.web.moments import Moment
from service.web.policy import enter_site
from service.web.queries import bad_query, limit_of
from service.web.services import Services, in_time

LATEST = 50
"""Comments of an author's history."""

GIVEN = frozenset(Reason) - {Reason.CHECK_FAILED, Reason.AWAITING_CONFIRMATION}
"""Reasons for which an author can be pre-moderated or banned."""

_LONGEST_KEY = 100


class StandingBody(BaseModel):
    """What is ordered about an author, why, and until when; without an end until it is lifted."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: Standing
    reason: Annotated[str, StringConstraints(max_length=50)]
    note: (
        Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")] | None
    ) = None
    expires_at: Moment | None = None


async def get_author(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/authors/{author_key}`: all that is known of an author."""
    services, _caller, site = await enter_site(request, "viewer")
    return answer(await in_time(services, read_author(services, site, _key_of(request))))


async def put_standing(request: web.Request) -> web.Response:
    """`PUT …/authors/{author_key}/standing`: pre-moderates or bans."""
    services, caller, site = await enter_site(request, "moderator")
    body = await read_as(request, StandingBody)
    if body.reason not in GIVEN:
        raise UnknownReason
    new = NewStanding(body.kind, body.reason, body.note, body.expires_at)
    key = _key_of(request)

    async def give(held: Connection) -> None:
        await give_standing(held, site, key, new, caller.holder.moderator_id)

    return await _changed(services, site, key, give)


async def delete_standing(request: web.Request) -> web.Response:
    """`DELETE …/authors/{author_key}/standing`: as usual again."""
    services, caller, site = await enter_site(request, "moderator")
    key = _key_of(request)

    async def lift(held: Connection) -> None:
        await lift_standing(held, site, key, caller.holder.moderator_id)

    return await _changed(services, site, key, lift)


async def get_standings(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/standings`: who is pre-moderated or banned now."""
    services, _caller, site = await enter_site(request, "viewer")
    limit, after = limit_of(request.query), _after_of(request)

    async def read() -> list[KeptStanding]:
        async with connection(services.moderation) as held:
            return await standings.list_active(held, site.id, after=after, limit=limit + 1)

    found = await in_time(services, read())
    return answer({
        "standings": [asdict(one) for one in found[:limit]],
        "next_cursor": found[limit - 1].author_key if len(found) > limit else None,
    })  # fmt: skip


async def _changed(
    services: Services, site: Site, key: str, change: Callable[[Connection], Awaitable[None]]
) -> web.Response:
    await in_time(services, in_transaction(services.moderation, change))
    return answer(await in_time(services, read_author(services, site, key)))


async def read_author(services: Services, site: Site, key: str) -> dict[str, Any]:
    """All that is known of an author.

    Raises:
        AuthorNotFound: nobody has that key at the site.
    """
    async with connection(services.moderation) as held:
        author = await authors.find_author(held, site.id, key)
        if author is None:
            raise AuthorNotFound
        ordered = await standings.list_of_author(held, site.id, author.id)
        comments = await authors.list_comments(held, site.id, author.id, limit=LATEST)
    active = [one for one in ordered if one.is_active]
    return {
        "site": site.slug,
        "author_key": author.key,
        "first_seen": author.first_seen,
        "names": author.names,
        "record": author.record,
        "strikes": author.strikes,
        "standing": asdict(active[0]) if active else None,
        "standings": [asdict(one) for one in ordered],
        "comments": [asdict(one) | {"id": str(one.id)} for one in comments],
    }


def _key_of(request: web.Request) -> str:
    return author_key_in(request.match_info["author_key"])


def author_key_in(key: str) -> str:
    """The key; raises AuthorNotFound for what nobody can have."""
    if len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise AuthorNotFound
    return key


def _after_of(request: web.Request) -> str | None:
    raw = request.query.get("cursor")
    if raw is not None and not (0 < len(raw) <= _LONGEST_KEY and raw.isascii() and raw.isprintable()):
        raise bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")
    return raw
