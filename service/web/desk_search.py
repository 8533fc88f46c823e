"""The moderators' search: every filter of the API's queue in a plain form, for any status."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from service.domain.fault import Fault
from service.domain.site import Site
from service.moderation.language import NAMED
from service.storage import queue
from service.storage.pool import connection
from service.storage.queue import QueuedComment
from service.storage.queue_filters import QueueFilter
from service.web.auth import Caller
from service.web.desk_choices import current_choices
from service.web.desk_frame import frame
from service.web.desk_items import item_of
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import named_site
from service.web.middleware import html_page
from service.web.moderation import place_after, status_of
from service.web.problems import Problem
from service.web.queries import bad_query
from service.web.queue_queries import (
    filter_of,
    known_checks,
    known_reasons,
    place_of,
    queue_sort_of,
    write_place,
)
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

DAYS = ("from", "to")
FIELDS = ("page_url", "section", "reason", "check", "min_score", "language", *DAYS, "author_key", "q")
"""What the form asks for beside status, site and sort; all but the days are named as in the API."""


async def get_search(request: web.Request) -> web.Response:
    """`GET /dashboard/search`: what a search finds, or the way in; 422 says which field is wrong."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    caller, asked = session.caller, {name: value for name, value in request.query.items() if value}
    site = named_site(request, caller)
    found: list[QueuedComment] = []
    faults: tuple[Fault, ...] = ()
    try:
        found = await _find(services, caller, site, asked)
    except Problem as problem:
        if problem.code != "invalid-query":
            raise
        faults = problem.errors
    size = int(current_choices().size)
    text = render(
        "dashboard_search.html",
        **frame(services, session, chosen=site.slug if site else None),
        asked=asked,
        faults={fault.field: fault.detail for fault in faults},
        checks=known_checks(),
        known_reasons=known_reasons(caller.sites.values()),
        languages=sorted(NAMED),
        items=[item_of(comment, caller.holder.name) for comment in found[:size]],
        next_url=_next_url(asked, found[size - 1]) if len(found) > size else None,
    )
    return html_page(text, status=422 if faults else 200)


async def _find(
    services: Services, caller: Caller, site: Site | None, asked: Mapping[str, str]
) -> list[QueuedComment]:
    """One more than a page holds, where there are more."""
    status, sort = status_of(asked), queue_sort_of(asked)
    only, after = _filter(asked, caller), place_of(asked, sort)

    async def read() -> list[QueuedComment]:
        async with connection(services.moderation) as held:
            return await queue.list_queue(
                held,
                caller.sites_named(site.slug if site else None),
                status=status,
                sort=sort,
                limit=int(current_choices().size) + 1,
                after=after,
                only=only,
            )

    return await in_time(services, read())


def _filter(asked: Mapping[str, str], caller: Caller) -> QueueFilter:
    """As the API reads it; the days, UTC, both included."""
    plain = {name: asked[name] for name in FIELDS if name in asked and name not in DAYS}
    first, last = (_day(asked, name) for name in DAYS)
    only = filter_of(plain, caller.sites.values())
    if first:  # a comment of the very first moment of that day belongs to it
        only = replace(only, submitted_after=first - timedelta(microseconds=1))
    return replace(only, submitted_before=last + timedelta(days=1)) if last else only


def _day(asked: Mapping[str, str], name: str) -> datetime | None:
    if name not in asked:
        return None
    try:
        day = date.fromisoformat(asked[name])
    except ValueError:
        raise bad_query(name, "invalid", "A day such as 2026-03-02.") from None
    if not 1970 < day.year < 9999:
        raise bad_query(name, "invalid", "A day such as 2026-03-02.")
    return datetime.combine(day, time(), UTC)


def _next_url(asked: Mapping[str, Any], last: QueuedComment) -> str:
    cursor = write_place(place_after(last), queue_sort_of(asked))
    carried = {name: asked[name] for name in ("status", "site", "sort", *FIELDS) if name in asked}
    return "/dashboard/search?" + urlencode(carried | {"cursor": cursor})
