"""Notices of illegal content, as programs and pages send them."""

from typing import Any

from service.domain.notices import LONGEST_EXPLANATION, SHOWS_ABUSE
from service.web.openapi import examples
from service.web.openapi.operation import READERS, answer, json_answer, operation, page_answer, problems
from service.web.openapi.parameters import query
from service.web.openapi.report_paths import REFUSALS, WRITE, posted, preflight_of
from service.web.openapi.schemas import MOMENT, MOMENT_OR_NULL, STRING, obj

Json = dict[str, Any]

_PRIVATE = {"Cache-Control": "CacheControl"}
_LINK: Json = {
    "name": "link",
    "in": "path",
    "required": True,
    "schema": STRING,
    "description": "The end of `notice_url`.",
}
_BODY: Json = {
    "explanation": "It calls for violence against the people of our street.",
    "name": "Ada Quist",
    "email": "ada@mail.example",
    "good_faith": "yes",
}
_URL = f"https://talk.example/notices/{examples.RECEIPT}"


def notice_paths() -> dict[str, Json]:
    """Send one, ask before, the form, and what became of it."""
    path = "/api/v1/sites/{site}/comments/{id}/notices"
    return {
        path: {"post": _post(), "options": preflight_of("preflightNotice", "Site", "CommentId")},
        "/sites/{site}/notice": {"get": _form()},
        "/notices/{link}": {"get": _page()},
        "/api/v1/notices/{link}": {"get": _get()},
    }


def _post() -> Json:
    told = {"comment": examples.COMMENT_ID, "status": "received", "notice_url": _URL}
    return operation(
        "sendNotice", READERS, "Notify illegal content",
        "Digital Services Act, Article 16. A person decides; where mail is on, an address is told that it has"
        " come and what was decided. A form is led on to the page of the notice.",
        parameters=("Site", "CommentId"),
        body=posted("NoticeBody", _BODY),
        responses={
            "202": json_answer("It is on disk.", "NoticeReceived", told, WRITE),
            "303": answer("The same for a form.", headers=WRITE | {"Location": "Location"}),
        }
        | problems(*REFUSALS),
    )  # fmt: skip


def _form() -> Json:
    return operation(
        "showNoticeForm", READERS, "Show the form by which illegal content is notified",
        parameters=("Site", query("comment", STRING, "The comment's id.", required=True), "Language"),
        responses={"200": page_answer("The page.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _page() -> Json:
    return operation(
        "showNotice", READERS, "Show what became of a notice",
        parameters=(_LINK, "Language"),
        responses={"200": page_answer("The page.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _get() -> Json:
    decided = {
        "status": "decided",
        "outcome": "taken_down",
        "received_at": examples.SUBMITTED_AT,
        "decided_at": examples.SUBMITTED_AT,
    }
    return operation(
        "getNotice", READERS, "Read what became of a notice",
        "Whoever has the link sent it.",
        parameters=(_LINK,),
        responses={"200": json_answer("How it stands.", "Notice", decided, _PRIVATE)}
        | problems("NoticeNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def notice_schemas() -> dict[str, Json]:
    """All of them, by name."""
    explanation = STRING | {
        "minLength": 1,
        "maxLength": LONGEST_EXPLANATION,
        "description": "Why it is illegal; moderators read it.",
    }
    abuse = {"description": "True: it shows the sexual abuse of a child; then nobody need say who they are."}
    fields = {
        "explanation": explanation,
        "name": {"type": ["string", "null"], "maxLength": 100, "description": "Moderators see it."},
        "email": {
            "type": ["string", "null"],
            "maxLength": 254,
            "description": "Used to answer; never shown.",
        },
        SHOWS_ABUSE: abuse,
        "good_faith": {"description": "True: what is said is right and whole, as far as its sender knows."},
    }
    outcome = {"type": ["string", "null"], "enum": ["kept", "taken_down", "gone", None]}
    return {
        "NoticeBody": obj(fields, "A notice.", optional=("name", "email", SHOWS_ABUSE)),
        "NoticeReceived": obj(
            {
                "comment": STRING,
                "status": {"type": "string", "const": "received"},
                "notice_url": STRING | {"format": "uri", "description": "Shows what becomes of it."},
            },
            "Keep the link.",
        ),
        "Notice": obj(
            {
                "status": {"type": "string", "enum": ["received", "decided"]},
                "outcome": outcome | {"description": "Null: nobody has decided."},
                "received_at": MOMENT,
                "decided_at": MOMENT_OR_NULL,
            },
            "How a notice stands.",
        ),
    }
