"""What a site taught the models and whether it may automate, over HTTP; and the sample for people."""

from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.domain.errors import NoSample
from service.storage import samples
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.decide import Ruling
from service.usecases.model_document import models_document
from service.usecases.models import ModelChange, Standing, change_models, standing_of
from service.usecases.samples import Compared, answer_sample
from service.web.moderation import answer, enter, read_as
from service.web.moderation_payloads import Note, ReasonCode
from service.web.policy import enter_site
from service.web.queries import comment_id_of, limit_of
from service.web.services import in_time


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, strict=True)


class ModelsBody(_Body):
    """What an admin wishes; see `ModelChange`."""

    action: Literal["off", "on", "revert", "resume"]
    task: Literal["spam", "abuse"] | None = None
    version: int | None = Field(default=None, ge=0, le=2**31 - 1)


class AnswerBody(_Body):
    """What a moderator would have decided."""

    action: Literal["approve", "reject", "spam"]
    version: int = Field(ge=1, le=2**31 - 1)
    reason: ReasonCode | None = None
    note: Note | None = None


async def get_models(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/models`: what is in use, what it is good for, what automation lacks."""
    services, _caller, site = await enter_site(request, "viewer")

    async def read() -> Standing:
        async with connection(services.moderation) as held:
            return await standing_of(held, site)

    return answer(models_document(await in_time(services, read())))


async def post_models(request: web.Request) -> web.Response:
    """`POST …/sites/{site}/models`: turns learning off or on, goes back, or lets automation begin anew."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, ModelsBody)
    wish = ModelChange(body.action, body.task, body.version)

    async def change(held: Connection) -> Standing:
        await change_models(held, site, wish, caller.holder.moderator_id)
        return await standing_of(held, site)

    return answer(models_document(await in_time(services, in_transaction(services.moderation, change))))


async def get_samples(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/samples`: decisions of the checks to look at, without what they were."""
    services, caller = await enter(request, "viewer")
    limit, site_ids = limit_of(request.query), caller.sites_named(request.query.get("site"))

    async def read() -> list[samples.Drawn]:
        async with connection(services.moderation) as held:
            return await samples.list_waiting(held, site_ids, limit=limit)

    return answer({"samples": [drawn_document(one) for one in await in_time(services, read())]})


async def post_answer(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/samples/{id}/answer`: decides, and only then tells what the checks had."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, AnswerBody), comment_id_of(request)

    async def decide(held: Connection) -> Compared:
        if comment_id is None:
            raise NoSample
        ruling = Ruling(comment_id, body.action, body.version, body.reason, body.note)
        return await answer_sample(held, caller.judge, ruling)

    found = await in_time(services, in_transaction(services.moderation, decide))
    return answer({"id": str(comment_id), "decided": found.decided, "agrees": found.agrees})


def drawn_document(one: samples.Drawn) -> dict[str, Any]:
    """One sampled comment: no status, no finding, no history of its author."""
    return {
        "id": str(one.id),
        "site": one.site,
        "page_url": one.page_url,
        "page_title": one.page_title,
        "parent_text": one.parent_text,
        "author": one.author,
        "website": one.website,
        "text": one.text,
        "submitted_at": one.submitted_at,
        "version": one.version,
    }
