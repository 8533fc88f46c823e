"""What readers report, as programs and pages send it."""

from typing import Any

from service.domain.reports import LONGEST_TEXT
from service.web.openapi import examples
from service.web.openapi.operation import READERS, answer, json_answer, operation, page_answer, problems
from service.web.openapi.parameters import query
from service.web.openapi.schemas import STRING, obj

Json = dict[str, Any]

WRITE = {"Vary": "Vary", "Access-Control-Allow-Origin": "OriginAllowed"}
PREFLIGHT = WRITE | {
    "Access-Control-Allow-Methods": "PreflightAnswer",
    "Access-Control-Allow-Headers": "PreflightAnswer",
    "Access-Control-Max-Age": "PreflightAnswer",
}
REFUSALS = (
    "ReplyBroken", "ReplyFromElsewhere", "ReplyToNoComment", "ReplyTooSlow", "ReplyTooLarge",
    "ReplyUnreadable", "ReplyWrong", "ReplyTooOften", "ReplyFailed", "ReplyUnavailable",
)  # fmt: skip
"""Of what readers send about a comment."""

_PATH = "/api/v1/sites/{site}/comments/{id}/reports"
_BODY: Json = {"reason": "abusive", "text": "It names my neighbour."}


def report_paths() -> dict[str, Json]:
    """Report, ask before, and the page with the form."""
    return {
        _PATH: {"post": _post(), "options": preflight_of("preflightReport", "Site", "CommentId")},
        "/sites/{site}/report": {"get": _page()},
    }


def preflight_of(operation_id: str, *parameters: str) -> Json:
    """What a browser asks before it posts from another origin."""
    return operation(
        operation_id, READERS, "Ask before sending from another origin",
        "What a browser asks by itself (CORS); registered origins are let through.",
        parameters=parameters,
        responses={"204": answer("The origin may send.", headers=PREFLIGHT)}
        | problems("ForeignOrigin", "SiteNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def posted(schema: str, example: Json) -> Json:
    """The same fields as JSON and as both kinds of forms."""
    content: Json = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    return {"required": True, "content": dict.fromkeys(kinds, content)}


def _post() -> Json:
    told = {"comment": examples.COMMENT_ID, "status": "received"}
    return operation(
        "reportComment", READERS, "Report a comment to the moderators",
        "Nobody needs an account. Who reports one comment again is answered in the same way, and counts once."
        " A form is led on to a page that says that it has come in.",
        parameters=("Site", "CommentId"),
        body=posted("ReportBody", _BODY),
        responses={
            "202": json_answer("It is on disk.", "ReportReceived", told, WRITE),
            "303": answer("The same for a form.", headers=WRITE | {"Location": "Location"}),
        }
        | problems(*REFUSALS),
    )  # fmt: skip


def _page() -> Json:
    sent = query("sent", STRING | {"enum": ["1"]}, "The page says that a report has just come in.")
    return operation(
        "showReportForm", READERS, "Show the form by which a comment is reported",
        parameters=("Site", query("comment", STRING, "The comment's id.", required=True), sent, "Language"),
        responses={"200": page_answer("The page.", {"Cache-Control": "CacheControl"})}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def report_schemas() -> dict[str, Json]:
    """All of them, by name."""
    reason = STRING | {"description": "One of those on the site's form: what is wrong with the comment."}
    text = {
        "type": ["string", "null"],
        "maxLength": LONGEST_TEXT,
        "description": "For the moderators; it is erased after a time.",
    }
    return {
        "ReportBody": obj({"reason": reason, "text": text}, "What a reader reports.", optional=("text",)),
        "ReportReceived": obj(
            {"comment": STRING, "status": {"type": "string", "const": "received"}},
            "Says nothing about what was reported before.",
        ),
    }
