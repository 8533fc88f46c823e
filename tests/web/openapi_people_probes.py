"""Requests that provoke every answer of the operations about people, access and the audit log."""

from typing import Any

from tests.web.openapi_scene import plain

ADMIN: dict[str, Any] = {"role": "admin"}
MODERATOR: dict[str, Any] = {"role": "moderator"}

plain("listAudit", 200, **ADMIN)
plain("listAudit", 403, "role-too-low", **MODERATOR)
plain("listAudit", 404, "site-not-found", **ADMIN, params={"site": "nowhere"})
plain("listAudit", 422, "invalid-query", **ADMIN, params={"cursor": "soon"})
