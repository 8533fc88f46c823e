"""The author's own comment, behind a link that only the author has."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from aiohttp import web

from service.domain.reason_texts import text_for_author
from service.domain.reasons import Reason
from service.domain.site import Site
from service.domain.status import Status
from service.signed import read_receipt
from service.storage.pool import connection
from service.storage.receipts import OwnComment, find_own_comment
from service.web.comment_html import comment_html
from service.web.cors import anyone_may_read
from service.web.desk_choices import spoken_language
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

_PRIVATE = {"Cache-Control": "no-store"}

THANKS_LAST = timedelta(seconds=3)
"""The page after a submission says what was so then, however fast the checks are; later it says what is."""


@anyone_may_read
async def get_receipt(request: web.Request) -> web.Response:
    """`GET /api/v1/receipts/{receipt}`."""
    site, own = await _own_comment(request)
    document = {
        "id": str(own.id),
        "status": own.status,
        "reason": _reason(own),
        "reason_text": _reason_text(site, own),
        "text": own.text,
        "submitted_at": own.submitted_at,
        "page_url": own.page_url,
        "can_edit_until": None,
    }
    return web.Response(body=orjson.dumps(document), content_type="application/json", headers=_PRIVATE)


async def get_receipt_page(request: web.Request) -> web.Response:
    """`GET /receipts/{receipt}`."""
    site, own = await _own_comment(request)
    age = datetime.now(UTC) - own.submitted_at
    is_new = request.query.get("posted") == "1" and age < THANKS_LAST
    context: dict[str, Any] = {
        "site": {"slug": site.slug, "name": site.name},
        "comment": {
            "id": str(own.id),
            "status": Status.PENDING if is_new else own.status,
            "reason": _reason(own),
            "reason_text": _reason_text(site, own),
            "text": own.text,
            "html": comment_html(own.text),
            "submitted_at": own.submitted_at,
        },
        "page": {"url": own.page_url, "title": own.page_title},
        "just_posted": is_new,
        "again_href": f"?lang={lang}" if (lang := spoken_language(request.query)) else "?",
    }
    return html_page(render("receipt.html", **context), headers=_PRIVATE)


async def _own_comment(request: web.Request) -> tuple[Site, OwnComment]:
    services = services_of(request)
    receipt = read_receipt(services.signing, request.match_info["receipt"], now_s=time.time())
    found = await in_time(services, _find(services, receipt.site_id, receipt.comment_id)) if receipt else None
    if found is None:
        # Wrong, expired and erased are told apart for nobody.
        raise Problem(404, "receipt-not-found", "There is no such receipt", headers=_PRIVATE)
    return found


async def _find(services: Services, site_id: int, comment_id: Any) -> tuple[Site, OwnComment] | None:
    async with connection(services.readers) as held:
        own = await find_own_comment(held, site_id, comment_id)
    return (await services.directory.of_id(own.site_id), own) if own else None


def _reason(own: OwnComment) -> str | None:
    """Why it was refused, or that a mail must be answered; why else it waits is for moderators.

    "Held for flood" would tell whoever borrows an address that it was used here before.
    """
    refused = own.status in {Status.REJECTED, Status.SPAM}
    return own.reason if refused or own.reason == Reason.AWAITING_CONFIRMATION else None


def _reason_text(site: Site, own: OwnComment) -> str | None:
    if own.reason is None or own.status not in {Status.REJECTED, Status.SPAM}:
        return None
    return text_for_author(own.reason, (*site.retired_reasons, *site.own_reasons))
