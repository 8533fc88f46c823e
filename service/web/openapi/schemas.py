"""The shapes of what readers and operators are answered, and the words that all shapes share."""

from typing import Any, get_args

from service.domain.fault import FaultCode
from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.domain.status import Status

Json = dict[str, Any]

STRING: Json = {"type": "string"}
TEXT_OR_NULL: Json = {"type": ["string", "null"]}
BOOLEAN: Json = {"type": "boolean"}
COUNT: Json = {"type": "integer", "minimum": 0}
MOMENT: Json = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
URL: Json = {"type": "string", "format": "uri"}
URL_OR_NULL: Json = {"type": ["string", "null"], "format": "uri"}
REASON_OR_NULL: Json = {"anyOf": [{"$ref": "#/components/schemas/Reason"}, {"type": "null"}]}
_STATEMENT: Json = {
    "anyOf": [{"$ref": "#/components/schemas/Statement"}, {"type": "null"}],
    "description": "Why it is restricted, where it is.",
}
CURSOR: Json = TEXT_OR_NULL | {"description": "Give it back as `cursor`; null at the end."}


def obj(properties: Json, description: str = "", *, optional: tuple[str, ...] = ()) -> Json:
    """An object; what is not optional is always there, if only as null."""
    required = [name for name in properties if name not in optional]
    said = {"description": description} if description else {}
    return said | {"type": "object", "properties": properties, "required": required}


