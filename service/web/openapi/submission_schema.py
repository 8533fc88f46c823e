"""What a reader sends: one set of fields, as JSON and as a form with the names that forms use."""

from typing import Any

from service.domain.email import MAX_OCTETS
from service.domain.field_rules import AUTHOR_LIMIT, FORM_TOKEN_LIMIT, PAGE_TITLE_LIMIT, SUBMISSION_KEY_LIMIT
from service.domain.page_url import MAX_LENGTH as PAGE_URL_LIMIT
from service.domain.policy import Policy
from service.domain.typed_values import FIELD_NAMES
from service.domain.website import MAX_LENGTH as WEBSITE_LIMIT

Json = dict[str, Any]

_POLICY = Policy.model_json_schema()["properties"]
_LIMIT = _POLICY["comment_limit"]
_UNLESS = "Required, unless the site says otherwise."

_FIELDS: dict[str, Json] = {
    "page_url": {
        "format": "uri",
        "maxLength": PAGE_URL_LIMIT,
        "description": "The article: an absolute http(s) URL inside one of the site's registered origins.",
    },
    "parent_id": {
        "description": "A published comment of the same page; empty or `0`: none. A reply deeper than the"
        " site allows is attached to the last comment that it may be attached to.",
    },
    "author": {
        "maxLength": AUTHOR_LIMIT,
        "description": f"The name that is shown: one line, trimmed. {_UNLESS}",
    },
    "email": {
        "format": "email",
        "maxLength": MAX_OCTETS,
        "description": f"Never shown, and in no answer to anyone. {_UNLESS}",
    },
    "website": {"maxLength": WEBSITE_LIMIT, "description": "The author's own http(s) address."},
    "comment": {
        "minLength": 1,
        "maxLength": _LIMIT["maximum"],
        "description": f"The text, trimmed. At most the site's limit of characters, {_LIMIT['default']} by"
        " default; TAB and LF are the only control characters.",
    },
    "page_title": {
        "maxLength": PAGE_TITLE_LIMIT,
        "description": "The article's title; the first one stays, and is shown once a comment is published.",
    },
    "redirect_to": {
        "maxLength": PAGE_URL_LIMIT,
        "description": "Where a form leads on to, inside the registered origins; anything else is ignored.",
    },
    "submission_key": {
        "maxLength": SUBMISSION_KEY_LIMIT,
        "description": "Names this submission like an `Idempotency-Key`.",
    },
    "form_token": {
        "maxLength": FORM_TOKEN_LIMIT,
        "description": "Says when the form was opened; a missing one is no evidence.",
    },
    "mail_decision": {
        "description": "Mail its author when it is published or refused, once the address is confirmed."
    },
    "lang": {
        "description": "The language of the form (`en`, `de`, `es`, `fr`): its faults and mails are in it."
    },
    "mail_replies": {"description": "Mail its author of replies, once the address is confirmed."},
}
_POST_ID: Json = {
    "type": "string",
    "description": "The article's id, where the form has no `page_url` and the site a template for it.",
}


def submission_schemas() -> dict[str, Json]:
    """`Submission` for JSON, `SubmissionForm` for both kinds of forms."""
    return {
        "Submission": {
            "type": "object",
            "description": "Null and empty mean that nothing was given; unknown fields are ignored.",
            "properties": {name: _json_field(name) for name in _FIELDS},
            "required": ["page_url", "comment"],
        },
        "SubmissionForm": {
            "type": "object",
            "description": "The same fields; of two names for one value the first that is not empty counts.",
            "properties": _form_fields(),
            "required": ["comment"],
        },
    }


def _json_field(name: str) -> Json:
    kinds: Any = "string" if name in {"page_url", "comment"} else ["string", "null"]
    if name.startswith("mail_"):
        kinds = ["boolean", "null"]
    described: Json = {"type": kinds}
    if name == "parent_id":
        described = {"anyOf": [{"type": kinds}, {"const": 0}]}
    return described | _FIELDS[name]


def _form_fields() -> Json:
    fields: Json = {}
    for field, names in FIELD_NAMES.items():
        described = {"type": "string"} | _FIELDS.get(field, _POST_ID)
        fields[names[0]] = described
        fields |= {alias: {"type": "string", "description": f"The same as `{field}`."} for alias in names[1:]}
    return fields
