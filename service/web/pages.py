"""Pages over HTTP, as moderators see and change them."""

from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints

from service.domain import field_rules
from service.domain.fault import Fault
from service.domain.field_rules import Wrong
from service.domain.page_url import InvalidPageUrl, normalise_page_url
from service.domain.site import Site
from service.storage.pages import PageState, StandingPage, list_standing
from service.storage.pool import connection, in_transaction
from service.usecases.change_page import PageChange, change_page
from service.web.auth import Caller
from service.web.moderation import answer, enter, read_as
from service.web.moments import Moment
from service.web.problems import Problem
from service.web.queries import bad_query, id_cursor_of, limit_of, normalised
from service.web.services import in_time


class PageBody(BaseModel):
    """What a page is to be like; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    site: Annotated[str, StringConstraints(max_length=100)]
    page_url: Annotated[str, StringConstraints(max_length=2000)]
    title: str | None = None
    state: PageState | None = None
    closes_at: Moment | None = None
    premoderated: StrictBool | None = None


async def get_pages(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/pages?site=&page_url=`: a site's pages, the newest first."""
    services, caller = await enter(request, "viewer")
    site = _site_of(caller, request)
    limit, before = limit_of(request.query), id_cursor_of(request.query)
    url = normalised(request.query["page_url"]) if "page_url" in request.query else None

    async def read() -> list[StandingPage]:
        async with connection(services.moderation) as held:
            return await list_standing(
                held,
                site.id,
                close_after_days=site.policy.close_after_days,
                url=url,
                before=before,
                limit=limit + 1,
            )

    found = await in_time(services, read())
    return answer({
        "pages": [page_document(site, page) for page in found[:limit]],
        "next_cursor": str(found[limit - 1].id) if len(found) > limit else None,
    })  # fmt: skip


async def put_page(request: web.Request) -> web.Response:
    """`PUT /api/v1/moderation/pages`: changes what is named of one page."""
    services, caller = await enter(request, "moderator")
    body = await read_as(request, PageBody)
    site, change = named_site(caller, body.site), change_of(body)
    page = await in_time(
        services,
        in_transaction(
            services.moderation, lambda held: change_page(held, site, change, caller.holder.moderator_id)
        ),
    )
    return answer(page_document(site, page))


def page_document(site: Site, page: StandingPage) -> dict[str, Any]:
    """A page as moderators see it."""
    return {
        "site": site.slug,
        "page_url": page.url,
        "title": page.title,
        "state": page.state,
        "closes_at": page.closes_at,
        "open": page.is_open,
        "premoderated": page.premoderated,
        "count": page.count,
        "created_at": page.created_at,
    }


def change_of(body: PageBody) -> PageChange:
    """The change, with a URL in its one spelling.

    Raises:
        Problem: 422 for a URL, a title or an end that cannot be.
    """
    faults, title, url = [], None, ""
    try:
        url = normalise_page_url(body.page_url)
    except InvalidPageUrl:
        faults.append(Fault("page_url", "invalid", "This is not an absolute http(s) URL."))
    try:
        title = field_rules.page_title(body.title) if body.title is not None else None
    except Wrong as wrong:
        faults.append(Fault("title", wrong.code, wrong.detail))
    else:
        if body.title is not None and title is None:
            faults.append(Fault("title", "invalid", "A title has words, and no address of a mailbox."))
    if body.closes_at is not None and body.state in {None, "closed"}:
        faults.append(Fault("closes_at", "not_allowed", "Only with the state open or by_policy."))
    if faults:
        raise Problem(422, "invalid-decision", "The body is not valid", errors=tuple(faults))
    return PageChange(url, title, body.state, body.closes_at, body.premoderated)


def _site_of(caller: Caller, request: web.Request) -> Site:
    if "site" not in request.query:
        raise bad_query("site", "required", "Say which site.")
    return named_site(caller, request.query["site"])


def named_site(caller: Caller, slug: str) -> Site:
    """The caller's site of that slug; a 404 where there is none."""
    named = caller.sites_named(slug)
    if not named:
        raise Problem(404, "site-not-found", "There is no such site")
    return caller.sites[named[0]]
