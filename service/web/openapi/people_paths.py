"""What programs call about people, access and what was changed."""

from typing import Any

from service.web.openapi.access_paths import named
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query

Json = dict[str, Any]

_API = "/api/v1/moderation"
_ANYHOW = ("InternalError", "Unavailable")
_ADMIN = ("Unauthenticated", "RoleTooLow")
_BODY = ("MalformedBody", "BodyTooSlow", "BodyTooLarge", "UnsupportedMediaType", "InvalidBody")
_NEEDS = " It needs the role `admin`."
_ID = named("person", "The person's id.")
_AT = "2026-03-02T09:30:00+00:00"
_PERSON: Json = {
    "id": "12", "name": "Ruth", "is_you": False, "roles": {"paper": "moderator"}, "is_everywhere": False,
    "has_other_sites": False, "may_be_disabled": True, "has_password": True, "tokens": 1, "disabled_at": None,
}  # fmt: skip
_ENTRY = {
    "id": "812", "at": "2026-03-02T09:30:00+00:00", "site": "paper", "moderator": "Ada",
    "action": "policy.changed", "subject": "policy", "details": {"version": 8},
}  # fmt: skip


def people_paths() -> dict[str, Json]:
    """Paths about people and the audit log."""
    return {
        _API + "/people": {"get": _people()},
        _API + "/sites/{site}/people/{person}": {"put": _set_role(), "delete": _remove()},
        _API + "/people/{person}/disable": {"post": _disable()},
        _API + "/people/{person}/enable": {"post": _enable()},
        _API + "/people/{person}/reset-second-factor": {"post": _reset()},
        _API + "/audit": {"get": _audit()},
    }


def _people() -> Json:
    return operation(
        "listPeople", MODERATORS, "List people",
        "Everybody who may do something at a site at which you are an admin, by name, with the roles there."
        " Of other sites it is told only that there are some." + _NEEDS,
        parameters=(query("site", {"type": "string"}, "One site's alone."), "Limit", "Cursor"),
        responses={"200": json_answer("A page.", "People", {"people": [_PERSON], "next_cursor": None})}
        | problems(*_ADMIN, "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _set_role() -> Json:
    return operation(
        "setRole", MODERATORS, "Set a person's role at a site",
        "It holds from the next request on, for sessions and tokens. A person with a role at every site is"
        " changed by admins of every site alone." + _NEEDS,
        parameters=("Site", _ID),
        body=json_body("RoleBody", {"role": "admin"}),
        responses={"200": json_answer("The person now.", "Person", _PERSON)}
        | problems(*_ADMIN, "PersonNotFound", "OwnRights", *_BODY, *_ANYHOW),
    )  # fmt: skip


def _remove() -> Json:
    return operation(
        "removePerson", MODERATORS, "Take a person off a site",
        "The person's tokens lose that site; whoever has no site left is out at once." + _NEEDS,
        parameters=("Site", _ID),
        responses={"200": json_answer("The person now.", "Person", _PERSON | {"roles": {}})}
        | problems(*_ADMIN, "PersonNotFound", "PersonConflict", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _disable() -> Json:
    return operation(
        "disablePerson", MODERATORS, "Shut a person out",
        "Sessions end and tokens are revoked, at once. It takes an admin of all the person's sites.",
        parameters=(_ID,),
        responses={"200": json_answer("The person now.", "Person", _PERSON | {"disabled_at": _AT})}
        | problems(*_ADMIN, "NobodyFound", "OwnRights", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _enable() -> Json:
    return operation(
        "enablePerson", MODERATORS, "Let a person in again",
        "By the same password; tokens stay revoked. It takes an admin of all the person's sites.",
        parameters=(_ID,),
        responses={"200": json_answer("The person now.", "Person", _PERSON)}
        | problems(*_ADMIN, "NobodyFound", "OwnRights", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _reset() -> Json:
    return operation(
        "resetSecondFactor", MODERATORS, "Ask a person for no code any more",
        "For somebody whose app and recovery codes are lost: the password alone opens again, sessions end."
        " Of whoever has set none up nothing changes. It takes an admin of all the person's sites.",
        parameters=(_ID,),
        responses={"200": json_answer("The person now.", "Person", _PERSON)}
        | problems(*_ADMIN, "NobodyFound", "OwnRights", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _audit() -> Json:
    text: Json = {"type": "string", "minLength": 1, "maxLength": 200}
    return operation(
        "listAudit", MODERATORS, "Read what admins and operators changed",
        "The newest first. Nobody can change or remove an entry, and none holds an address, a secret or a"
        " comment's text. What is about no one site is shown to admins of every site. It needs the role"
        " `admin`.",
        parameters=(
            query("site", {"type": "string"}, "One site's alone."),
            query("action", text, "Such as `policy.changed`, or `policy` for all that was done with it."),
            query("moderator", text, "By whom; a name."),
            "Limit", "Cursor",
        ),
        responses={
            "200": json_answer("A page of it.", "AuditLog", {"entries": [_ENTRY], "next_cursor": None})
        }
        | problems("Unauthenticated", "RoleTooLow", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip
