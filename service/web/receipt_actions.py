"""Authors change their comment, or take it back, by its receipt."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import orjson
import structlog
from aiohttp import web

from service.domain import field_rules
from service.domain.errors import CommentNotFound, DomainError
from service.domain.fault import Fault
from service.domain.field_rules import Wrong
from service.domain.site import Site
from service.domain.typed_values import typed_again
from service.storage.pool import Connection, in_transaction
from service.storage.receipts import OwnComment
from service.usecases.appeal import file_appeal
from service.usecases.own_comment import edit, withdraw
from service.web.body import read_body
from service.web.desk_choices import speak, spoken_language
from service.web.middleware import html_page, see_other
from service.web.problems import Problem, problem_of
from service.web.reader_words import in_their_language
from service.web.receipts import LONGEST_APPEAL, PRIVATE, Again, own_comment, receipt_answer, receipt_page
from service.web.rendering import render
from service.web.services import in_time, services_of
from service.web.sign_in_limits import network_digest

log = structlog.get_logger(__name__)

Form = Literal["edit", "appeal"]
Work = Callable[[web.Request, Site, OwnComment, Mapping[str, object]], Awaitable[None]]
"""Does what a form asks for, with its fields."""

_BODY_BASE, _BODY_PER_CHARACTER = 8 * 1024, 12
NO_APPEAL = "Please say why the decision is wrong."
_NOT_SURE = Problem(422, "not-sure", "Tick the box to say that you are sure", headers=PRIVATE)


async def post_edit(request: web.Request) -> web.Response:
    """`POST /api/v1/receipts/{receipt}/edit`: `comment` is the new text; the receipt as it is then."""
    site, own = await own_comment(request)
    await _edit(request, site, own, await _fields(request, site))
    return receipt_answer(*await own_comment(request))


async def post_edit_page(request: web.Request) -> web.Response:
    """`POST /receipts/{receipt}/edit`: the receipt, or the form again with what was typed."""
    return await _by_form(request, "edit", "comment", _edit)


async def post_withdraw(request: web.Request) -> web.Response:
    """`POST /api/v1/receipts/{receipt}/withdraw`: `sure` makes it a tombstone, the receipt is gone."""
    site, own = await own_comment(request)
    if not (await _fields(request, site)).get("sure"):
        raise _NOT_SURE
    await _withdraw(request, site, own)
    document = {"id": str(own.id), "status": "erased"}
    return web.Response(body=orjson.dumps(document), content_type="application/json", headers=PRIVATE)


async def post_withdraw_page(request: web.Request) -> web.Response:
    """`POST /receipts/{receipt}/withdraw`: with the box ticked it is gone."""
    site, own = await own_comment(request)
    fields = await _fields(request, site)
    speak(spoken_language(fields))
    if not fields.get("sure"):
        told = in_their_language(_NOT_SURE, site)
        return receipt_page(request, site, own, status=told.status, again=Again("edit", told.title, own.text))
    await _withdraw(request, site, own)
    page = {"url": own.page_url, "title": own.page_title}
    text = render("withdrawn.html", site={"slug": site.slug, "name": site.name}, page=page)
    return html_page(text, headers=PRIVATE)


async def post_appeal(request: web.Request) -> web.Response:
    """`POST /api/v1/receipts/{receipt}/appeal`: `text` says why it is wrong; the receipt as it is then."""
    site, own = await own_comment(request)
    await _appeal(request, site, own, await _fields(request, site))
    return receipt_answer(*await own_comment(request))


async def post_appeal_page(request: web.Request) -> web.Response:
    """`POST /receipts/{receipt}/appeal`: the receipt, or the form again with what was typed."""
    return await _by_form(request, "appeal", "text", _appeal)


async def _by_form(request: web.Request, form: Form, field: str, work: Work) -> web.Response:
    site, own = await own_comment(request)
    fields = await _fields(request, site)
    lang = spoken_language(fields)
    speak(lang)
    try:
        await work(request, site, own, fields)
    except (DomainError, Problem) as error:
        told = _told_to_reader(error, site)
        typed = typed_again(fields, lines=(), passages=(field,))[field]
        return _again(request, site, own, told, form, typed)
    return see_other(request.path.rpartition("/")[0] + (f"?lang={lang}" if lang else ""))


def _told_to_reader(error: DomainError | Problem, site: Site) -> Problem:
    """What is wrong, in the reader's language; raises the error where the whole receipt is gone."""
    problem = problem_of(error)
    if problem is None or problem.status == 404:
        raise error
    return in_their_language(problem, site)


def _again(
    request: web.Request,
    site: Site,
    own: OwnComment,
    told: Problem,
    form: Form,
    typed: str,
) -> web.Response:
    """The receipt with that form open."""
    fault = told.errors[0].detail if told.errors else told.detail or told.title
    again = Again(form, fault, typed)
    return receipt_page(request, site, own, status=told.status, again=again, headers=dict(told.headers))


async def _appeal(request: web.Request, site: Site, own: OwnComment, fields: Mapping[str, object]) -> None:
    try:
        text = field_rules.passage(fields.get("text"), limit=LONGEST_APPEAL, missing=NO_APPEAL) or ""
    except Wrong as wrong:
        fault = Fault("appeal", wrong.code, wrong.detail)
        raise Problem(422, "invalid-submission", "The appeal was not accepted", errors=(fault,)) from None
    await _carry_out(request, lambda held: file_appeal(held, site, own.id, text))
    log.info("appeal filed", comment=str(own.id), site=site.slug)


async def _fields(request: web.Request, site: Site) -> Mapping[str, object]:
    most = _BODY_BASE + _BODY_PER_CHARACTER * site.policy.comment_limit
    return (await read_body(request, max_bytes=most)).fields


async def _edit(request: web.Request, site: Site, own: OwnComment, fields: Mapping[str, object]) -> None:
    services = services_of(request)
    try:
        text = field_rules.comment(fields.get("comment"), limit=site.policy.comment_limit) or ""
    except Wrong as wrong:
        fault = Fault("comment", wrong.code, wrong.detail)
        raise Problem(422, "invalid-submission", "The comment was not accepted", errors=(fault,)) from None
    limit = {f"edit:{network_digest(request, services)}": services.limits.network}
    decision = await services.limiter.take(limit)
    if not decision.allowed:
        wait = str(decision.retry_after)
        raise Problem(
            429, "too-fast", "Too many comments at once", f"Please wait {wait} seconds and send it again.",
            headers={"Retry-After": wait},
        )  # fmt: skip
    await _carry_out(request, lambda held: edit(held, site, own.id, text))
    services.doorbell.ring()
    log.info("comment edited", comment=str(own.id), site=site.slug)


async def _withdraw(request: web.Request, site: Site, own: OwnComment) -> None:
    await _carry_out(request, lambda held: withdraw(held, site, own.id))
    log.info("comment withdrawn", comment=str(own.id), site=site.slug)


async def _carry_out(request: web.Request, work: Callable[[Connection], Awaitable[None]]) -> None:
    services = services_of(request)
    try:
        await in_time(services, in_transaction(services.pools.submissions, work))
    except CommentNotFound:
        raise Problem(404, "receipt-not-found", "There is no such receipt", headers=PRIVATE) from None
