"""Orders about networks over HTTP: given by a comment that came from there; nobody reads which one it is."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from service.domain.errors import CommentNotFound, NoStanding, UnknownReason
from service.domain.site import Site
from service.domain.standing import Restriction
from service.storage import network_standings
from service.storage.network_standings import NetworkStanding, NewNetworkStanding
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.network_standing import (
    LONGEST,
    give_standing_of_network,
    lift_standing_of_network,
)
from service.web.auth import Caller
from service.web.authors import GIVEN
from service.web.moderation import answer, enter, read_as
from service.web.moments import Moment
from service.web.policy import enter_site
from service.web.queries import bad_query, comment_id_of, limit_of
from service.web.services import Services, in_time

_LONGEST_ID = 18
"""Digits."""


def _within_a_month(moment: datetime) -> datetime:
    if not datetime.now(UTC) < moment <= datetime.now(UTC) + LONGEST:
        raise ValueError("a moment within the next 30 days is needed")
    return moment


class NetworkStandingBody(BaseModel):
    """What is ordered about a network, why, and until when."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: Restriction
    reason: Annotated[str, StringConstraints(max_length=50)]
    note: (
        Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")] | None
    ) = None
    expires_at: Annotated[Moment, AfterValidator(_within_a_month)]


async def post_standing(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/network-standing`: about the network it came from."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, NetworkStandingBody), comment_id_of(request)
    if comment_id is None:
        raise CommentNotFound
    if body.reason not in GIVEN:
        raise UnknownReason
    new = NewNetworkStanding(body.kind, body.reason, body.note, body.expires_at)

    async def give(held: Connection) -> dict[str, Any]:
        site, standing_id = await give_standing_of_network(held, caller.judge, comment_id, new)
        return await _document(held, site, standing_id)

    return answer(await _changed(services, give), status=201)


async def delete_standing(request: web.Request) -> web.Response:
    """`DELETE …/sites/{site}/network-standings/{id}`: as usual again."""
    services, caller, site = await enter_site(request, "moderator")
    standing_id = id_in(request.match_info["id"])
    if standing_id is None:
        raise NoStanding
    return answer(await lift(services, caller, site, standing_id))


async def lift(services: Services, caller: Caller, site: Site, standing_id: int) -> dict[str, Any]:
    """End an order; what it is now.

    Raises:
        NoStanding: no such order holds at the site.
    """

    async def end(held: Connection) -> dict[str, Any]:
        await lift_standing_of_network(held, site, standing_id, caller.holder.moderator_id)
        return await _document(held, site, standing_id)

    return await _changed(services, end)


async def get_standings(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/network-standings`: those that hold now, the newest first."""
    services, _caller, site = await enter_site(request, "viewer")
    limit, before = limit_of(request.query), _before(request)

    async def read() -> list[NetworkStanding]:
        async with connection(services.moderation) as held:
            return await network_standings.list_active(held, site.id, before=before, limit=limit + 1)

    found = await in_time(services, read())
    return answer({
        "network_standings": [_told(site, one) for one in found[:limit]],
        "next_cursor": str(found[limit - 1].id) if len(found) > limit else None,
    })  # fmt: skip


async def _changed(
    services: Services, change: Callable[[Connection], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    return await in_time(services, in_transaction(services.moderation, change))


async def _document(held: Connection, site: Site, standing_id: int) -> dict[str, Any]:
    found = await network_standings.find(held, site.id, standing_id)
    if found is None:
        raise NoStanding
    return _told(site, found)


def _told(site: Site, standing: NetworkStanding) -> dict[str, Any]:
    return {"site": site.slug} | asdict(standing) | {"id": str(standing.id)}


def _before(request: web.Request) -> int | None:
    raw = request.query.get("cursor")
    found = id_in(raw) if raw is not None else None
    if raw is not None and found is None:
        raise bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")
    return found


def id_in(raw: str) -> int | None:
    """The number of an order; null for what is none."""
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= _LONGEST_ID else None
