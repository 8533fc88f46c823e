"""Readers out: the thread and the counts as JSON, from an allow-list of fields."""

from typing import Any

import orjson
from aiohttp import web

from service.domain.site import Site
from service.storage.pages import Page, list_counts
from service.storage.pool import connection
from service.storage.threads import PublishedComment
from service.usecases.read_thread import ThreadPart, Window, find_page, read_thread
from service.web.conditional import conditional_response, etag
from service.web.cors import anyone_may_read
from service.web.markdown_html import shown_html
from service.web.queries import (
    bad_query,
    cursor_of,
    limit_of,
    normalised,
    page_url_of,
    sort_of,
    write_cursor,
)
from service.web.safe_link import safe_href
from service.web.services import Services, in_time, services_of

MAX_PAGES = 100
FORMAT = 1
"""Raised when the same comments would be written differently: it is part of every ETag."""


def window_of(request: web.Request) -> Window:
    """`sort`, `limit` and `cursor` of a request for a thread."""
    return Window(sort_of(request.query), limit_of(request.query), cursor_of(request.query))


@anyone_may_read
async def get_comments(request: web.Request) -> web.Response:
    """`GET /api/v1/sites/{site}/comments`."""
    services = services_of(request)
    url, window = page_url_of(request.query), window_of(request)
    site, page, part = await in_time(services, _read(services, request.match_info["site"], url, window))

    def body() -> bytes:
        return orjson.dumps(_thread_document(site, page, part))

    tag = etag(FORMAT, url, page.id, page.revision, page.title, page.is_open, window, site.policy.markup)
    return await conditional_response(request, tag, body, content_type="application/json")


@anyone_may_read
async def get_counts(request: web.Request) -> web.Response:
    """`GET /api/v1/sites/{site}/counts`."""
    services = services_of(request)
    asked = request.query.getall("page_url", [])
    if not asked:
        raise bad_query("page_url", "required", "Name at least one page.")
    if len(asked) > MAX_PAGES:
        raise bad_query("page_url", "too_long", f"Name at most {MAX_PAGES} pages.")
    urls = {raw: normalised(raw) for raw in asked}
    found = await in_time(services, _count(services, request.match_info["site"], list(urls.values())))
    document = orjson.dumps({"counts": {raw: found.get(url, 0) for raw, url in urls.items()}})
    return await conditional_response(
        request, etag(document), lambda: document, content_type="application/json"
    )


async def _read(services: Services, slug: str, url: str, window: Window) -> tuple[Site, Page, ThreadPart]:
    site = await services.directory.of_slug(slug)
    async with connection(services.readers) as held:
        page = await find_page(held, site, url)
        return site, page, await read_thread(held, site, page, window)


async def _count(services: Services, slug: str, urls: list[str]) -> dict[str, int]:
    site: Site = await services.directory.of_slug(slug)
    async with connection(services.readers) as held:
        return await list_counts(held, site.id, urls)


def _thread_document(site: Site, page: Page, part: ThreadPart) -> dict[str, Any]:
    return {
        "page": {"url": page.url, "title": page.title, "open": page.is_open, "count": page.count},
        "comments": [_entry(site, comment) for comment in part.comments],
        "next_cursor": write_cursor(part.next) if part.next else None,
    }


def _entry(site: Site, comment: PublishedComment) -> dict[str, Any]:
    parent_id = str(comment.parent_id) if comment.parent_id else None
    if comment.removed:
        return {"id": str(comment.id), "parent_id": parent_id, "removed": True}
    return {
        "id": str(comment.id),
        "parent_id": parent_id,
        "author": comment.author,
        "website": safe_href(comment.website),
        "text": comment.text,
        "html": shown_html(site, comment.text),
        "published_at": comment.published_at,
        "edited_at": comment.edited_at,
        "staff": comment.is_staff,
        "picked": comment.is_picked,
    }
