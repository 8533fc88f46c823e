"""The transparency report of a site."""

from typing import Any

from service.web.openapi.operation import MODERATORS, json_answer, operation, page_answer, problems
from service.web.openapi.parameters import query
from service.web.openapi.schemas import COUNT, MOMENT, STRING, TEXT_OR_NULL, obj, ref

Json = dict[str, Any]

_EXAMPLE: Json = {
    "site": "paper",
    "since": "2026-01-01T00:00:00+00:00",
    "until": "2026-07-01T00:00:00+00:00",
    "comments": 8400,
    "decisions": {"checks": 7100, "moderator": 1200},
    "restrictions": [{"source": "moderator", "status": "rejected", "reason": "off_topic", "n": 310}],
    "overturned": {"checks": 71},
    "share_overturned": 0.01,
    "said": [{"what": "notices", "reason": "illegal", "outcome": "kept", "n": 3, "median_s": 5400.0}],
}
_DAY = STRING | {"format": "date"}
_PERIOD = (
    query("from", _DAY, "The first day (UTC); without it half a year before the last."),
    query("to", _DAY, "The last day (UTC); without it yesterday."),
    query("format", STRING | {"enum": ["json", "csv"], "default": "json"}, "As what."),
)


def transparency_paths() -> dict[str, Json]:
    """For programs, and for the desk."""
    read = json_answer("The report.", "Transparency", _EXAMPLE)
    read["content"] |= {"text/csv": {"schema": STRING | {"description": "With a line of headings."}}}
    return {
        "/api/v1/moderation/sites/{site}/transparency": {
            "get": operation(
                "getTransparency", MODERATORS, "Read a site's transparency report",
                "What came in, what was restricted by whom and why, what people decided otherwise than the"
                " checks, and what readers reported, notified and appealed (Digital Services Act, Articles 15"
                " and 24).",
                parameters=("Site", *_PERIOD),
                responses={"200": read}
                | problems(
                    "Unauthenticated", "SiteNotFound", "InvalidQuery", "InternalError", "Unavailable"
                ),
            )
        },
        "/dashboard/transparency": {"get": _of_desk()},
    }  # fmt: skip


def _of_desk() -> Json:
    described = operation(
        "showTransparency", MODERATORS, "Keep a site's transparency report from the dashboard",
        "The same as a file, by the dashboard's cookie.",
        parameters=(query("site", STRING, "One site, by its slug; else the first."), *_PERIOD),
        responses={"200": page_answer("The file, or the way in.", {"Cache-Control": "CacheControl"})}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {name: value for name, value in described.items() if name != "security"}


def transparency_schemas() -> dict[str, Json]:
    """All of them, by name."""
    numbers = {"type": "object", "additionalProperties": COUNT}
    restriction = obj({"source": STRING, "status": ref("Status"), "reason": TEXT_OR_NULL, "n": COUNT})
    said = obj(
        {
            "what": STRING | {"enum": ["reports", "notices", "appeals"]},
            "reason": TEXT_OR_NULL,
            "outcome": TEXT_OR_NULL | {"description": "Null: nobody has decided yet."},
            "n": COUNT,
            "median_s": {"type": ["number", "null"], "description": "Until the decision, in seconds."},
        }
    )
    share = {
        "type": ["number", "null"],
        "description": "Of what the checks decided, how much people decided otherwise.",
    }
    return {
        "Transparency": obj(
            {
                "site": STRING,
                "since": MOMENT,
                "until": MOMENT,
                "comments": COUNT,
                "decisions": numbers | {"description": "By who decided; to hold is none."},
                "restrictions": {"type": "array", "items": restriction},
                "overturned": numbers | {"description": "By whose decision it was."},
                "share_overturned": share,
                "said": {"type": "array", "items": said},
            },
            "What a site did in a period.",
        )
    }
