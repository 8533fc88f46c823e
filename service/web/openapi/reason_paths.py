"""The description of a site's reasons, as admins change them."""

from typing import Any

from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.schemas import BOOLEAN, STRING, obj

Json = dict[str, Any]

_PATH = "/api/v1/moderation/sites/{site}/reasons/{code}"
_WORDS = {"label": "No names", "text": "It names someone who is not known to the public."}
_REASON = {"code": "no_names"} | _WORDS | {"own": True, "retired": False}
_CODE: Json = {
    "name": "code",
    "in": "path",
    "required": True,
    "description": "What decisions name: a-z, 0-9 and _, beginning with a letter, 50 at most.",
    "schema": {"type": "string"},
}
_ANYHOW = ("InternalError", "Unavailable")
_BODY = ("MalformedBody", "BodyTooSlow", "BodyTooLarge", "UnsupportedMediaType", "InvalidBody")
_WHO = ("Unauthenticated", "RoleTooLow")


def reason_paths() -> dict[str, Json]:
    """All of them."""
    return {_PATH: {"get": _get(), "put": _put(), "delete": _delete()}}


def reason_schemas() -> dict[str, Json]:
    """All of them, by name."""
    standing = {
        "code": STRING,
        "label": STRING | {"description": "For moderators."},
        "text": STRING | {"description": "For the author."},
        "own": BOOLEAN | {"description": "In the site's own words."},
        "retired": BOOLEAN | {"description": "Nobody can choose it; decisions of before still name it."},
    }
    label = STRING | {"minLength": 1, "maxLength": 60, "description": "For moderators; one line."}
    text = STRING | {"minLength": 1, "maxLength": 300, "description": "For the author; one line."}
    return {
        "StandingReason": obj(standing, "A reason as it stands at a site."),
        "ReasonBody": obj({"label": label, "text": text}, "A reason's words."),
    }


def _get() -> Json:
    return operation(
        "getReason", MODERATORS, "Read a reason", "It needs the role `admin`.",
        parameters=("Site", _CODE),
        responses={"200": json_answer("As it stands.", "StandingReason", _REASON)}
        | problems(*_WHO, "ReasonNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _put() -> Json:
    return operation(
        "putReason", MODERATORS, "Make a reason, or change its words",
        "Shared reasons can be put into the site's own words. It is in force within two seconds. It needs the"
        " role `admin`.",
        parameters=("Site", _CODE),
        body=json_body("ReasonBody", _WORDS),
        responses={"200": json_answer("As it stands now.", "StandingReason", _REASON)}
        | problems(*_WHO, *_BODY, "SiteNotFound", *_ANYHOW),
    )  # fmt: skip


def _delete() -> Json:
    return operation(
        "retireReason", MODERATORS, "Retire a reason",
        "Nobody can choose it any more; what was decided for it keeps it, and its author still reads why. A"
        " shared one goes back to the shared words. It needs the role `admin`.",
        parameters=("Site", _CODE),
        responses={"200": json_answer("As it stands now.", "StandingReason", _REASON | {"retired": True})}
        | problems(*_WHO, "ReasonNotFound", "ReasonIsShared", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip
