"""What is held about a reader, by a link that is mailed to the own address (GDPR Art. 15, 17 and 20)."""

from dataclasses import asdict
from typing import Any

import orjson
import structlog
from aiohttp import web

from service.domain.email import EmailAddress, InvalidEmail
from service.domain.reason_texts import text_for_author
from service.domain.site import Site
from service.limits.limit import Limit
from service.signed import make_receipt
from service.storage.own_data import OwnData
from service.storage.pool import connection, in_transaction
from service.usecases.erase import erase
from service.web.body import read_body
from service.web.desk_choices import current_language
from service.web.erasing import go_on_behind_the_answer
from service.web.languages import N_
from service.web.markdown_html import shown_html
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.rendering import render
from service.web.services import Services, in_time, services_of
from service.web.sign_in_limits import network_digest

log = structlog.get_logger(__name__)

TRIES = Limit(5, 600)
"""Questions of one network; how much goes to one address is bounded besides."""

_MAX_FORM_BYTES = 4 * 1024
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_NO_ADDRESS = N_("Please enter a valid email address, like name@example.org.")
_TOO_MANY = N_("That was asked often. Please try again in a few minutes.")


async def get_question(request: web.Request) -> web.Response:
    """`GET /sites/{site}/my-data`: a form for the address; where there is no mail, it says so."""
    services = services_of(request)
    return _question(await _site(request), services)


async def post_question(request: web.Request) -> web.Response:
    """`POST /sites/{site}/my-data`: a link is mailed; the answer is the same whether the address is known."""
    services, site = services_of(request), await _site(request)
    desk = services.own_data
    if desk is None:
        return _question(site, services, status=404)
    fields = (await read_body(request, max_bytes=_MAX_FORM_BYTES)).fields
    typed = str(fields.get("email") or "")
    try:
        email = EmailAddress.parse(typed)
    except InvalidEmail:
        return _question(site, services, status=422, fault=_NO_ADDRESS, typed=typed)
    decision = await services.limiter.take({f"my-data:{network_digest(request, services)}": TRIES})
    if not decision.allowed:
        told = _question(site, services, status=429, fault=_TOO_MANY, typed=typed)
        told.headers["Retry-After"] = str(decision.retry_after)
        return told
    language = current_language()
    asked = in_transaction(services.pools.submissions, lambda held: desk.ask(held, site, email, language))
    await in_time(services, asked)
    return _question(site, services, is_asked=True)


async def get_data(request: web.Request) -> web.Response:
    """`GET /my-data/{link}`: everything that is held, as a page or, with `?format=json`, to take along."""
    services = services_of(request)
    site, email = await _opened(request)
    desk = services.own_data
    assert desk is not None  # noqa: S101  (the link was opened by it)

    async def read() -> list[OwnData]:
        async with connection(services.readers) as held:
            return await desk.read(held, site.id, email)

    found = await in_time(services, read())
    if request.query.get("format") == "json":
        return _document(site, found)
    comments = [_shown(services, site, one) for one in found]
    return _page("my_data.html", site, comments=comments, erase_href=f"{request.path}/erase")


async def post_erasure(request: web.Request) -> web.Response:
    """`POST /my-data/{link}/erase`: all of it is erased."""
    services = services_of(request)
    site, email = await _opened(request)
    fields = (await read_body(request, max_bytes=_MAX_FORM_BYTES)).fields
    if not fields.get("sure"):
        raise Problem(422, "not-sure", "Tick the box to say that you are sure", headers=_PRIVATE)
    pool = services.pools.submissions
    erased = erase(pool, services.desk.vault, email, [site.id], subject="a person, by the own link")
    await in_time(services, erased)
    go_on_behind_the_answer(services)
    log.info("erasure begun", by=None, sites=1)
    return _page("my_data.html", site, comments=None)


async def _opened(request: web.Request) -> tuple[Site, EmailAddress]:
    """Raises Problem: 404 for a link that is not ours, or a day old."""
    services = services_of(request)
    desk = services.own_data
    opened = desk.open(request.match_info["link"]) if desk else None
    if opened is None:
        raise Problem(404, "mail-link-not-found", "There is no such link", headers=_PRIVATE)
    site_id, email = opened
    return await in_time(services, services.directory.of_id(site_id)), email


async def _site(request: web.Request) -> Site:
    services = services_of(request)
    return await in_time(services, services.directory.of_slug(request.match_info["site"]))


def _question(
    site: Site,
    services: Services,
    *,
    status: int = 200,
    fault: str | None = None,
    typed: str = "",
    is_asked: bool = False,
) -> web.Response:
    there_is_mail = services.own_data is not None
    context = {"fault": fault, "typed": typed, "is_asked": is_asked, "there_is_mail": there_is_mail}
    return _page("my_data_question.html", site, status=status, **context)


def _shown(services: Services, site: Site, one: OwnData) -> dict[str, Any]:
    receipt = make_receipt(services.signing, site.id, one.revises or one.id)
    is_refused = one.status in {"rejected", "spam"} and one.reason
    words = text_for_author(one.reason or "", (*site.retired_reasons, *site.own_reasons))
    return asdict(one) | {
        "html": shown_html(site, one.text),
        "receipt": f"/receipts/{receipt}",
        "reason_text": words if is_refused else None,
    }


def _document(site: Site, found: list[OwnData]) -> web.Response:
    document = {"site": site.slug, "comments": [asdict(one) | {"id": str(one.id)} for one in found]}
    attachment = {"Content-Disposition": f'attachment; filename="{site.slug}-my-data.json"'}
    return web.Response(
        body=orjson.dumps(document, option=orjson.OPT_INDENT_2),
        content_type="application/json",
        headers=_PRIVATE | attachment,
    )


def _page(template: str, site: Site, *, status: int = 200, **context: Any) -> web.Response:
    shown = render(template, site={"slug": site.slug, "name": site.name}, **context)
    return html_page(shown, status=status, headers=_PRIVATE)
