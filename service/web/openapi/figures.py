"""The description of a site's figures: operations and shapes."""

from collections.abc import Sequence
from typing import Any, get_args

from service.domain.status import Status
from service.usecases.figures import Step
from service.web.check_desk import DEFAULT_DAYS, MOST_DAYS
from service.web.figures_csv import TABLES
from service.web.openapi.operation import MODERATORS, json_answer, operation, problems
from service.web.openapi.parameters import query
from service.web.openapi.schemas import COUNT, MOMENT, STRING, TEXT_OR_NULL, list_of, obj, ref

Json = dict[str, Any]

_PATH = "/api/v1/moderation/sites/{site}/figures"
_ANYHOW = ("InternalError", "Unavailable")
_SHARE_OR_NULL: Json = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_SECONDS_OR_NULL: Json = {"type": ["number", "null"], "minimum": 0}
_COUNTS: Json = {"type": "object", "additionalProperties": COUNT}
_DECIDED = [
    {"source": "checks", "status": "published", "reason": None, "n": 610},
    {"source": "moderator", "status": "rejected", "reason": "abusive", "n": 31},
]
_WAITS = {
    "checks": {"n": 610, "median_s": 1.1, "p95_s": 3.7},
    "moderator": {"n": 220, "median_s": 861.1, "p95_s": 5793.0},
}
_EXAMPLE = {
    "site": "paper", "since": "2026-03-02T00:00:00+00:00", "until": "2026-03-02T09:30:00+00:00", "by": "day",
    "replied": 840, "decided": _DECIDED, "ended_by": {"checks": 610, "moderator": 220},
    "share_by_checks": 0.7349, "overturned": {"checks": 7}, "share_overturned": 0.0115, "undone": 2,
    "time_to_decision": _WAITS, "queue": {"held": 10, "oldest_held_age_s": 420.5}, "checks": [],
    "intervals": [{"at": "2026-03-02T00:00:00+00:00", "replied": 840, "decided": _DECIDED}],
}  # fmt: skip


def figures_paths() -> dict[str, Json]:
    """Figures as JSON and as CSV."""
    return {_PATH: {"get": _get()}}


def _get() -> Json:
    days = {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": DEFAULT_DAYS}
    read = json_answer("Up to this moment.", "Figures", _EXAMPLE)
    read["content"] |= {"text/csv": {"schema": STRING | {"description": "With a line of headings."}}}
    return operation(
        "getFigures", MODERATORS, "Read a site's figures",
        "Replies and decisions by hour or day, who decided, how long it took, what people took back, and the"
        " record of each check. Hours that are over are counted once and kept, so they outlive what expires."
        " The first interval is a whole one. As CSV it is one table; a cell that a spreadsheet would run"
        " begins with an apostrophe.",
        parameters=(
            "Site",
            query("days", days, "How far back."),
            query("by", _one_of(get_args(Step), "day"), "How long an interval is; UTC."),
            query("format", _one_of(("json", "csv"), "json"), "As what."),
            query("table", _one_of(TABLES, TABLES[0]), "Which one, as CSV."),
        ),
        responses={"200": read} | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _one_of(words: Sequence[str], default: str) -> Json:
    return {"type": "string", "enum": list(words), "default": default}


def figures_schemas() -> dict[str, Json]:
    """All of them, by name."""
    waits = obj(
        {"n": COUNT, "median_s": _SECONDS_OR_NULL, "p95_s": _SECONDS_OR_NULL},
        "From arrival to the first end, in seconds; quantiles are true to a tenth.",
    )
    decided = {"type": "array", "items": ref("Decided")}
    return {
        "Decided": obj(
            {"source": STRING, "status": ref("Status"), "reason": TEXT_OR_NULL, "n": COUNT},
            f"Decisions of one kind; the status is one of {', '.join(Status)}.",
        ),
        "Interval": obj({"at": MOMENT, "replied": COUNT, "decided": decided}, "One hour or day (UTC)."),
        "Figures": obj(
            {
                "site": STRING,
                "since": MOMENT,
                "until": MOMENT,
                "by": {"type": "string", "enum": list(get_args(Step))},
                "replied": COUNT,
                "decided": decided,
                "ended_by": _COUNTS | {"description": "Comments by who brought them to their first end."},
                "share_by_checks": _SHARE_OR_NULL | {"description": "Of these, the checks' share."},
                "overturned": _COUNTS
                | {"description": "What people made of it something else, by whose it was."},
                "share_overturned": _SHARE_OR_NULL | {"description": "Of what the checks ended."},
                "undone": COUNT,
                "time_to_decision": {"type": "object", "additionalProperties": waits},
                "queue": obj({"held": COUNT, "oldest_held_age_s": _SECONDS_OR_NULL}),
                "checks": list_of("CheckRecord"),
                "intervals": list_of("Interval"),
            }
        ),
    }
