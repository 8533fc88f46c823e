"""`POST /api/v1/moderation/erasures`: an admin has a person's data erased, and learns nothing by it."""

import asyncio

import structlog
from aiohttp import web

from service.domain.email import EmailAddress, InvalidEmail
from service.domain.errors import StorageUnavailable
from service.domain.fault import Fault
from service.usecases.erase import erase, go_on
from service.web.moderation import answer, enter, read_as
from service.web.moderation_payloads import ErasureBody
from service.web.problems import Problem
from service.web.services import Services, in_time

log = structlog.get_logger(__name__)


async def post_erasure(request: web.Request) -> web.Response:
    """Begin to erase; the tombstones are made behind the answer, which is the same for an unknown address."""
    services, caller = await enter(request, "admin")
    body = await read_as(request, ErasureBody)
    site_ids = caller.sites_named(body.site)
    if body.site is not None and not site_ids:
        raise Problem(404, "site-not-found", "There is no such site")
    email = _address(body.email)
    by = caller.holder.moderator_id
    await in_time(services, erase(services.moderation, services.desk.vault, email, site_ids, by))
    go_on_behind_the_answer(services)
    log.info("erasure begun", by=by, sites=len(site_ids))
    response = answer({"sites": sorted(caller.sites[site_id].slug for site_id in site_ids)})
    response.set_status(202)
    return response


def _address(raw: str) -> EmailAddress:
    try:
        return EmailAddress.parse(raw)
    except InvalidEmail:
        fault = Fault("email", "invalid", "This is not an email address.")
        raise Problem(422, "invalid-decision", "The body is not valid", errors=(fault,)) from None


def go_on_behind_the_answer(services: Services) -> None:
    """What is left when this process ends is done by the housekeeping."""
    task = asyncio.create_task(_go_on(services))
    services.background.add(task)
    task.add_done_callback(services.background.discard)


async def _go_on(services: Services) -> None:
    try:
        async with services.erasing:  # one after the other, or a few of them held all that moderators share
            await go_on(services.moderation)
    except StorageUnavailable as error:
        log.warning("erasing goes on later", error=type(error).__name__)
