"""Notices of illegal content: a form, what both it and programs send, and the page of whoever sent one."""

from typing import Any
from uuid import UUID

import orjson
from aiohttp import web

from service.domain.comment_id import new_comment_id
from service.domain.errors import CommentNotFound
from service.domain.notices import LONGEST_EXPLANATION, SHOWS_ABUSE, Notice, parse_notice
from service.domain.page_url import safe_redirect
from service.domain.site import Site
from service.domain.typed_values import typed_again
from service.signed import make_notice_link, read_notice_link
from service.storage.pool import connection, in_transaction
from service.storage.reports import NewNotice, NoticeState, Reportable, find_notice, find_reportable
from service.usecases.report import give_notice
from service.web.desk_choices import current_language, spoken_language
from service.web.markdown_html import shown_html
from service.web.middleware import html_page, see_other
from service.web.problems import Problem
from service.web.queries import comment_id_of, uuid_of
from service.web.reader_posts import ReaderPost, answer_in_kind, count_post
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_LINES = ("name", "email", "lang", SHOWS_ABUSE, "good_faith")


async def get_notice_page(request: web.Request) -> web.Response:
    """`GET /sites/{site}/notice?comment=`: the comment and the form."""
    services, comment_id = services_of(request), uuid_of(request.query.get("comment", ""))

    async def read() -> tuple[Site, Reportable | None]:
        site = await services.directory.of_slug(request.match_info["site"])
        if comment_id is None:
            return site, None
        async with connection(services.readers) as held:
            return site, await find_reportable(held, site.id, comment_id)

    site, found = await in_time(services, read())
    if found is None:
        raise CommentNotFound
    values = dict.fromkeys((*_LINES, "explanation"), "") | {"lang": spoken_language(request.query)}
    form = {"values": values, "errors": {}, "notice": None}
    return _form_page(services, site, str(comment_id), found, form)


async def post_notice(request: web.Request) -> web.StreamResponse:
    """`POST /api/v1/sites/{site}/comments/{id}/notices`."""
    return await answer_in_kind(request, _take, _again)


async def get_notice_state(request: web.Request) -> web.Response:
    """`GET /notices/{link}`: what became of it, for whoever sent it."""
    site, found = await _state(request)
    url = safe_redirect(found.page_url, site.origins) if found.page_url else None
    text = render(
        "notice_state.html",
        site={"slug": site.slug, "name": site.name},
        notice=found,
        page={"url": url},
        there_is_mail=services_of(request).desk.mail is not None,
    )
    return html_page(text, headers=_PRIVATE)


async def get_notice(request: web.Request) -> web.Response:
    """`GET /api/v1/notices/{link}`."""
    _, found = await _state(request)
    document = {
        "status": "decided" if found.outcome else "received",
        "outcome": found.outcome,
        "received_at": found.received_at,
        "decided_at": found.settled_at,
    }
    return web.Response(body=orjson.dumps(document), content_type="application/json", headers=_PRIVATE)


async def _state(request: web.Request) -> tuple[Site, NoticeState]:
    services = services_of(request)
    notice_id = read_notice_link(services.signing, request.match_info["link"])
    if notice_id is not None and (found := await in_time(services, _find_state(services, notice_id))):
        return found
    raise Problem(404, "notice-not-found", "There is no such notice", headers=_PRIVATE)


async def _find_state(services: Services, notice_id: UUID) -> tuple[Site, NoticeState] | None:
    async with connection(services.readers) as held:
        found = await find_notice(held, notice_id)
    return (await services.directory.of_id(found.site_id), found) if found else None


async def _take(post: ReaderPost) -> web.Response:
    """Validate, count, store.

    Raises:
        InvalidSubmission, Problem, DomainError: see `problems.py`.
    """
    services, site = post.services, post.site
    new = parse_notice(post.fields)
    await count_post(post, "notice", services.limits.reports)
    comment_id = comment_id_of(post.request)
    if comment_id is None:
        raise CommentNotFound
    link = await _keep(services, site, comment_id, new)
    lang = spoken_language(post.fields)
    if not post.wants_json:
        return see_other(link + (f"?lang={lang}" if lang else ""))
    told = {"comment": str(comment_id), "status": "received", "notice_url": link}
    return web.Response(status=202, body=orjson.dumps(told), content_type="application/json")


async def _keep(services: Services, site: Site, comment_id: UUID, new: Notice) -> str:
    """Store it; the link to what becomes of it."""
    notice_id, mail = new_comment_id(), services.desk.mail
    link = f"{services.settings.public_url}/notices/{make_notice_link(services.signing, notice_id)}"
    to = mail.recipient_at(site, new.email, link, current_language()) if mail and new.email else None
    row = NewNotice(notice_id, new.name, new.explanation, to.id if to else None)
    await in_time(
        services,
        in_transaction(services.pools.submissions, lambda held: give_notice(held, site, comment_id, row, to)),
    )
    return link


def _again(post: ReaderPost, problem: Problem) -> web.Response:
    form: dict[str, Any] = {
        "values": typed_again(post.fields, lines=_LINES, passages=("explanation",)),
        "errors": {fault.field: fault.detail for fault in problem.errors},
        "notice": None if problem.errors else problem.detail or problem.title,
    }
    comment_id = post.request.match_info["id"]
    return _form_page(post.services, post.site, comment_id, None, form, status=problem.status)


def _form_page(
    services: Services,
    site: Site,
    comment_id: str,
    found: Reportable | None,
    form: dict[str, Any],
    *,
    status: int = 200,
) -> web.Response:
    text = render(
        "notice.html",
        site={"slug": site.slug, "name": site.name},
        comment={"author": found.author, "html": shown_html(site, found.text)} if found else None,
        form=form
        | {
            "action": f"/api/v1/sites/{site.slug}/comments/{comment_id}/notices",
            "limit": LONGEST_EXPLANATION,
        },
        there_is_mail=services.desk.mail is not None,
    )
    return html_page(text, status=status, headers=_PRIVATE)
