"""What authors do with their own comment, by its receipt."""

from typing import Any

from service.web.openapi import examples
from service.web.openapi.operation import READERS, answer, json_answer, operation, page_answer, problems
from service.web.openapi.schemas import MOMENT, STRING, obj

Json = dict[str, Any]

_PRIVATE = {"Cache-Control": "CacheControl"}
_OWN: Json = {
    "id": examples.COMMENT_ID,
    "status": "rejected",
    "reason": "off_topic",
    "reason_text": "It is not about the article.",
    "text": examples.TEXT,
    "submitted_at": examples.SUBMITTED_AT,
    "page_url": examples.PAGE_URL,
    "can_edit_until": None,
    "edit": None,
    "statement": {
        "restriction": "removed",
        "reason": "off_topic",
        "reason_text": "It is not about the article.",
        "ground": "house_rules",
        "automated_decision": False,
        "automated_detection": True,
        "prompted_by": "report",
        "decided_at": "2026-03-02T09:30:00+00:00",
    },
    "appeal": None,
    "can_appeal_until": "2026-09-01T09:30:00+00:00",
}
_NEW = {"comment": "The ferry was late again, and nobody said why."}
_WRONG = {"text": "I quoted the article, and nothing else."}
_READ = ("MalformedBody", "BodyTooSlow", "BodyTooLarge", "UnsupportedMediaType")
_PAGE_READ = ("PageMalformed", "PageTooSlow", "PageTooLarge", "PageUnsupported")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")


def receipt_paths() -> dict[str, Json]:
    """Read, change, withdraw: for programs, and as pages."""
    return {
        "/api/v1/receipts/{receipt}": {"get": _get()},
        "/api/v1/receipts/{receipt}/edit": {"post": _edit()},
        "/api/v1/receipts/{receipt}/withdraw": {"post": _withdraw()},
        "/api/v1/receipts/{receipt}/appeal": {"post": _appeal()},
        "/receipts/{receipt}/edit": {"post": _edit_page()},
        "/receipts/{receipt}/appeal": {"post": _appeal_page()},
        "/receipts/{receipt}/withdraw": {"post": _withdraw_page()},
    }


def _get() -> Json:
    return operation(
        "getReceipt", READERS, "Look after one's own comment",
        "Whoever has the receipt is its author.",
        parameters=("Receipt",),
        responses={"200": json_answer("The comment.", "Receipt", _OWN, _PRIVATE)}
        | problems("ReceiptNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def _edit() -> Json:
    return operation(
        "editComment", READERS, "Change one's own comment",
        "Until `can_edit_until`. It is checked again; what is published stays until the change is accepted.",
        parameters=("Receipt",),
        body=_posted("Edit", _NEW),
        responses={"200": json_answer("The comment as it is now.", "Receipt", _OWN, _PRIVATE)}
        | problems(
            *_READ, "ReceiptNotFound", "NotEditable", "InvalidEdit", "EditTooFast", "InternalError",
            "Unavailable",
        ),
    )  # fmt: skip


def _withdraw() -> Json:
    gone = {"id": examples.COMMENT_ID, "status": "erased"}
    return operation(
        "withdrawComment", READERS, "Withdraw one's own comment",
        "It is taken down and erased at once, and the receipt is none any more.",
        parameters=("Receipt",),
        body=_posted("Withdrawal", {"sure": "yes"}),
        responses={"200": json_answer("It is erased.", "Withdrawn", gone, _PRIVATE)}
        | problems(*_READ, "ReceiptNotFound", "NotSure", "InternalError", "Unavailable"),
    )  # fmt: skip


def _appeal() -> Json:
    return operation(
        "fileAppeal", READERS, "Appeal against a refusal",
        "Once against each, until `can_appeal_until`. Somebody else than who decided looks again.",
        parameters=("Receipt",),
        body=_posted("AppealText", _WRONG),
        responses={"200": json_answer("The comment as it is now.", "Receipt", _OWN, _PRIVATE)}
        | problems(*_READ, "ReceiptNotFound", "NotAppealable", "InvalidEdit", "InternalError", "Unavailable"),
    )  # fmt: skip


def _appeal_page() -> Json:
    return operation(
        "appealByForm", READERS, "Appeal against a refusal by the form of the receipt",
        parameters=("Receipt",),
        body=_posted("AppealText", _WRONG),
        responses={
            "303": answer("Back to the receipt.", headers={"Location": "Location"}),
            "409": page_answer("There is nothing to appeal against, or it was done.", _PRIVATE),
            "422": page_answer("The form with what was typed, and what is wrong.", _PRIVATE),
        }
        | problems(*_PAGE_READ, "PageNotFound", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _edit_page() -> Json:
    return operation(
        "changeComment", READERS, "Change one's own comment by the form of its receipt",
        parameters=("Receipt",),
        body=_posted("Edit", _NEW),
        responses={
            "303": answer("Back to the receipt.", headers={"Location": "Location"}),
            "409": page_answer("It cannot be changed any more.", _PRIVATE),
            "422": page_answer("The form with what was typed, and what is wrong.", _PRIVATE),
            "429": page_answer("The same, too often.", _PRIVATE | {"Retry-After": "RetryAfter"}),
        }
        | problems(*_PAGE_READ, "PageNotFound", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _withdraw_page() -> Json:
    return operation(
        "takeBackComment", READERS, "Withdraw one's own comment by the form of its receipt",
        parameters=("Receipt",),
        body=_posted("Withdrawal", {"sure": "yes"}),
        responses={
            "200": page_answer("It is erased.", _PRIVATE),
            "422": page_answer("The box was not ticked.", _PRIVATE),
        }
        | problems(*_PAGE_READ, "PageNotFound", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _posted(schema: str, example: Json) -> Json:
    content: Json = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    return {"required": True, "content": dict.fromkeys(_FORMS, content)}


def receipt_schemas() -> dict[str, Json]:
    """All of them, by name; `Receipt` itself stands with what else readers are told."""
    language = STRING | {"description": "`en`, `de`, `es` or `fr`: the page is in it."}
    return {
        "Statement": obj(
            {
                "restriction": STRING | {"enum": ["not_published", "removed", "part_removed"]},
                "reason": {"type": ["string", "null"]},
                "reason_text": {"type": ["string", "null"], "description": "In words, for its author."},
                "ground": STRING | {"enum": ["law", "house_rules"]},
                "automated_decision": {"type": "boolean", "description": "Nobody has looked at it."},
                "automated_detection": {"type": "boolean", "description": "The checks had objected to it."},
                "prompted_by": {
                    "enum": ["notice", "report", None],
                    "description": "Who pointed at it before a person decided; null: nobody did.",
                },
                "decided_at": MOMENT,
            },
            "The statement of reasons (Digital Services Act, Article 17).",
        ),
        "Edit": obj(
            {"comment": STRING | {"minLength": 1, "description": "The whole new text."}, "lang": language},
            "What an author writes instead.",
            optional=("lang",),
        ),
        "AppealText": obj(
            {
                "text": STRING
                | {"minLength": 1, "maxLength": 2000, "description": "Why the decision is wrong."},
                "lang": language,
            },
            "For the moderators.",
            optional=("lang",),
        ),
        "Withdrawal": obj({"sure": STRING, "lang": language}, "The box that is ticked.", optional=("lang",)),
        "Withdrawn": obj(
            {"id": STRING, "status": {"type": "string", "const": "erased"}}, "A tombstone is left."
        ),
    }
