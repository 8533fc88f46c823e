"""The description of authors and of what moderators order about them: operations and shapes."""

from typing import Any, get_args

from pydantic.json_schema import models_json_schema

from service.domain.standing import Standing
from service.web.authors import LATEST, StandingBody
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import path
from service.web.openapi.schemas import BOOLEAN, COUNT, MOMENT, STRING, TEXT_OR_NULL, list_of, obj, ref

Json = dict[str, Any]

_AUTHOR = "/api/v1/moderation/sites/{site}/authors/{author_key}"
_ANYHOW = ("InternalError", "Unavailable")
_MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
_ORDER = {
    "author_key": "kX2vT0qLw9Zb", "kind": "premoderated", "reason": "abusive", "note": None, "by": "Ruth",
    "since": "2026-03-02T09:30:00+00:00", "expires_at": "2026-04-02T00:00:00+00:00", "lifted_at": None,
    "lifted_by": None, "is_active": True, "proposes_ban": False,
}  # fmt: skip
_LINE = {
    "id": "019cad01-8f3e-7c4a-b1d2-5e6f70819203", "page_url": "https://paper.example/mill",
    "status": "rejected", "reason": "abusive", "text": "You fools.",
    "submitted_at": "2026-03-02T09:12:00+00:00",
}  # fmt: skip
_EXAMPLE = {
    "site": "paper", "author_key": "kX2vT0qLw9Zb", "first_seen": "2026-01-12T18:00:00+00:00",
    "names": ["Mara"], "record": {"published": 3, "held": 0, "rejected": 2, "spam": 0}, "strikes": 2,
    "standing": _ORDER, "standings": [_ORDER], "comments": [_LINE],
}  # fmt: skip
_FIELDS = {
    "kind": "`premoderated`: a person looks at everything first; `banned`: everything is rejected; `trusted`:"
    " review holds only for cause what comes with a confirmed address.",
    "reason": "One of the built-in reasons; authors of rejected comments read its text.",
    "note": "For other moderators.",
    "expires_at": "When it ends by itself; null: when it is lifted.",
}


def authors_paths() -> dict[str, Json]:
    """One author, and who has a standing."""
    return {
        _AUTHOR: {"get": _get()},
        _AUTHOR + "/standing": {"put": _put(), "delete": _delete()},
        "/api/v1/moderation/sites/{site}/standings": {"get": _list()},
    }


def _key() -> Json:
    return path("author_key", "The `author_key` of a comment of that site.")


def _get() -> Json:
    return operation(
        "getAuthor", MODERATORS, "Read what is known of an author",
        f"The names that were signed with, the record of the latest comments and the last {LATEST} of them,"
        " strikes (rejected or called spam by people within 90 days), and what moderators ordered. Never an"
        " address.",
        parameters=("Site", _key()),
        responses={"200": json_answer("All that is known.", "Author", _EXAMPLE)}
        | problems("Unauthenticated", "AuthorNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _put() -> Json:
    return operation(
        "giveStanding", MODERATORS, "Pre-moderate or ban an author",
        "From the next comment on, by the check `standing`. The author is not told. What was ordered before"
        " ends. It goes by the address that was typed, which nobody confirmed.",
        parameters=("Site", _key()),
        body=json_body("StandingBody", {"kind": "premoderated", "reason": "abusive"}),
        responses={"200": json_answer("The author as of now.", "Author", _EXAMPLE)}
        | problems(
            "MalformedBody", "Unauthenticated", "RoleTooLow", "AuthorNotFound", "BodyTooSlow",
            "StandingChanged",
            "BodyTooLarge", "UnsupportedMediaType", "InvalidStanding", *_ANYHOW,
        ),
    )  # fmt: skip


def _delete() -> Json:
    return operation(
        "liftStanding", MODERATORS, "Take an author as usual again",
        parameters=("Site", _key()),
        responses={"200": json_answer("The author as of now.", "Author", _EXAMPLE)}
        | problems("Unauthenticated", "RoleTooLow", "StandingNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _list() -> Json:
    return operation(
        "listStandings", MODERATORS, "List pre-moderated and banned authors", "By their keys.",
        parameters=("Site", "Limit", "Cursor"),
        responses={
            "200": json_answer("Those that hold.", "Standings", {"standings": [_ORDER], "next_cursor": None})
        }
        | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def authors_schemas() -> dict[str, Json]:
    """All of them, by name."""
    order = {
        "author_key": STRING,
        "kind": {"type": "string", "enum": list(get_args(Standing))},
        "reason": STRING,
        "note": TEXT_OR_NULL,
        "by": STRING,
        "since": MOMENT,
        "expires_at": _MOMENT_OR_NULL,
        "lifted_at": _MOMENT_OR_NULL,
        "lifted_by": TEXT_OR_NULL,
        "is_active": BOOLEAN,
        "proposes_ban": BOOLEAN
        | {"description": "Its giver wanted a ban, which somebody else has to confirm."},
    }
    line = {
        "id": STRING, "page_url": STRING, "status": ref("Status"), "reason": TEXT_OR_NULL, "text": STRING,
        "submitted_at": MOMENT,
    }  # fmt: skip
    author = {
        "site": STRING,
        "author_key": STRING,
        "first_seen": MOMENT,
        "names": {"type": "array", "items": STRING},
        "record": obj(dict.fromkeys(("published", "held", "rejected", "spam"), COUNT)),
        "strikes": COUNT,
        "standing": {"anyOf": [ref("Standing"), {"type": "null"}]},
        "standings": list_of("Standing"),
        "comments": list_of("AuthorComment"),
    }
    return _body() | {
        "Standing": obj(order, "What a moderator ordered about an author."),
        "AuthorComment": obj(line),
        "Author": obj(author),
        "Standings": obj({"standings": list_of("Standing"), "next_cursor": TEXT_OR_NULL}),
    }


def _body() -> dict[str, Json]:
    _, schema = models_json_schema(
        [(StandingBody, "validation")], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Json] = schema["$defs"]
    for name, field in found["StandingBody"]["properties"].items():
        field.pop("title", None)
        field["description"] = _FIELDS[name]
    return found
