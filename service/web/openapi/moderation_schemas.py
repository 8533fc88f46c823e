"""The shapes of the moderation API: what comes in, as pydantic reads it, and what goes out."""

from typing import Any

from pydantic.json_schema import models_json_schema

from service.domain.status import Status
from service.web.moderation_payloads import (
    MAX_BULK,
    AllBody,
    AnswerBody,
    AppealAnswerBody,
    BulkBody,
    BulkEntry,
    ClaimBody,
    DecisionBody,
    ErasureBody,
    PickBody,
    RedactionBody,
    TakeBody,
)
from service.web.openapi.schemas import (
    BOOLEAN,
    COUNT,
    CURSOR,
    MOMENT,
    MOMENT_OR_NULL,
    REASON_OR_NULL,
    STRING,
    TEXT_OR_NULL,
    URL,
    URL_OR_NULL,
    list_of,
    obj,
    ref,
)

Json = dict[str, Any]

SOURCES = ("checks", "moderator", "author", "request", "retention", "operator")
ACTIONS = (
    "publish",
    "approve",
    "reject",
    "spam",
    "hold",
    "undo",
    "erase",
    "recheck",
    "redact",
    "edit",
    "pick",
    "unpick",
    "uphold",
    "grant",
    "restore",
    "propose",
    "answer",
    "confirm",
)
"""Who decides and what, as the constraints of the table `decision` have it."""

_FIELDS = {
    "answer": "`grant` publishes the comment after all, `uphold` leaves it as it is.",
    "picked": "Whether it is an editors' pick from now on.",
    "id": "The comment's id.",
    "action": "What to make of the comment: published, rejected, spam, or held again.",
    "version": "The comment's version as it was looked at.",
    "reason": "One of the site's reasons; a rejection needs one.",
    "text": "What the paper answers.",
    "sign_as": "Whose name stands below it: the site's or the moderator's.",
    "spans": "Parts of the text, each as `[start, end]` in code points; the end is exclusive.",
    "note": "For other moderators; it is kept in the history.",
    "decisions": "Each is read and carried out on its own.",
    "site": "One site's alone, by its slug.",
    "limit": "How many comments at most.",
    "author_key": "All of this author; not together with `page_url`.",
    "page_url": "All of this article; not together with `author_key`.",
    "take_over": "Also where another moderator has it; it needs the role `admin` there.",
    "email": "The address whose owner's data are to be erased.",
}
"""What the fields of the bodies mean."""

_VERSION: Json = {"type": "integer", "minimum": 1}
_AGE: Json = {"type": ["number", "null"], "minimum": 0}
_COUNTS = "By status, exactly, at any size."


def moderation_schemas() -> dict[str, Json]:
    """All of them, by name."""
    return _bodies() | _comments() | _answers()


def _bodies() -> dict[str, Json]:
    models = (
        DecisionBody,
        BulkEntry,
        BulkBody,
        AllBody,
        RedactionBody,
        AnswerBody,
        AppealAnswerBody,
        PickBody,
        ClaimBody,
        TakeBody,
        ErasureBody,
    )
    _, schema = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    bodies: dict[str, Json] = schema["$defs"]
    for body in bodies.values():
        for name, field in body["properties"].items():
            del field["title"]
            field["description"] = _FIELDS[name]
    # Each entry is read on its own, so the model takes anything; this is what an entry should be.
    bodies["BulkBody"]["properties"]["decisions"]["items"] = ref("BulkEntry")
    return bodies


def _comments() -> dict[str, Json]:
    span = {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}
    finding = {
        "check": STRING,
        "version": _VERSION | {"description": "Of the check."},
        "outcome": ref("Outcome"),
        "reason": REASON_OR_NULL,
        "score": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "detail": STRING | {"description": "In words; it never quotes the comment."},
        "spans": {
            "type": "array",
            "items": span,
            "description": "Where in the text, as `[start, end]` in code points; the end is exclusive.",
        },
        "rule": STRING
        | {"description": "The line of the policy that it is about, such as `blocked_words.3`, if any."},
    }
    return {
        "Finding": obj(finding, "What one check says about a comment."),
        "Reports": obj(
            {
                "count": COUNT,
                "weight": {"type": "number", "minimum": 0, "description": "Of all together."},
                "reasons": {
                    "type": "object",
                    "additionalProperties": COUNT,
                    "description": "Numbers by code, the most frequent first.",
                },
                "texts": {
                    "type": "array",
                    "items": obj(
                        {"reason": STRING, "text": STRING, "at": MOMENT, "notice_by": TEXT_OR_NULL},
                        "What a reader says; of a notice the name that was given.",
                    ),
                    "description": "The newest, as long as they are kept: words of readers about others.",
                },
                "settled": COUNT | {"description": "Earlier ones that a decision answered."},
                "notices": COUNT | {"description": "How many of them are notices of illegal content."},
            },
            "What readers reported that nobody has settled; another decision about the comment does.",
        ),
        "AuthorHistory": obj(
            dict.fromkeys(("published", "held", "rejected", "spam"), COUNT),
            "The other comments of the same author at this site, among the author's latest 1000.",
        ),
        "ModeratedComment": obj(
            _COMMENT, "A comment as moderators see it; what was given in `email` is not."
        ),
        "PastDecision": obj(_DECISION, "One decision of the past."),
        "CommentWithHistory": obj(
            _COMMENT
            | {
                "explanation": {"anyOf": [ref("Explanation"), {"type": "null"}]},
                "history": list_of("PastDecision") | {"description": "Oldest first."},
            }
        ),
    }


