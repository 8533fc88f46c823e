"""Readers report a comment: a page with a form, and what both it and programs send."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from aiohttp import web

from service.domain.errors import CommentNotFound
from service.domain.page_url import safe_redirect
from service.domain.reports import LONGEST_TEXT, parse_report, reportable
from service.domain.site import Site
from service.domain.typed_values import typed_again
from service.storage.pool import connection, in_transaction
from service.storage.reports import Reportable, find_reportable
from service.usecases.report import report
from service.vault import reporter_hash
from service.web.desk_choices import spoken_language
from service.web.markdown_html import shown_html
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.queries import comment_id_of, uuid_of
from service.web.reader_posts import ReaderPost, answer_in_kind, count_post
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


async def get_report_page(request: web.Request) -> web.Response:
    """`GET /sites/{site}/report?comment=`: the comment and the form, or that the report has come in."""
    services, comment_id = services_of(request), uuid_of(request.query.get("comment", ""))
    site, found = await in_time(services, _find(services, request.match_info["site"], comment_id))
    is_sent = request.query.get("sent") == "1"
    if comment_id is None or (found is None and not is_sent):
        raise CommentNotFound
    values = {"reason": "", "text": "", "lang": spoken_language(request.query)}
    form = {"values": values, "errors": {}, "notice": None}
    return _page(site, str(comment_id), found, is_sent=is_sent, form=form)


async def post_report(request: web.Request) -> web.StreamResponse:
    """`POST /api/v1/sites/{site}/comments/{id}/reports`: the first of a reader and a later one look alike."""
    return await answer_in_kind(request, _take, _again)


async def _find(services: Services, slug: str, comment_id: UUID | None) -> tuple[Site, Reportable | None]:
    site = await services.directory.of_slug(slug)
    if comment_id is None:
        return site, None
    async with connection(services.readers) as held:
        return site, await find_reportable(held, site.id, comment_id)


async def _take(post: ReaderPost) -> web.Response:
    """Validate, count, store.

    Raises:
        InvalidSubmission, Problem, DomainError: see `problems.py`.
    """
    services, site = post.services, post.site
    new = parse_report(post.fields, site.own_reasons)
    await count_post(post, "report", services.limits.reports)
    comment_id = comment_id_of(post.request)
    if comment_id is None:
        raise CommentNotFound
    reporter = reporter_hash(services.signing, post.network, datetime.now(UTC).date())
    kept = in_transaction(
        services.pools.submissions, lambda held: report(held, site, comment_id, new, reporter)
    )
    await in_time(services, kept)
    if post.wants_json:
        told = {"comment": str(comment_id), "status": "received"}
        return web.Response(status=202, body=orjson.dumps(told), content_type="application/json")
    lang = spoken_language(post.fields)
    thanks = f"/sites/{site.slug}/report?{f'lang={lang}&' if lang else ''}comment={comment_id}&sent=1"
    return web.Response(status=303, headers={"Location": services.settings.public_url + thanks})


def _again(post: ReaderPost, problem: Problem) -> web.Response:
    form: dict[str, Any] = {
        "values": typed_again(post.fields, lines=("reason", "lang"), passages=("text",)),
        "errors": {fault.field: fault.detail for fault in problem.errors},
        "notice": None if problem.errors else problem.detail or problem.title,
    }
    return _page(post.site, post.request.match_info["id"], None, status=problem.status, form=form)


def _page(
    site: Site,
    comment_id: str,
    found: Reportable | None,
    *,
    status: int = 200,
    is_sent: bool = False,
    form: dict[str, Any],
) -> web.Response:
    text = render(
        "report.html",
        site={"slug": site.slug, "name": site.name},
        comment={"id": comment_id, "author": found.author, "html": shown_html(site, found.text)}
        if found
        else None,
        comment_id=comment_id,
        page=_place(site, found),
        form=form
        | {"action": f"/api/v1/sites/{site.slug}/comments/{comment_id}/reports", "limit": LONGEST_TEXT},
        reasons=reportable(site.own_reasons),
        is_sent=is_sent,
    )
    return html_page(text, status=status, headers=_PRIVATE)


def _place(site: Site, found: Reportable | None) -> dict[str, str | None] | None:
    if found is None:
        return None
    return {"url": safe_redirect(found.page_url, site.origins), "title": found.page_title}
