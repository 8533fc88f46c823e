"""The switch of a whole site over HTTP, for when it gets hot."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from service.domain.site import Mode, Site
from service.storage.pool import connection, in_transaction
from service.storage.sites import find_site_of_id
from service.usecases.change_mode import ModeChange, change_mode
from service.web.moderation import answer, read_as
from service.web.moments import Moment
from service.web.policy import enter_site
from service.web.services import in_time


class ModeBody(BaseModel):
    """What a site is to be like, and until when; without an end until somebody says otherwise."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    mode: Mode
    until: Moment | None = None


async def get_mode(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/mode`: how the site is at this moment, why, and until when."""
    services, _caller, site = await enter_site(request, "viewer")

    async def read() -> Site:
        async with connection(services.moderation) as held:
            return await find_site_of_id(held, site.id) or site

    found = await in_time(services, read())  # not what the directory knows: that may be a second old
    return answer(_mode_document(found))


async def put_mode(request: web.Request) -> web.Response:
    """`PUT …/sites/{site}/mode`: the switch for when it gets hot."""
    services, caller, site = await enter_site(request, "moderator")
    body = await read_as(request, ModeBody)
    change = ModeChange(body.mode, body.until if body.mode != "usual" else None)
    await in_time(
        services,
        in_transaction(
            services.moderation, lambda held: change_mode(held, site, change, caller.holder.moderator_id)
        ),
    )
    return answer(_mode_document(replace(site, mode=change.mode, mode_until=change.until)))


def _mode_document(site: Site) -> dict[str, Any]:
    state = site.state_at(datetime.now(UTC))
    return {"site": site.slug, "mode": state.mode, "by": state.by, "until": state.until}
