"""The description of pages and of the site's switch: operations and shapes."""

from typing import Any, get_args

from pydantic.json_schema import models_json_schema

from service.domain.site import Mode
from service.storage.pages import PageState
from service.usecases.merge_pages import MOST
from service.web.merging import MergeBody
from service.web.modes import ModeBody
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query
from service.web.openapi.schemas import BOOLEAN, COUNT, MOMENT, STRING, TEXT_OR_NULL, list_of, obj
from service.web.pages import PageBody

Json = dict[str, Any]

_PAGES = "/api/v1/moderation/pages"
_MODE = "/api/v1/moderation/sites/{site}/mode"
_ANYHOW = ("InternalError", "Unavailable")
_BODY = ("MalformedBody", "Unauthenticated", "RoleTooLow", "SiteNotFound", "BodyTooSlow", "BodyTooLarge",
         "UnsupportedMediaType", "InvalidBody")  # fmt: skip
_MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
_PAGE = {
    "site": "paper", "page_url": "https://paper.example/mill", "title": "The mill reopens",
    "state": "by_policy", "closes_at": None, "open": True, "premoderated": False, "count": 14,
    "created_at": "2026-03-02T09:30:00+00:00",
}  # fmt: skip
_HOT = {"site": "paper", "mode": "premoderated", "by": "switch", "until": "2026-03-02T22:00:00+00:00"}
_BY: Json = {
    "type": ["string", "null"],
    "enum": ["switch", "opening_hours", None],
    "description": "What makes it so; of the switch and the policy's opening hours the stricter one counts.",
}
_FIELDS = {
    "site": "The site's slug.",
    "page_url": "The article; a page that nobody wrote about yet is made.",
    "into": "The URL under which the article is known from now on.",
    "title": "Corrects what a reader's form said.",
    "state": "`by_policy` closes after `close_after_days`, `open` whatever that says, `closed` now.",
    "closes_at": "When an open page closes; with `state` alone.",
    "premoderated": "Whether a person looks at everything here before it is published.",
    "mode": "`premoderated`: a person looks at everything first; `closed`: no replies; `usual`: neither.",
    "until": "When the site is as usual again; null: when somebody says so.",
}


def pages_paths() -> dict[str, Json]:
    """Pages, and the switch."""
    return {
        _PAGES: {"get": _list(), "put": _put()},
        _PAGES + "/merge": {"post": _merge()},
        _MODE: {"get": _get_mode(), "put": _put_mode()},
    }


def _list() -> Json:
    url = query("page_url", {"type": "string", "format": "uri"}, "One page alone.")
    site = query("site", {"type": "string"}, "Which site.", required=True)
    return operation(
        "listPages", MODERATORS, "List a site's pages", "The newest first.",
        parameters=(site, url, "Limit", "Cursor"),
        responses={
            "200": json_answer("A part of them.", "Pages", {"pages": [_PAGE], "next_cursor": None})
        }
        | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _put() -> Json:
    return operation(
        "changePage", MODERATORS, "Open, close, title or pre-moderate a page",
        "What is left out stays as it is. Readers see it with the next request; what was accepted before a"
        " page closed is decided as usual.",
        body=json_body("PageBody", {"site": "paper", "page_url": _PAGE["page_url"], "state": "closed"}),
        responses={"200": json_answer("As it is now.", "StandingPage", _PAGE)} | problems(*_BODY, *_ANYHOW),
    )  # fmt: skip


def _merge() -> Json:
    merged = {"site": "paper", "page_url": "https://paper.example/mill?p=1", "into": _PAGE["page_url"]}
    return operation(
        "mergePages", MODERATORS, "Merge two URLs of one article",
        f"The comments of `page_url`, at most {MOST:,}, come to `into`, and so does every later reply to"
        " either; whoever asks for one sees the other. The state of `into` stands. It cannot be undone. It"
        " needs the role `admin`.",
        body=json_body("MergeBody", merged),
        responses={"200": json_answer("The page that is kept.", "MergedPage", _PAGE | {"moved": 3})}
        | problems(*_BODY, "MergeConflict", *_ANYHOW),
    )  # fmt: skip


def _get_mode() -> Json:
    return operation(
        "getMode", MODERATORS, "Read a site's switch",
        "With what the opening hours make of it at this moment.",
        parameters=("Site",),
        responses={"200": json_answer("As it is at this moment.", "SiteMode", _HOT)}
        | problems("Unauthenticated", "SiteNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _put_mode() -> Json:
    return operation(
        "changeMode", MODERATORS, "Pre-moderate or close a whole site",
        "It holds within a second, also for what waits to be checked: nothing is published by the checks"
        " alone meanwhile.",
        parameters=("Site",),
        body=json_body("ModeBody", {"mode": "premoderated", "until": _HOT["until"]}),
        responses={"200": json_answer("As it is now.", "SiteMode", _HOT)} | problems(*_BODY, *_ANYHOW),
    )  # fmt: skip


def pages_schemas() -> dict[str, Json]:
    """All of them, by name."""
    modes = {"type": "string", "enum": list(get_args(Mode))}
    page = {
        "site": STRING,
        "page_url": STRING,
        "title": TEXT_OR_NULL,
        "state": {"type": "string", "enum": list(get_args(PageState))},
        "closes_at": _MOMENT_OR_NULL,
        "open": BOOLEAN | {"description": "Whether it takes replies now, but for the site's switch."},
        "premoderated": BOOLEAN,
        "count": COUNT | {"description": "Published comments."},
        "created_at": MOMENT,
    }
    return _bodies() | {
        "StandingPage": obj(page),
        "MergedPage": obj(page | {"moved": COUNT | {"description": "Comments that came to it."}}),
        "Pages": obj({"pages": list_of("StandingPage"), "next_cursor": TEXT_OR_NULL}),
        "SiteMode": obj({"site": STRING, "mode": modes, "by": _BY, "until": _MOMENT_OR_NULL}),
    }


def _bodies() -> dict[str, Json]:
    _, schema = models_json_schema(
        [(PageBody, "validation"), (ModeBody, "validation"), (MergeBody, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Json] = schema["$defs"]
    for body in found.values():
        for name, field in body["properties"].items():
            field.pop("title", None)
            field["description"] = _FIELDS[name]
    return found
