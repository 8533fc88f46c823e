"""What programs call about people, access and what was changed."""

from typing import Any

from service.web.openapi.operation import MODERATORS, json_answer, operation, problems
from service.web.openapi.parameters import query

Json = dict[str, Any]

_API = "/api/v1/moderation"
_ANYHOW = ("InternalError", "Unavailable")
_ENTRY = {
    "id": "812", "at": "2026-03-02T09:30:00+00:00", "site": "paper", "moderator": "Ada",
    "action": "policy.changed", "subject": "policy", "details": {"version": 8},
}  # fmt: skip


def people_paths() -> dict[str, Json]:
    """Paths about people and the audit log."""
    return {_API + "/audit": {"get": _audit()}}


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
