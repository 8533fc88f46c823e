"""What readers and the pages they read call."""

from typing import Any

from service.usecases.submit import KEY_WINDOW, SAME_REPLY_WINDOW
from service.web.openapi import examples
from service.web.openapi.operation import READERS, answer, json_answer, operation, problems
from service.web.openapi.parameters import query
from service.web.published import MAX_PAGES

Json = dict[str, Any]

SITE = "/api/v1/sites/{site}"
_HOURS = int(KEY_WINDOW.total_seconds()) // 3600
_SECONDS = int(SAME_REPLY_WINDOW.total_seconds())
_CACHED = {"ETag": "ETag", "Vary": "Vary", "Cache-Control": "CacheControl"}
_READ = _CACHED | {"Access-Control-Allow-Origin": "AllowOrigin"}
_WRITE = {"Vary": "Vary", "Access-Control-Allow-Origin": "OriginAllowed"}
_PRIVATE = {"Cache-Control": "CacheControl"}
_UNCHANGED = "The client has it already."

_POST = f"""\
Content-Type decides how it is answered: JSON gets JSON, a form is led on to `redirect_to` or to the page of \
its receipt, and gets its errors as pages that keep what was typed. A form sent with \
`Accept: application/json` is answered as JSON.

The same `Idempotency-Key` or `submission_key` within {_HOURS} hours gets the first answer again; without a \
key the same reply from the same network within {_SECONDS} seconds is one. Another body under the key is \
refused in JSON and a submission of its own from a form. Whoever gets `503` or no answer at all can send it \
again under its key.

A form without `page_url` may name `comment_post_ID`, where the site has a template for it; else its \
`Referer` counts, if that has a path. How large a body may be follows from the site's limit of characters.\
"""


def reader_paths() -> dict[str, Json]:
    """Paths of the public API."""
    return {
        SITE + "/comments": {"get": _get_comments(), "post": _post_comment(), "options": _preflight()},
        SITE + "/counts": {"get": _get_counts()},
        SITE + "/form-token": {"get": _form_token()},
        SITE + "/form": {"get": _get_form()},
        "/embed.json": {"get": _embed_address()},
        "/embed.js": {
            "get": _embed("getEmbed", "Get the script of the embed", "The newest; kept for minutes.")
        },
        "/embed.{digest}.js": {
            "get": _embed(
                "getEmbedOfDigest",
                "Get a script of the embed by its digest",
                "This release's and those of the two before; kept for ever.",
                {
                    "name": "digest",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
                    "description": "The first 16 hex digits of its SHA-256.",
                },
            )
        },
    }


def _post_comment() -> Json:
    form: Json = {"schema": {"$ref": "#/components/schemas/SubmissionForm"}, "example": examples.SUBMISSION}
    json: Json = {"schema": {"$ref": "#/components/schemas/Submission"}, "example": examples.SUBMISSION}
    accepted = {
        "id": examples.COMMENT_ID,
        "status": "pending",
        "page_url": examples.PAGE_URL,
        "submitted_at": examples.SUBMITTED_AT,
        "receipt_url": f"https://talk.example/receipts/{examples.RECEIPT}",
    }
    return operation(
        "postComment", READERS, "Send a comment", _POST,
        parameters=("Site", "IdempotencyKey"),
        body={
            "required": True,
            "content": {
                "application/json": json,
                "application/x-www-form-urlencoded": form,
                "multipart/form-data": form,
            },
        },
        responses={
            "202": json_answer("It is on disk and will be checked.", "Accepted", accepted, _WRITE),
            "303": answer("The same for a form.", headers=_WRITE | {"Location": "Location"}),
        }
        | problems(
            "ReplyMalformed", "ReplyRefused", "ReplyToNoSite", "ReplyTooSlow", "ReplyTooLarge",
            "ReplyUnreadable", "ReplyInvalid", "ReplyTooFast", "ReplyFailed", "ReplyUnavailable",
        ),
    )  # fmt: skip


