"""The author's own comment, behind a link that only the author has."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import orjson
from aiohttp import web

from service.domain.reason_texts import text_for_author
from service.domain.reasons import Reason
from service.domain.site import Site
from service.domain.status import Status
from service.signed import read_receipt
from service.storage.pool import connection
from service.storage.receipts import OwnComment, OwnEdit, find_own_comment
from service.usecases.own_comment import EDITABLE
from service.web.comment_html import comment_html
from service.web.cors import anyone_may_read
from service.web.desk_choices import spoken_language
from service.web.markdown_html import shown_html
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.rendering import render
from service.web.services import Services, in_time, services_of
from service.web.statements import statement_document

PRIVATE = {"Cache-Control": "no-store"}

LONGEST_APPEAL = 2000

THANKS_LAST = timedelta(seconds=3)
"""The page after a submission says what was so then, however fast the checks are; later it says what is."""


@dataclass(frozen=True, slots=True)
class Again:
    """What was wrong with one of the forms, in words, and what was typed there."""

    form: Literal["edit", "appeal"]
    fault: str
    typed: str


@anyone_may_read
async def get_receipt(request: web.Request) -> web.Response:
    """`GET /api/v1/receipts/{receipt}`."""
    return receipt_answer(*await own_comment(request))


async def get_receipt_page(request: web.Request) -> web.Response:
    """`GET /receipts/{receipt}`."""
    site, own = await own_comment(request)
    return receipt_page(request, site, own)


async def own_comment(request: web.Request) -> tuple[Site, OwnComment]:
    """The comment of the receipt in the path; raises Problem: there is none."""
    services = services_of(request)
    receipt = read_receipt(services.signing, request.match_info["receipt"], now_s=time.time())
    found = await in_time(services, _find(services, receipt.site_id, receipt.comment_id)) if receipt else None
    if found is None:
        # Wrong, expired and erased are told apart for nobody.
        raise Problem(404, "receipt-not-found", "There is no such receipt", headers=PRIVATE)
    return found


def receipt_answer(site: Site, own: OwnComment) -> web.Response:
    """The comment as its author's program sees it."""
    until = _can_edit_until(site, own)
    document = {
        "id": str(own.id),
        "status": own.status,
        "reason": _reason(own),
        "reason_text": _reason_text(site, own),
        "text": own.text,
        "submitted_at": own.submitted_at,
        "page_url": own.page_url,
        "can_edit_until": until,
        "edit": _edit(site, own.edit) if own.edit else None,
        "statement": statement_document(site, own.statement),
        "appeal": _appeal(own),
        "can_appeal_until": _can_appeal_until(own),
    }
    return web.Response(body=orjson.dumps(document), content_type="application/json", headers=PRIVATE)


def receipt_page(
    request: web.Request,
    site: Site,
    own: OwnComment,
    *,
    status: int = 200,
    again: Again | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """The same as a page; with `again` one of its forms is open, and has what was typed."""
    changed = again if again and again.form == "edit" else None
    appealed = again if again and again.form == "appeal" else None
    age = datetime.now(UTC) - own.submitted_at
    is_new = request.query.get("posted") == "1" and age < THANKS_LAST
    lang = spoken_language(request.query)
    edit = _edit(site, own.edit) if own.edit else None
    context: dict[str, Any] = {
        "site": {"slug": site.slug, "name": site.name},
        "comment": {
            "id": str(own.id),
            "status": Status.PENDING if is_new else own.status,
            "reason": _reason(own),
            "reason_text": _reason_text(site, own),
            "text": own.text,
            "html": shown_html(site, own.text),
            "submitted_at": own.submitted_at,
            "edit": edit | {"html": shown_html(site, edit["text"])} if edit else None,
        },
        "page": {"url": own.page_url, "title": own.page_title},
        "statement": None if is_new else statement_document(site, own.statement),
        "house_rules_url": site.policy.house_rules_url,
        "just_posted": is_new,
        "again_href": f"?lang={lang}" if lang else "?",
        "change": {
            "href": f"/receipts/{request.match_info['receipt']}",
            "lang": lang,
            "until": _can_edit_until(site, own),
            "limit": site.policy.comment_limit,
            "text": changed.typed if changed else edit["text"] if edit else own.text,
            "fault": changed.fault if changed else None,
        },
        "appeal": {
            "state": _shown_appeal(own),
            "until": _can_appeal_until(own),
            "limit": LONGEST_APPEAL,
            "text": appealed.typed if appealed else "",
            "fault": appealed.fault if appealed else None,
        },
    }
    return html_page(render("receipt.html", **context), status=status, headers=PRIVATE | (headers or {}))


async def _find(services: Services, site_id: int, comment_id: Any) -> tuple[Site, OwnComment] | None:
    async with connection(services.readers) as held:
        own = await find_own_comment(held, site_id, comment_id)
    return (await services.directory.of_id(own.site_id), own) if own else None


def _can_edit_until(site: Site, own: OwnComment) -> datetime | None:
    """Until when its author may change it; null where that is over."""
    until = own.submitted_at + timedelta(minutes=site.policy.edit_minutes)
    return until if own.status in EDITABLE and until > datetime.now(UTC) else None


def _reason(own: OwnComment | OwnEdit) -> str | None:
    """Why it was refused, or that a mail must be answered; why else it waits is for moderators.

    "Held for flood" would tell whoever borrows an address that it was used here before.
    """
    refused = own.status in {Status.REJECTED, Status.SPAM}
    return own.reason if refused or own.reason == Reason.AWAITING_CONFIRMATION else None


def _reason_text(site: Site, own: OwnComment | OwnEdit) -> str | None:
    if own.reason is None or own.status not in {Status.REJECTED, Status.SPAM}:
        return None
    return text_for_author(own.reason, (*site.retired_reasons, *site.own_reasons))


def _edit(site: Site, edit: OwnEdit) -> dict[str, Any]:
    return {
        "status": edit.status,
        "reason": _reason(edit),
        "reason_text": _reason_text(site, edit),
        "text": edit.text,
        "statement": statement_document(site, edit.statement),
    }


def _can_appeal_until(own: OwnComment) -> datetime | None:
    """Until when its author may ask for another look; null where nothing restricts it, or it was asked."""
    statement = own.statement
    if statement is None:
        return None
    if own.appeal is not None and own.appeal.is_against_this:
        return None
    return statement.appeal_until if statement.appeal_until > datetime.now(UTC) else None


def _appeal(own: OwnComment) -> dict[str, Any] | None:
    if own.appeal is None:
        return None
    one = own.appeal
    return {
        "filed_at": one.filed_at,
        "text": one.text,
        "outcome": one.outcome,
        "decided_at": one.settled_at,
        "answer": one.answer,
    }


def _shown_appeal(own: OwnComment) -> dict[str, Any] | None:
    """The same for the page: words as paragraphs."""
    one = _appeal(own)
    if one is None:
        return None
    return one | {name: comment_html(one[name]) if one[name] else None for name in ("text", "answer")}
