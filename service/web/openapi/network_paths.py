"""Orders about networks, as moderators' programs give and read them."""

from typing import Any, get_args

from service.domain.standing import Standing
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import path
from service.web.openapi.schemas import BOOLEAN, MOMENT, STRING, TEXT_OR_NULL, list_of, obj

Json = dict[str, Any]

_SITES = "/api/v1/moderation/sites/{site}/network-standings"
_ANYHOW = ("InternalError", "Unavailable")
_BODY: Json = {
    "kind": "premoderated", "reason": "abusive", "note": "Ten names in an hour.",
    "expires_at": "2026-03-09T09:30:00+00:00",
}  # fmt: skip
_ORDER: Json = {
    "site": "paper", "id": "7", "by": "Ruth", "since": "2026-03-02T09:30:00+00:00", "lifted_at": None,
    "lifted_by": None, "is_active": True, "proposes_ban": False,
} | _BODY  # fmt: skip
_MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
_KIND: Json = {"type": "string", "enum": list(get_args(Standing))}


def network_paths() -> dict[str, Json]:
    """Give, list and lift."""
    return {
        "/api/v1/moderation/comments/{id}/network-standing": {"post": _give()},
        _SITES: {"get": _list()},
        _SITES + "/{id}": {"delete": _lift()},
    }


def _give() -> Json:
    return operation(
        "giveNetworkStanding", MODERATORS, "Pre-moderate or ban the network that a comment came from",
        "From the next comment on, by the check `standing`, for 30 days at most. A network is a /24 or a /64:"
        " it has many people, so a ban hits others too. Nobody can read which one it is.",
        parameters=("CommentId",),
        body=json_body("NetworkStandingBody", _BODY),
        responses={"201": json_answer("What holds now.", "NetworkStanding", _ORDER)}
        | problems(
            "MalformedBody", "Unauthenticated", "RoleTooLow", "CommentNotFound", "BodyTooSlow",
            "NetworkConflict", "BodyTooLarge", "UnsupportedMediaType", "InvalidStanding", *_ANYHOW,
        ),
    )  # fmt: skip


def _list() -> Json:
    return operation(
        "listNetworkStandings", MODERATORS, "List orders about networks", "The newest first.",
        parameters=("Site", "Limit", "Cursor"),
        responses={
            "200": json_answer(
                "Those that hold.", "NetworkStandings", {"network_standings": [_ORDER], "next_cursor": None}
            )
        }
        | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _lift() -> Json:
    return operation(
        "liftNetworkStanding", MODERATORS, "Take a network as usual again",
        parameters=("Site", path("id", "The `id` of the order.")),
        responses={
            "200": json_answer(
                "What was ordered.", "NetworkStanding",
                _ORDER
                | {"is_active": False, "lifted_at": "2026-03-03T08:00:00+00:00", "lifted_by": "Ruth"},
            )
        }
        | problems("Unauthenticated", "RoleTooLow", "OrderNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def network_schemas() -> dict[str, Json]:
    """All of them, by name."""
    order = {
        "site": STRING, "id": STRING, "kind": _KIND, "reason": STRING, "note": TEXT_OR_NULL, "by": STRING,
        "since": MOMENT, "expires_at": MOMENT, "lifted_at": _MOMENT_OR_NULL, "lifted_by": TEXT_OR_NULL,
        "is_active": BOOLEAN,
        "proposes_ban": BOOLEAN | {"description": "A ban that somebody else has to confirm."},
    }  # fmt: skip
    body = {
        "kind": _KIND
        | {"description": "`premoderated`: a person looks at everything first; `banned`: all is rejected."},
        "reason": {"type": "string", "maxLength": 50, "description": "One of the built-in reasons."},
        "note": {"type": ["string", "null"], "maxLength": 500, "description": "For other moderators."},
        "expires_at": MOMENT | {"description": "Within 30 days."},
    }
    return {
        "NetworkStanding": obj(order, "What a moderator ordered about a network."),
        "NetworkStandings": obj(
            {"network_standings": list_of("NetworkStanding"), "next_cursor": TEXT_OR_NULL}
        ),
        "NetworkStandingBody": obj(body, "What is ordered.", optional=("note",))
        | {"additionalProperties": False},
    }
