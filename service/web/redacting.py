"""Taking parts out of a text, over HTTP."""

from typing import Any

from aiohttp import web

from service.domain.errors import CommentNotFound
from service.domain.finding import Span
from service.storage.pool import connection, in_transaction
from service.usecases.redact import Redaction, redact
from service.web.moderation import answer, enter, find_one, read_as
from service.web.moderation_payloads import RedactionBody, comment_document
from service.web.queries import comment_id_of
from service.web.services import in_time


async def post_redaction(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/redaction`: the comment, with marks in place of the spans."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, RedactionBody), comment_id_of(request)

    async def work() -> dict[str, Any]:
        if comment_id is None:
            raise CommentNotFound
        spans = tuple(Span(start, end) for start, end in body.spans)
        wanted = Redaction(comment_id, body.version, spans, body.reason, body.note)
        await in_transaction(services.moderation, lambda held: redact(held, caller.judge, wanted))
        async with connection(services.moderation) as held:
            return comment_document(await find_one(held, caller, comment_id))

    return answer(await in_time(services, work()))
