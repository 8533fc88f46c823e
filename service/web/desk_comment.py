"""A comment's page for moderators: the card of the queue, and every decision that was ever made about it."""

from dataclasses import dataclass

from aiohttp import web

from service.domain.status import Status
from service.storage.pool import connection
from service.usecases.redact import REDACTABLE
from service.web.desk_frame import frame
from service.web.desk_items import item_of, reasons_for
from service.web.desk_notices import notice_text
from service.web.desk_place import TABS, Place
from service.web.desk_session import DeskSession, find_session
from service.web.desk_sign_in import sign_in_page
from service.web.marked_text import marked_html
from service.web.middleware import html_page
from service.web.moderation import Told, read_told
from service.web.queries import comment_id_of
from service.web.rendering import render
from service.web.services import Services, in_time, services_of


@dataclass(frozen=True, slots=True)
class RedactionForm:
    """What was typed into the form that takes parts out, and what is wrong with it."""

    passages: str = ""
    reason: str = ""
    note: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What was typed into the form that answers the reader, and what is wrong with it."""

    text: str = ""
    sign_as: str = "site"
    fault: str = ""


EMPTY, NO_ANSWER = RedactionForm(), AnswerForm()


async def get_comment_page(request: web.Request) -> web.Response:
    """`GET /dashboard/comments/{id}`: a comment and its history, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    caller = session.caller

    async def read() -> Told:
        async with connection(services.moderation) as held:
            return await read_told(held, caller, comment_id_of(request))

    told = await in_time(services, read())
    return comment_page(services, session, told, notice=notice_text(request.query.get("notice", "")))


def comment_page(
    services: Services,
    session: DeskSession,
    told: Told,
    *,
    form: RedactionForm = EMPTY,
    answer: AnswerForm = NO_ANSWER,
    notice: str = "",
) -> web.Response:
    """The page, with the forms as they were typed; 422 where something is wrong with one."""
    caller, comment = session.caller, told.comment
    deciding = {one.slug for one in caller.judge.sites.values()} if comment.status != Status.ERASED else set()
    text = render(
        "dashboard_comment.html",
        **frame(services, session, chosen=comment.site),
        item=item_of(comment, caller.holder.name),
        place=Place(comment.status if comment.status in TABS else "held", comment.site),
        deciding=deciding,
        reasons=reasons_for(caller, comment.site),
        history=told.history,
        texts={one.id: marked_html(one.text_before) for one in told.history if one.text_before},
        why=told.why,
        is_redactable=comment.site in deciding and comment.status in REDACTABLE,
        is_network_known=comment.site in deciding and comment.is_network_known,
        form=form,
        is_answerable=answer.fault or (comment.site in deciding and comment.status == Status.PUBLISHED),
        answer=answer,
        notice=notice,
    )
    return html_page(text, status=422 if form.fault or answer.fault else 200)
