"""Appeals that wait, for moderators' programs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aiohttp import web

from service.domain.errors import AppealNotFound
from service.storage import queue
from service.storage.appeals import OpenAppeal, list_open
from service.storage.pool import connection, in_transaction
from service.storage.queue import QueuedComment
from service.usecases.appeal import AppealAnswer, answer_appeal
from service.web.auth import Caller
from service.web.moderation import answer, enter, find_one, read_as
from service.web.moderation_payloads import AppealAnswerBody, comment_document
from service.web.services import Services, in_time

MOST = 100


async def get_appeals(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/appeals?site=`: the oldest that wait, with their comments."""
    services, caller = await enter(request, "viewer")
    site_ids = caller.sites_named(request.query.get("site"))
    found = await in_time(services, open_appeals(services, site_ids))
    return answer({"appeals": [_document(one, comment) for one, comment in found]})


async def post_appeal_answer(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/appeals/{appeal}/answer`: the comment as it stands then."""
    services, caller = await enter(request, "moderator")
    body = await read_as(request, AppealAnswerBody)

    async def work() -> dict[str, Any]:
        given = AppealAnswer(body.answer, body.text, body.note)
        comment_id = await carry_out(services, caller, request.match_info["appeal"], given)
        async with connection(services.moderation) as held:
            return comment_document(await find_one(held, caller, comment_id))

    return answer(await in_time(services, work()))


async def open_appeals(services: Services, site_ids: Sequence[int]) -> list[tuple[OpenAppeal, QueuedComment]]:
    """What waits at those sites, the oldest first, each with its comment."""
    async with connection(services.moderation) as held:
        found = await list_open(held, site_ids, limit=MOST)
        comments = await queue.find_queued(held, site_ids, [one.comment_id for one in found])
    return [(one, comments[one.comment_id]) for one in found if one.comment_id in comments]


async def carry_out(services: Services, caller: Caller, number: str, given: AppealAnswer) -> UUID:
    """Answer one; raises what `answer_appeal` does."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise AppealNotFound
    admin_at = {site_id for site_id, role in caller.holder.roles.items() if role == "admin"}
    return await in_transaction(
        services.moderation,
        lambda held: answer_appeal(held, caller.judge, int(number), given, admin_at),
    )


def _document(one: OpenAppeal, comment: QueuedComment) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "site": comment.site,
        "text": one.text,
        "filed_at": one.filed_at,
        "decided_by": one.decided_by,
        "is_redaction": one.is_redaction,
        "comment": comment_document(comment),
    }
