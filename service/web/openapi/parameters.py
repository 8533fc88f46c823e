"""The parameters and headers that several operations share."""

from typing import Any, get_args

from service.storage.threads import Sort
from service.web.arrivals import MAX_KEY_LENGTH
from service.web.languages import FOR_READERS
from service.web.queries import DEFAULT_LIMIT, MAX_LIMIT

Json = dict[str, Any]


def query(name: str, schema: Json, description: str, *, required: bool = False) -> Json:
    """A parameter of the query string."""
    return _parameter("query", name, schema, description, required=required)


def path(name: str, description: str) -> Json:
    """A part of the path."""
    return _parameter("path", name, {"type": "string"}, description, required=True)


def shared_parameters() -> dict[str, Json]:
    """`components.parameters`."""
    text: Json = {"type": "string"}
    return {
        "Site": _parameter("path", "site", text, "The site's slug.", required=True),
        "CommentId": _parameter("path", "id", text, "The comment's id.", required=True),
        "Receipt": _parameter("path", "receipt", text, "The end of a `receipt_url`.", required=True),
        "PageUrl": query("page_url", text | {"format": "uri"}, "The article.", required=True),
        "Sort": query(
            "sort",
            text | {"enum": list(get_args(Sort)), "default": "oldest"},
            "By the time they came in; `picks` are the editors' picks alone, the oldest first.",
        ),
        "Limit": query(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            "How many entries at most.",
        ),
        "Cursor": query("cursor", text, "The `next_cursor` of the last answer, unchanged."),
        "Language": query(
            "lang",
            text,
            f"The language of the page, {', '.join(FOR_READERS)}; without one the browser's is taken.",
        ),
        "ReplyTo": query("reply_to", text, "The comment that the form on the page answers."),
        "IdempotencyKey": _parameter(
            "header",
            "Idempotency-Key",
            text | {"maxLength": MAX_KEY_LENGTH, "pattern": "^[ -~]*$"},
            "Names this submission, so that a retry is answered like the first.",
        ),
        "IfNoneMatch": _parameter("header", "If-None-Match", text, "The `ETag` of an earlier answer."),
    }


def shared_headers() -> dict[str, Json]:
    """`components.headers`; those that are required are in every such answer."""
    seconds: Json = {"type": "integer", "minimum": 1}
    return {
        "RequestId": _header("The id under which the operator's log knows this request."),
        "ETag": _header("Changes with everything that readers can see, and with the encoding."),
        "CacheControl": _header("How long a shared cache may keep it."),
        "Vary": _header("What the answer depends on beside the address."),
        "RetryAfter": _header("Seconds to wait.", schema=seconds),
        "Location": _header("Where it goes on."),
        "WwwAuthenticate": _header("How to come in (RFC 6750)."),
        "AllowOrigin": _header("Who may read it from a browser; never with credentials."),
        "PreflightAnswer": _header("What may be sent (CORS)."),
        "OriginAllowed": _header("The registered origin that asked.", required=False),
    }


def _header(description: str, *, schema: Json | None = None, required: bool = True) -> Json:
    return {"description": description, "required": required, "schema": schema or {"type": "string"}}


def _parameter(where: str, name: str, schema: Json, description: str, *, required: bool = False) -> Json:
    return {"name": name, "in": where, "required": required, "description": description, "schema": schema}
