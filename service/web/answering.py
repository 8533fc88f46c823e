"""Answers of the paper to its readers, over HTTP."""

from typing import Any
from uuid import UUID

from aiohttp import web

from service.domain import field_rules
from service.domain.errors import CommentNotFound
from service.domain.fault import Fault
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.answer import StaffAnswer, answer_as_staff
from service.web.auth import Caller
from service.web.moderation import answer, enter, find_one, read_as
from service.web.moderation_payloads import AnswerBody, comment_document
from service.web.problems import Problem
from service.web.queries import comment_id_of
from service.web.services import Services, in_time

LONGEST = 5000


async def post_answer(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/answer`: published at once, under the paper's badge."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, AnswerBody), comment_id_of(request)

    async def work() -> dict[str, Any]:
        answer_id = await publish_answer(services, caller, comment_id, body)
        async with connection(services.moderation) as held:
            return comment_document(await find_one(held, caller, answer_id))

    return answer(await in_time(services, work()), status=201)


async def publish_answer(
    services: Services, caller: Caller, comment_id: UUID | None, body: AnswerBody
) -> UUID:
    """The id of the answer.

    Raises:
        Problem: 422 for a text that cannot be stored.
        DomainError: as `answer_as_staff`.
    """
    try:
        text = field_rules.comment(body.text, limit=LONGEST)
    except field_rules.Wrong as wrong:
        fault = Fault("text", wrong.code, wrong.detail)
        raise Problem(422, "invalid-decision", "The body is not valid", errors=(fault,)) from None

    if comment_id is None:
        raise CommentNotFound
    wanted = StaffAnswer(comment_id, text or "", caller.holder.name if body.sign_as == "person" else None)

    async def store(held: Connection) -> UUID:
        return await answer_as_staff(held, caller.judge, services.signing, wanted)

    return await in_transaction(services.moderation, store)
