"""What programs call about tokens, sessions and invitations."""

from typing import Any

from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, page_answer, problems

Json = dict[str, Any]

_API = "/api/v1/moderation"
_ANYHOW = ("InternalError", "Unavailable")
_ADMIN = ("Unauthenticated", "RoleTooLow")
_BODY = ("MalformedBody", "BodyTooSlow", "BodyTooLarge", "UnsupportedMediaType", "InvalidBody")
_SECRET = "rd_4c1Z0b7s9k2mWq8yXv5nRt3uJh6pLd0eAf2gBi7oCsE"  # noqa: S105  (an example)
_TOKEN: Json = {
    "id": "17", "prefix": "rd_4c1Z0b7s", "moderator": "Archive", "role": "viewer", "sites": ["paper"],
    "created_at": "2026-03-02T09:30:00+00:00", "expires_at": "2027-03-02T09:30:00+00:00",
    "last_used_at": None,
}  # fmt: skip
_INVITATION: Json = {
    "id": "5", "role": "moderator", "sites": ["paper"], "invited_by": "Ada",
    "created_at": "2026-03-02T09:30:00+00:00", "expires_at": "2026-03-05T09:30:00+00:00",
}  # fmt: skip
_SESSION: Json = {
    "id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "by": "person", "token": None,
    "created_at": "2026-03-02T09:30:00+00:00", "last_used_at": "2026-03-02T09:31:00+00:00",
    "expires_at": "2026-03-02T21:30:00+00:00",
}  # fmt: skip
_NEEDS = " It needs the role `admin`."


def access_paths() -> dict[str, Json]:
    """Paths about ways to come in."""
    return {
        _API + "/tokens": {"get": _list_tokens(), "post": _create_token()},
        _API + "/tokens/{token}": {"delete": _revoke_token()},
        _API + "/sessions": {"get": _list_sessions(), "delete": _end_sessions()},
        _API + "/sessions/{session}": {"delete": _end_session()},
        _API + "/invitations": {"get": _list_invitations(), "post": _invite()},
        _API + "/invitations/{invitation}": {"delete": _revoke_invitation()},
        "/dashboard/invitations/{secret}": {"get": _show_invitation()},
        "/dashboard/second-factor": {"get": _show_second_factor()},
    }


def named(name: str, description: str) -> Json:
    """A part of the path."""
    text: Json = {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": text, "description": description}


def _list_tokens() -> Json:
    return operation(
        "listTokens", MODERATORS, "List the valid tokens",
        "Those that reach your sites, the newest first, without their secrets." + _NEEDS,
        parameters=("Limit", "Cursor"),
        responses={"200": json_answer("A page of them.", "Tokens", {"tokens": [_TOKEN], "next_cursor": None})}
        | problems(*_ADMIN, "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _create_token() -> Json:
    return operation(
        "createToken", MODERATORS, "Make a token",
        "`token` is shown this once and kept as a digest. Without `name` it is a program's of its own; with"
        " the name of a person it opens no more than that person may do. Without `sites` it is for all."
        + _NEEDS,
        body=json_body("TokenBody", {"name": "Archive", "role": "viewer", "sites": ["paper"], "days": 90}),
        responses={"201": json_answer("Made.", "NewToken", _TOKEN | {"token": _SECRET})}
        | problems(*_ADMIN, "SiteNotFound", "NameTaken", *_BODY, *_ANYHOW),
    )  # fmt: skip


def _revoke_token() -> Json:
    return operation(
        "revokeToken", MODERATORS, "Revoke a token", "It is useless at once." + _NEEDS,
        parameters=(named("token", "The token's id."),),
        responses={"200": json_answer("Revoked.", "Revoked", {"revoked": True})}
        | problems(*_ADMIN, "TokenNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _list_sessions() -> Json:
    return operation(
        "listSessions", MODERATORS, "List your sessions",
        "Browsers that are signed in to the dashboard as the person of this token, the last used first.",
        responses={"200": json_answer("All of them.", "Sessions", {"sessions": [_SESSION]})}
        | problems("Unauthenticated", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _end_sessions() -> Json:
    return operation(
        "endSessions", MODERATORS, "End all your sessions",
        responses={"200": json_answer("Ended, so many.", "Ended", {"ended": 2})}
        | problems("Unauthenticated", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _end_session() -> Json:
    return operation(
        "endSession", MODERATORS, "End one of your sessions",
        parameters=(named("session", "The session's id."),),
        responses={"200": json_answer("Ended.", "Ended", {"ended": 1})}
        | problems("Unauthenticated", "SessionNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _list_invitations() -> Json:
    return operation(
        "listInvitations", MODERATORS, "List the open invitations",
        "Those for your sites that nobody has used yet, the newest first, without their links." + _NEEDS,
        responses={"200": json_answer("All of them.", "Invitations", {"invitations": [_INVITATION]})}
        | problems(*_ADMIN, "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _invite() -> Json:
    url = f"https://talk.example/dashboard/invitations/{_SECRET}"
    return operation(
        "invite", MODERATORS, "Invite somebody new",
        "`url` is shown this once. Whoever opens it within 72 hours chooses a name and a password, once. It"
        " is void when you may no longer invite so yourself. Without `sites` it is for every site." + _NEEDS,
        body=json_body("InvitationBody", {"role": "moderator", "sites": ["paper"]}),
        responses={"201": json_answer("Invited.", "NewInvitation", _INVITATION | {"url": url})}
        | problems(*_ADMIN, "SiteNotFound", *_BODY, *_ANYHOW),
    )  # fmt: skip


def _revoke_invitation() -> Json:
    return operation(
        "revokeInvitation", MODERATORS, "Revoke an invitation", "Nobody comes by it any more." + _NEEDS,
        parameters=(named("invitation", "The invitation's id."),),
        responses={"200": json_answer("Revoked.", "Revoked", {"revoked": True})}
        | problems(*_ADMIN, "InvitationNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _show_invitation() -> Json:
    described = operation(
        "showInvitation", MODERATORS, "Open an invitation",
        "A form for a name and a password. Looking at it changes nothing.",
        parameters=(named("secret", "The end of the link."),),
        responses={"200": page_answer("The form.", {"Cache-Control": "CacheControl"})}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {field: value for field, value in described.items() if field != "security"}


def _show_second_factor() -> Json:
    described = operation(
        "showSecondFactor", MODERATORS, "Open the dashboard's page about the second factor",
        "A code of an authenticator app, besides the password. It works by the dashboard's cookie.",
        responses={"200": page_answer("The page, or the way in.", {"Cache-Control": "CacheControl"})}
        | problems("PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {field: value for field, value in described.items() if field != "security"}
