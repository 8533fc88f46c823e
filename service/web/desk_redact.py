"""The form by which a moderator takes parts out of a text: passages as they stand in it, a line for each."""

from aiohttp import web

from service.domain.errors import CommentNotFound, DomainError
from service.domain.redaction import MOST_SPANS, PassageNotFound, spans_of
from service.storage.pool import connection, in_transaction
from service.usecases.redact import Redaction, redact
from service.web.desk_comment import RedactionForm, comment_page
from service.web.desk_forms import read_acting
from service.web.desk_notices import notice_text
from service.web.languages import N_
from service.web.middleware import see_other
from service.web.moderation import Told, read_told
from service.web.problems import Problem, problem_of
from service.web.queries import uuid_of
from service.web.said import said
from service.web.services import in_time, services_of

LONGEST_NOTE = 2000


class _FormFault(Exception):
    """Something typed that cannot be carried out; which of the notices says so."""

    def __init__(self, notice: str) -> None:
        self.notice = notice
        super().__init__(notice)


async def post_part(request: web.Request) -> web.Response:
    """`POST /dashboard/redact`: takes the passages out, then the comment's page again."""
    services = services_of(request)
    session, sent = await read_acting(request, services)
    session.caller.must_be("moderator")
    form = RedactionForm(sent.get("passages", ""), sent.get("reason", ""), sent.get("note", "").strip())

    async def read() -> Told:
        async with connection(services.moderation) as held:
            return await read_told(held, session.caller, uuid_of(sent.get("id", "")))

    told = await in_time(services, read())
    try:
        wanted = _wanted(told, sent.get("version", ""), form)
        judge = session.caller.judge
        await in_time(services, in_transaction(services.moderation, lambda held: redact(held, judge, wanted)))
    except PassageNotFound as error:
        fault = said(N_("The text does not have these words: %(words)s"), words=error.passage)
    except _FormFault as error:
        fault = notice_text(error.notice)
    except (DomainError, Problem) as error:
        if isinstance(error, CommentNotFound):
            raise
        fault = _fault_of(error)
    else:
        return see_other(f"/dashboard/comments/{wanted.comment_id}?notice=redacted")
    form = RedactionForm(form.passages, form.reason, form.note, fault)
    return comment_page(services, session, await in_time(services, read()), form=form)


def _wanted(told: Told, version: str, form: RedactionForm) -> Redaction:
    passages = [line.strip() for line in form.passages.splitlines() if line.strip()]
    if not passages:
        raise _FormFault("no-passage")
    spans = spans_of(told.comment.text, passages)
    if len(spans) > MOST_SPANS or len(form.note) > LONGEST_NOTE or not version.isdecimal():
        raise _FormFault("invalid")
    number = int(version[:9])
    return Redaction(told.comment.id, number, tuple(spans), form.reason or None, form.note or None)


def _fault_of(error: DomainError | Problem) -> str:
    problem = problem_of(error)
    code = problem.code if problem else "invalid"
    return notice_text(code) or notice_text("invalid")
