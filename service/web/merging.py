"""Merging two URLs of one article over HTTP."""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from service.domain.fault import Fault
from service.domain.page_url import InvalidPageUrl, normalise_page_url
from service.storage.pool import in_transaction
from service.usecases.merge_pages import Merged, merge_pages
from service.web.auth import Caller
from service.web.moderation import answer, enter, read_as
from service.web.pages import named_site, page_document
from service.web.problems import Problem
from service.web.services import Services, in_time

Url = Annotated[str, StringConstraints(max_length=2000)]


class MergeBody(BaseModel):
    """Which page is merged, and into which."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    site: Annotated[str, StringConstraints(max_length=100)]
    page_url: Url
    into: Url


async def post_merge(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/pages/merge`: one page of two, with the comments of both."""
    services, caller = await enter(request, "admin")
    body = await read_as(request, MergeBody)
    merged = await merge(services, caller, body)
    return answer(page_document(named_site(caller, body.site), merged.page) | {"moved": merged.moved})


async def merge(services: Services, caller: Caller, body: MergeBody) -> Merged:
    """Carry it out.

    Raises:
        Problem: 404 for a site that is not the caller's, 422 for what is no URL.
        DomainError: as `merge_pages`.
    """
    site = named_site(caller, body.site)
    urls, faults = [], []
    for name in ("page_url", "into"):
        try:
            urls.append(normalise_page_url(getattr(body, name)))
        except InvalidPageUrl:
            faults.append(Fault(name, "invalid", "This is not an absolute http(s) URL."))
    if faults:
        raise Problem(422, "invalid-decision", "The body is not valid", errors=tuple(faults))
    url, into = urls
    by = caller.holder.moderator_id
    return await in_time(
        services, in_transaction(services.moderation, lambda held: merge_pages(held, site, url, into, by))
    )
