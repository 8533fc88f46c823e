"""The form by which a moderator answers a reader for the paper."""

from aiohttp import web

from service.domain.errors import CommentNotFound, DomainError
from service.storage.pool import connection
from service.web.answering import publish_answer
from service.web.desk_comment import AnswerForm, comment_page
from service.web.desk_forms import read_acting
from service.web.desk_notices import notice_text
from service.web.middleware import see_other
from service.web.moderation import Told, read_told
from service.web.moderation_payloads import AnswerBody
from service.web.problems import Problem, problem_of
from service.web.queries import uuid_of
from service.web.services import in_time, services_of


async def post_answer_form(request: web.Request) -> web.Response:
    """`POST /dashboard/answer-reader`: publishes it, then the answer's own page."""
    services = services_of(request)
    session, sent = await read_acting(request, services)
    session.caller.must_be("moderator")
    comment_id, typed = uuid_of(sent.get("id", "")), sent.get("text", "")
    body = AnswerBody(text=typed, sign_as="person" if sent.get("sign_as") == "person" else "site")

    async def read() -> Told:
        async with connection(services.moderation) as held:
            return await read_told(held, session.caller, comment_id)

    try:
        answer_id = await in_time(services, publish_answer(services, session.caller, comment_id, body))
    except CommentNotFound:
        raise
    except (DomainError, Problem) as error:
        problem = problem_of(error)
        code = problem.code if problem else "invalid"
        fault = notice_text("no-text" if code == "invalid-decision" else code) or notice_text("invalid")
        form = AnswerForm(typed, body.sign_as, fault)
        return comment_page(services, session, await in_time(services, read()), answer=form)
    return see_other(f"/dashboard/comments/{answer_id}?notice=answered")