def ref(name: str) -> Json:
    """A reference to a shared schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(name: str) -> Json:
    """A list of a shared schema."""
    return {"type": "array", "items": ref(name)}


def shared_words() -> dict[str, Json]:
    """Statuses, reasons, outcomes, and the shape of every problem."""
    own = {"type": "string", "description": "A reason of the site's own."}
    return {
        "Status": {
            "type": "string",
            "enum": list(Status),
            "description": "Where a comment stands; only `published` is ever visible to the public.",
        },
        "Reason": {
            "anyOf": [{"type": "string", "enum": list(Reason)}, own],
            "description": "Why a comment was not simply published: one of every site's reasons or its own.",
        },
        "Outcome": {"type": "string", "enum": list(Outcome), "description": "What a check asks for."},
        "Fault": obj(
            {
                "field": STRING | {"description": "The field, or the parameter of the query."},
                "code": {"type": "string", "enum": list(get_args(FaultCode))},
                "detail": STRING | {"description": "A sentence to print beside the field."},
            },
            "One thing that is wrong.",
        ),
        "Problem": _problem(),
        "Meanwhile": obj(
            {
                "at": MOMENT,
                "by": STRING | {"description": "The moderator's name, or the source."},
                "source": STRING,
                "action": STRING,
                "status": ref("Status"),
                "reason": REASON_OR_NULL,
            },
            "A decision that somebody else made first.",
        ),
    }


def _problem() -> Json:
    standing = {"status": ref("Status"), "version": {"type": "integer", "minimum": 1}}
    current = obj(standing, optional=("status",))
    return obj(
        {
            "type": URL | {"description": "Leads to this reference; ends with the code."},
            "title": STRING | {"description": "The problem in short."},
            "status": {"type": "integer", "description": "The status of the answer."},
            "detail": STRING | {"description": "What happened this time, or the title again."},
            "code": STRING | {"description": "Never changes; see Problems."},
            "request_id": STRING | {"description": "The same as in the header `X-Request-ID`."},
            "errors": list_of("Fault") | {"description": "Every fault at once, where there are any."},
            "current": current | {"description": "How the comment stands now (`stale-version`)."},
            "meanwhile": list_of("Meanwhile") | {"description": "What was decided since (`stale-version`)."},
            "claimed_by": STRING | {"description": "Who holds the lease (`claimed-by-another`)."},
            "claimed_until": MOMENT | {"description": "Until when (`claimed-by-another`)."},
        },
        "RFC 9457: why a request was not carried out.",
        optional=("errors", "current", "meanwhile", "claimed_by", "claimed_until"),
    )


def reader_schemas() -> dict[str, Json]:
    """What readers and their pages are answered."""
    comment_id = STRING | {"description": "Opaque."}
    parent_id = TEXT_OR_NULL | {"description": "The comment that this one answers."}
    return {
        "Accepted": obj(
            {
                "id": comment_id,
                "status": {"type": "string", "const": str(Status.PENDING)},
                "page_url": URL | {"description": "The page in its one spelling."},
                "submitted_at": MOMENT,
                "receipt_url": URL | {"description": "The author's own link to the comment; it is a secret."},
            },
            "A comment that is on disk and waits for the checks.",
        ),
        "Form": obj(
            {
                "author_required": BOOLEAN,
                "email_required": BOOLEAN,
                "comment_limit": COUNT | {"description": "In characters."},
                "mail": BOOLEAN | {"description": "Whether its author can be told by mail."},
                "house_rules_url": TEXT_OR_NULL | {"description": "To be linked at the form."},
                "privacy_url": TEXT_OR_NULL | {"description": "To be linked at the form."},
            }
        ),
        "EmbedAddress": obj(
            {"src": URL, "integrity": STRING | {"description": "For the script element (SRI)."}}
        ),
        "FormToken": obj(
            {
                "form_token": STRING | {"description": "Signs when the form was opened."},
                "submission_key": STRING | {"description": "Names this submission, so that a retry is safe."},
            }
        ),
        "Page": obj(
            {
                "url": URL,
                "title": TEXT_OR_NULL
                | {"description": "As the first author sent it; null until a comment is published there."},
                "open": BOOLEAN | {"description": "Whether it takes comments."},
                "count": COUNT | {"description": "All published comments."},
            }
        ),
        "Comment": obj(
            {
                "id": comment_id,
                "parent_id": parent_id,
                "author": STRING | {"description": "Empty where the site asks for no name."},
                "website": URL_OR_NULL,
                "text": STRING | {"description": "As it was written."},
                "html": STRING | {"description": "The text as safe HTML: paragraphs, line breaks, links."},
                "published_at": MOMENT,
                "edited_at": MOMENT_OR_NULL,
                "staff": BOOLEAN | {"description": "Whether the paper's own people wrote it."},
                "picked": BOOLEAN | {"description": "Whether it is an editors' pick."},
            }
        ),
        "RemovedComment": obj(
            {"id": comment_id, "parent_id": parent_id, "removed": {"type": "boolean", "const": True}},
            "A comment that is gone and has published replies.",
        ),
        "Thread": obj(
            {
                "page": ref("Page"),
                "comments": {
                    "type": "array",
                    "items": {"anyOf": [ref("Comment"), ref("RemovedComment")]},
                    "description": "Flat; `parent_id` makes the thread.",
                },
                "next_cursor": CURSOR,
            }
        ),
        "Counts": obj(
            {
                "counts": {
                    "type": "object",
                    "additionalProperties": COUNT,
                    "description": "Published comments by `page_url` as it was asked for.",
                }
            }
        ),
        "Receipt": obj(
            {
                "id": comment_id,
                "status": ref("Status"),
                "reason": REASON_OR_NULL
                | {"description": "Once it was refused, or what its author must do."},
                "reason_text": TEXT_OR_NULL | {"description": "The reason in words, once it was refused."},
                "text": STRING,
                "submitted_at": MOMENT,
                "page_url": URL,
                "can_edit_until": MOMENT_OR_NULL | {"description": "Null: it cannot be edited."},
                "edit": {
                    "anyOf": [
                        obj(
                            {
                                "status": ref("Status"),
                                "reason": REASON_OR_NULL,
                                "reason_text": TEXT_OR_NULL,
                                "text": STRING,
                                "statement": _STATEMENT,
                            }
                        ),
                        {"type": "null"},
                    ],
                    "description": "A change of what is published that waits, or that was not accepted.",
                },
                "statement": _STATEMENT,
                "appeal": {
                    "anyOf": [
                        obj(
                            {
                                "filed_at": MOMENT,
                                "outcome": {
                                    "type": ["string", "null"],
                                    "enum": ["granted", "upheld", "gone", None],
                                },
                                "decided_at": MOMENT_OR_NULL,
                                "text": TEXT_OR_NULL | {"description": "What its author wrote; null: gone."},
                                "answer": TEXT_OR_NULL | {"description": "What was said to it, if anything."},
                            }
                        ),
                        {"type": "null"},
                    ],
                    "description": "The latest one about it; without an outcome it waits.",
                },
                "can_appeal_until": MOMENT_OR_NULL | {"description": "Null: there is nothing to appeal."},
            },
            "A comment as its author sees it.",
        ),
    }


def operator_schemas() -> dict[str, Json]:
    """What operators are answered."""
    reached: Json = {"type": "string", "enum": ["reachable", "unreachable"]}
    number = {"type": ["integer", "null"], "description": "The newest migration applied."}
    return {
        "Alive": obj({"status": {"type": "string", "const": "alive"}}),
        "Readiness": obj(
            {
                "ready": BOOLEAN,
                "draining": BOOLEAN | {"description": "The process is on its way out."},
                "postgres": reached,
                "schema": obj(
                    {"found": number, "wanted": {"type": "integer", "description": "What this code knows."}}
                ),
                "redis": reached | {"description": "Named, but not required."},
            }
        ),
    }