_COMMENT: Json = {
    "id": STRING | {"description": "Opaque."},
    "site": STRING,
    "page_url": URL,
    "page_title": TEXT_OR_NULL,
    "parent_id": TEXT_OR_NULL,
    "status": ref("Status"),
    "version": _VERSION | {"description": "Raised by every change of status or text; decisions name it."},
    "reason": REASON_OR_NULL,
    "author": STRING,
    "website": URL_OR_NULL,
    "text": STRING,
    "submitted_at": MOMENT,
    "findings": list_of("Finding") | {"description": "Of the latest run of the checks."},
    "risk": {
        "type": ["number", "null"],
        "minimum": 0,
        "maximum": 1,
        "description": "The highest score of a finding; an objection without one counts as 0.5 at least.",
    },
    "language": TEXT_OR_NULL
    | {"description": "Which language the text is clearly in, or its script where languages share one."},
    "author_key": TEXT_OR_NULL | {"description": "Random, the same for one author at one site."},
    "author_history": ref("AuthorHistory"),
    "claimed_by": TEXT_OR_NULL | {"description": "The moderator who holds the lease."},
    "claimed_until": MOMENT_OR_NULL,
    "undo_until": MOMENT_OR_NULL
    | {"description": "Until when its last decision can be taken back; null: there is none to take back."},
    "proposed": {
        "anyOf": [
            obj({"by": STRING, "reason": TEXT_OR_NULL, "note": TEXT_OR_NULL, "at": MOMENT}),
            {"type": "null"},
        ],
        "description": "The rejection that somebody proposed and somebody else has to confirm.",
    },
    "staff": TEXT_OR_NULL | {"description": "The moderator who wrote it for the paper; null: a reader did."},
    "reports": ref("Reports"),
    "picked": {"type": "boolean", "description": "Whether it is an editors' pick."},
    "revises": {
        "anyOf": [obj({"id": STRING, "text": TEXT_OR_NULL}), {"type": "null"}],
        "description": "Its author's edit of that comment: approved, it becomes its text.",
    },
    "edited_at": MOMENT_OR_NULL
    | {"description": "When its text was changed last; findings of before point at nothing then."},
}
_DECISION: Json = {
    "at": MOMENT,
    "by": STRING | {"description": "The moderator's name, or the source."},
    "source": {"type": "string", "enum": list(SOURCES)},
    "action": {"type": "string", "enum": list(ACTIONS)},
    "from_status": ref("Status"),
    "status": ref("Status"),
    "version": {"type": ["integer", "null"], "description": "The version it made; null: nothing moved."},
    "reason": REASON_OR_NULL,
    "note": TEXT_OR_NULL,
    "policy_version": {"type": ["integer", "null"], "description": "Where the checks decided."},
    "decided_by": TEXT_OR_NULL | {"description": "The check that decided, where one did."},
    "rule": TEXT_OR_NULL
    | {
        "description": "The line of the policy that decided, such as `max_links` or `publish`, where one did."
    },
    "findings": list_of("Finding"),
    "text_before": TEXT_OR_NULL
    | {"description": "The text that it replaced, where it changed one and that is still kept."},
}


def _answers() -> dict[str, Json]:
    return {
        "Queue": obj({"comments": list_of("ModeratedComment"), "next_cursor": CURSOR}),
        "Claimed": obj(
            {"comments": list_of("ModeratedComment"), "leased_until": MOMENT},
            "The comments that are leased to this token's moderator now.",
        ),
        "ErasureBegun": obj(
            {"sites": {"type": "array", "items": STRING, "description": "Where it is erased, by slug."}},
            "The same whether or not anything was stored under the address.",
        ),
        "BulkResults": obj({"results": list_of("BulkResult") | {"maxItems": MAX_BULK}}),
        "BulkResult": _bulk_result(),
        "Summary": obj({"sites": list_of("SiteSummary")}),
        "SiteSummary": obj(
            {
                "site": STRING,
                "counts": obj({str(status): COUNT for status in Status}, _COUNTS),
                "oldest_pending_at": MOMENT_OR_NULL | {"description": "When the oldest pending one came."},
                "oldest_pending_age_s": _AGE | {"description": "For how many seconds it has waited."},
                "oldest_held_at": MOMENT_OR_NULL | {"description": "When the oldest held one came."},
                "oldest_held_age_s": _AGE | {"description": "For how many seconds it has waited."},
            }
        ),
        "Reasons": obj({"reasons": list_of("ReasonText")}),
        "ReasonText": obj(
            {
                "code": STRING | {"description": "What a decision names."},
                "label": STRING | {"description": "For moderators."},
                "text": STRING | {"description": "For the author."},
            }
        ),
    }


def _bulk_result() -> Json:
    properties = {
        "id": TEXT_OR_NULL | {"description": "As it was asked; null where it was no string."},
        "ok": BOOLEAN,
        "comment": ref("ModeratedComment") | {"description": "Where `ok`: as the comment stands now."},
        "problem": ref("Problem") | {"description": "Where not `ok`: why."},
    }
    either = {"if": {"properties": {"ok": {"const": True}}}}
    return (
        obj(properties, optional=("comment", "problem"))
        | either
        | {
            "then": {"required": ["comment"]},
            "else": {"required": ["problem"]},
        }
    )