def _preflight() -> Json:
    headers = _WRITE | {
        "Access-Control-Allow-Methods": "PreflightAnswer",
        "Access-Control-Allow-Headers": "PreflightAnswer",
        "Access-Control-Max-Age": "PreflightAnswer",
    }
    return operation(
        "preflightComment", READERS, "Ask before sending from another origin",
        "What a browser asks by itself (CORS); registered origins are let through.",
        parameters=("Site",),
        responses={"204": answer("The origin may send comments.", headers=headers)}
        | problems("ForeignOrigin", "SiteNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def _get_form() -> Json:
    return operation(
        "getForm", READERS, "Read what a site's form asks for",
        "Which fields are needed, how long a comment may be, whether its author can be told by mail.",
        parameters=("Site", "IfNoneMatch"),
        responses={
            "200": json_answer("What it asks for.", "Form", examples.FORM, _READ),
            "304": answer(_UNCHANGED, headers=_READ),
        }
        | problems("SiteNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def _embed_address() -> Json:
    return operation(
        "getEmbedAddress", READERS, "Read where the embed stands under its digest",
        "For pages that pin it: its address and its integrity (SRI).",
        parameters=("IfNoneMatch",),
        responses={
            "200": json_answer("Address and integrity.", "EmbedAddress", examples.EMBED, _READ),
            "304": answer(_UNCHANGED, headers=_READ),
        }
        | problems("EmailInUrl", "InternalError"),
    )  # fmt: skip


def _embed(name: str, title: str, text: str, *parameters: Json) -> Json:
    script: Json = {"text/javascript": {"schema": {"type": "string"}}}
    missing = problems("NotFound") if parameters else {}
    return operation(
        name, READERS, title, text,
        parameters=(*parameters, "IfNoneMatch"),
        responses={
            "200": answer("The script.", script, _READ),
            "304": answer(_UNCHANGED, headers=_READ),
        }
        | missing
        | problems("EmailInUrl", "InternalError"),
    )  # fmt: skip


def _get_comments() -> Json:
    return operation(
        "listComments", READERS, "Read the comments of a page",
        "A flat list; a page that nobody wrote about is an empty one.",
        parameters=("Site", "PageUrl", "Sort", "Limit", "Cursor", "IfNoneMatch"),
        responses={
            "200": json_answer("A part of the thread.", "Thread", examples.THREAD, _READ),
            "304": answer(_UNCHANGED, headers=_READ),
        }
        | problems("SiteNotFound", "InvalidQuery", "InternalError", "Unavailable"),
    )  # fmt: skip


def _get_counts() -> Json:
    pages: Json = {
        "type": "array",
        "items": {"type": "string", "format": "uri"},
        "minItems": 1,
        "maxItems": MAX_PAGES,
    }
    return operation(
        "countComments", READERS, "Count the comments of several pages",
        parameters=(
            "Site",
            query("page_url", pages, "The articles; the parameter is repeated.", required=True)
            | {"explode": True},
            "IfNoneMatch",
        ),
        responses={
            "200": json_answer(
                "A number for every page.", "Counts", {"counts": {examples.PAGE_URL: 12}}, _READ
            ),
            "304": answer(_UNCHANGED, headers=_READ),
        }
        | problems("SiteNotFound", "InvalidQuery", "InternalError", "Unavailable"),
    )  # fmt: skip


def _form_token() -> Json:
    given = {
        "form_token": "AQAAAAEAAAGcrQGPPnO8xYd1-nqkR2J0mGsW",
        "submission_key": "019cad018f3e7c4ab1d25e6f70819203",
    }
    return operation(
        "getFormToken", READERS, "Get what a form carries along",
        "For scripts that show a form of their own; nobody else needs it.",
        parameters=("Site",),
        responses={
            "200": json_answer(
                "For this one form.", "FormToken", given, _WRITE | _PRIVATE
            )
        }
        | problems("ForeignOrigin", "SiteNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip
