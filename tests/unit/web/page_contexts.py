"""Contexts for every page, plain ones; tests put into them what they are about."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from service.domain.finding import Finding, Outcome, Span
from service.domain.reasons import Reason
from service.storage.reports import Reports
from service.web.comment_html import comment_html
from service.web.desk_place import SORTS, Place
from service.web.marked_text import marked_html
from service.web.rendering import render

AT = datetime(2026, 10, 14, 9, 12, tzinfo=UTC)
URL = "https://paper.example/news/call?p=1"
SITE = {"slug": "paper", "name": "The Paper"}
REASONS = [{"code": "off_topic", "label": "Off topic"}, {"code": "links", "label": "Too many links"}]


def page(**changes: Any) -> dict[str, Any]:
    given = {"url": URL, "title": "A call", "open": True, "count": 2} | changes
    return {"href": given["url"]} | given


def comment(**changes: Any) -> dict[str, Any]:
    given = {
        "id": "c1",
        "parent_id": None,
        "author": "Hob",
        "website": None,
        "text": "Same on our side.",
        "published_at": AT,
        "edited_at": None,
        "removed": False,
        "is_staff": False,
        "depth": 0,
        "reply_href": "/sites/paper/thread?reply_to=c1#reply-form",
    } | changes
    return {"html": comment_html(given["text"])} | given


def form(**changes: Any) -> dict[str, Any]:
    return {
        "action": "/api/v1/sites/paper/comments",
        "values": {"page_url": URL, "parent_id": ""},
        "errors": {},
        "comment_limit": 5000,
        "author_required": True,
        "email_required": True,
        "notice": None,
        "replying_to": None,
        "cancel_href": None,
        "offers_mail": True,
        "house_rules_url": None,
        "privacy_url": None,
    } | changes


def receipt(**changes: Any) -> dict[str, Any]:
    text = changes.get("text", "Same on our side.")
    return {
        "id": "c1",
        "status": "pending",
        "reason": None,
        "reason_text": None,
        "text": text,
        "html": comment_html(text),
        "submitted_at": AT,
        "edit": None,
    } | changes


def item(**changes: Any) -> dict[str, Any]:
    text = changes.get("text", "Cheap tickets")
    finding = Finding(
        "links", 1, Outcome.HOLD, Reason.LINKS, 0.5, "three links, two are allowed", (Span(0, 5),)
    )
    return {
        "id": "c1",
        "site": "paper",
        "page_url": URL,
        "page_title": "A call",
        "parent": None,
        "status": "held",
        "version": 3,
        "reason": "links",
        "author": "Hob",
        "website": None,
        "text": text,
        "submitted_at": AT,
        "findings": [finding, Finding("flood", 1, Outcome.PASS)],
        "author_key": "k7Qm2f9ZpXw1aB",
        "author_history": {"published": 2, "held": 0, "rejected": 1, "spam": 0},
        "marked_html": marked_html(text, finding.spans),
        "claimed_by": None,
        "staff": None,
        "proposed": None,
        "is_risky": False,
        "reports": Reports(),
        "revised_text": None,
        "picked": False,
    } | changes


def queue(*items: dict[str, Any], **changes: Any) -> str:
    context = {
        "site": None,
        "moderator": {"name": "Agnes", "role": "moderator"},
        "sites": [],
        "chosen": None,
        "place": Place(changes.pop("status", "held")),
        "sorts": SORTS,
        "counts": {},
        "alarming": {},
        "items": items,
        "deciding": {"paper"},
        "next_url": None,
        "csrf": "token",
        "notice": None,
        "undo": None,
        "many": None,
        "reasons": REASONS,
    }
    return render("dashboard_queue.html", **(context | changes))


def thread(*comments: dict[str, Any], template: str = "thread.html", **changes: Any) -> str:
    context = {
        "site": SITE,
        "page": page(),
        "comments": comments,
        "form": form(),
        "next_url": None,
        "sort": "oldest",
    }
    return render(template, **(context | changes))


def refused(form: dict[str, Any] | None, **changes: Any) -> str:
    context = {"site": SITE, "title": "Not sent", "message": "See below.", "form": form, "back_url": URL}
    return render("form_error.html", **(context | changes))


def received(comment: dict[str, Any], **changes: Any) -> str:
    context = {"site": SITE, "page": page(), "comment": comment, "just_posted": True, "again_href": "?"}
    context |= {"statement": None, "house_rules_url": None}
    context["appeal"] = {"state": None, "until": None, "limit": 2000, "text": "", "fault": None}
    context["change"] = {
        "href": "/receipts/r",
        "lang": "",
        "until": AT,
        "limit": 5000,
        "text": comment["text"],
        "fault": None,
    }
    return render("receipt.html", **(context | changes))


OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Replydesk", "version": "1", "description": "Answers are `application/json`."},
    "tags": [{"name": "Comments", "description": "For readers."}],
    "paths": {
        "/c/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "post": {
                "tags": ["Comments"],
                "summary": "Submit",
                "security": [{"token": []}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}
                },
                "responses": {"202": {"description": "Accepted"}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "schemas": {
            "In": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "minLength": 1, "maxLength": 9, "description": "Words."}
                },
            }
        },
    },
}

PAGES: dict[str, Callable[[], str]] = {
    "demo": lambda: thread(comment(), template="demo.html"),
    "thread": lambda: thread(comment(), comment(id="c2", parent_id="c1", depth=1)),
    "closed thread": lambda: thread(page=page(open=False), form=None),
    "refused form": lambda: refused(form(errors={"email": "Not an address.", "parent_id": "Gone."})),
    "problem": lambda: refused(None, site=None, back_url=None),
    "not found": lambda: render("not_found.html", site=None),
    "receipt": lambda: received(receipt()),
    "sign in": lambda: render(
        "dashboard_sign_in.html",
        site=None,
        by="token",
        typed_name="",
        error="Unknown token.",
        wait_s=2,
        has_provider=True,
        provider="Paper account",
    ),
    "queue": lambda: queue(item(), item(id="c2", parent={"author": "Mina", "text": "First."})),
    "docs": lambda: render("docs.html", site=None, openapi=OPENAPI),
}
