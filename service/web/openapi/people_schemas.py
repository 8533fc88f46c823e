"""The shapes about people, access and what was changed."""

from typing import Any

from pydantic.json_schema import models_json_schema

from service.web.openapi.schemas import (
    BOOLEAN,
    COUNT,
    CURSOR,
    MOMENT,
    MOMENT_OR_NULL,
    STRING,
    TEXT_OR_NULL,
    URL,
    list_of,
    obj,
)
from service.web.people_payloads import InvitationBody, RoleBody, TokenBody

Json = dict[str, Any]

_ROLE: Json = {"type": "string", "enum": ["viewer", "moderator", "admin"]}
_FIELDS = {
    "role": "From the lowest to the highest: `viewer`, `moderator`, `admin`.",
    "sites": "By their slugs; every site, later ones too, where none are named.",
    "name": "Whose it is; a program's of its own where nobody is named.",
    "days": "How long it is valid.",
}


def people_schemas() -> dict[str, Json]:
    """All of them, by name."""
    return _bodies() | _people() | _access() | _audit()


def _bodies() -> dict[str, Json]:
    _, schema = models_json_schema(
        [(RoleBody, "validation"), (InvitationBody, "validation"), (TokenBody, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Json] = schema["$defs"]
    for body in found.values():
        for name, field in body["properties"].items():
            field.pop("title", None)
            field["description"] = _FIELDS[name]
    return found


def _people() -> dict[str, Json]:
    roles: Json = {"type": "object", "additionalProperties": _ROLE}
    return {
        "Person": obj({
            "id": STRING,
            "name": STRING,
            "is_you": BOOLEAN | {"description": "Whether the token is this person's."},
            "roles": roles | {"description": "By site, at your sites; none for who lives by tokens alone."},
            "is_everywhere": BOOLEAN | {"description": "Whether this person reaches every site."},
            "has_other_sites": BOOLEAN | {"description": "Whether there are sites that are not yours."},
            "may_be_disabled": BOOLEAN | {"description": "Whether you may shut this person out."},
            "has_password": BOOLEAN,
            "tokens": COUNT | {"description": "How many valid ones there are."},
            "disabled_at": MOMENT_OR_NULL,
        }),
        "People": obj({"people": list_of("Person"), "next_cursor": CURSOR}),
    }  # fmt: skip


def _access() -> dict[str, Json]:
    sites: Json = {
        "type": ["array", "null"],
        "items": STRING,
        "description": "Those of yours; null: every site.",
    }
    token = {
        "id": STRING,
        "prefix": STRING | {"description": "How the token begins."},
        "moderator": STRING | {"description": "Whose it is."},
        "role": _ROLE,
        "sites": sites,
        "created_at": MOMENT,
        "expires_at": MOMENT_OR_NULL,
        "last_used_at": MOMENT_OR_NULL,
    }
    invitation = {
        "id": STRING, "role": _ROLE, "sites": sites, "invited_by": TEXT_OR_NULL, "created_at": MOMENT,
        "expires_at": MOMENT,
    }  # fmt: skip
    session = {
        "id": STRING, "by": {"type": "string", "enum": ["person", "token"]}, "token": TEXT_OR_NULL,
        "created_at": MOMENT, "last_used_at": MOMENT, "expires_at": MOMENT,
    }  # fmt: skip
    return {
        "Token": obj(token),
        "NewToken": obj(token | {"token": STRING | {"description": "The secret, shown this once."}}),
        "Tokens": obj({"tokens": list_of("Token"), "next_cursor": CURSOR}),
        "Invitation": obj(invitation),
        "NewInvitation": obj(invitation | {"url": URL | {"description": "The link, shown this once."}}),
        "Invitations": obj({"invitations": list_of("Invitation")}),
        "Session": obj(session),
        "Sessions": obj({"sessions": list_of("Session")}),
        "Revoked": obj({"revoked": BOOLEAN}),
        "Ended": obj({"ended": COUNT}),
    }


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
