"""Appeals of authors, as moderators see and answer them."""

from typing import Any

from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query
from service.web.openapi.schemas import MOMENT, STRING, obj

Json = dict[str, Any]

_APPEAL: Json = {
    "name": "appeal",
    "in": "path",
    "required": True,
    "schema": STRING,
    "description": "The appeal's id.",
}
_ONE: Json = {
    "id": "7",
    "site": "paper",
    "text": "I quoted the article, and nothing else.",
    "filed_at": "2026-03-02T09:30:00+00:00",
    "decided_by": "Ruth",
    "is_redaction": False,
    "comment": examples.HELD | {"status": "rejected", "reason": "off_topic"},
}


def appeal_paths() -> dict[str, Json]:
    """List, and answer."""
    return {
        "/api/v1/moderation/appeals": {"get": _list()},
        "/api/v1/moderation/appeals/{appeal}/answer": {"post": _answer()},
    }


def _list() -> Json:
    return operation(
        "listAppeals", MODERATORS, "List the appeals that wait", "The oldest hundred, each with its comment.",
        parameters=(query("site", STRING, "One site's alone; an unknown one has none."),),
        responses={"200": json_answer("They.", "Appeals", {"appeals": [_ONE]})}
        | problems("Unauthenticated", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def _answer() -> Json:
    return operation(
        "answerAppeal", MODERATORS, "Answer an appeal",
        "`grant` publishes the comment, or puts back what was taken out; `uphold` leaves it as it is. Its"
        " author reads `text` on the receipt. Whoever decided, or proposed it, answers only where nobody else"
        " could, as an admin, and the record says so. It needs the role `moderator`.",
        parameters=(_APPEAL,),
        body=json_body("AppealAnswerBody", {"answer": "grant", "text": "It was a quotation."}),
        responses={"200": json_answer("The comment.", "ModeratedComment", examples.APPROVED)}
        | problems(
            "MalformedBody", "Unauthenticated", "RoleTooLow", "BodyTooSlow", "BodyTooLarge",
            "UnsupportedMediaType", "AppealNotFound", "AppealConflict", "InvalidBody", "InternalError",
            "Unavailable",
        ),
    )  # fmt: skip


def appeal_schemas() -> dict[str, Json]:
    """All of them, by name."""
    fields = {
        "id": STRING,
        "site": STRING,
        "text": STRING | {"description": "Why its author thinks that the decision is wrong."},
        "filed_at": MOMENT,
        "decided_by": {"type": ["string", "null"], "description": "The moderator; null: the checks."},
        "is_redaction": {
            "type": "boolean",
            "description": "It is against a part that was taken out: to grant it puts that back.",
        },
        "comment": {"$ref": "#/components/schemas/ModeratedComment"},
    }
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Appeal"}}
    return {"Appeal": obj(fields, "An appeal that waits."), "Appeals": obj({"appeals": listed}, "They.")}
