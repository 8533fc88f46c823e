"""The shapes about people, access and what was changed."""

from typing import Any

from service.web.openapi.schemas import MOMENT, STRING, TEXT_OR_NULL, list_of, obj

Json = dict[str, Any]


def people_schemas() -> dict[str, Json]:
    """All of them, by name."""
    return _audit()


def _audit() -> dict[str, Json]:
    return {
        "AuditEntry": obj({
            "id": STRING,
            "at": MOMENT,
            "site": TEXT_OR_NULL | {"description": "Where; null: about no one site."},
            "moderator": TEXT_OR_NULL | {"description": "Who; null: the command line."},
            "action": STRING | {"description": "`thing.verb`, such as `token.revoked`."},
            "subject": STRING | {"description": "Which thing, for people."},
            "details": {"type": "object", "description": "What else there is to know."},
        }),
        "AuditLog": obj({"entries": list_of("AuditEntry"), "next_cursor": TEXT_OR_NULL}),
    }  # fmt: skip
