"""Requests that provoke every answer of the operation about alerts."""

from tests.web.openapi_scene import plain

plain("listAlerts", 200, role="viewer")
plain("listAlerts", 404, "site-not-found", role="viewer", parts={"site": "nowhere"})
