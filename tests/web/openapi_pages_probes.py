"""Requests that provoke every answer of the operations about pages and the site's switch."""

from functools import partial
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse

from service.web.moderation import MAX_BODY_BYTES
from tests.web.harness import PAGE
from tests.web.openapi_scene import Scene, plain, provokes

MODERATOR: dict[str, Any] = {"role": "moderator"}
VIEWER: dict[str, Any] = {"role": "viewer"}
JSON = {"Content-Type": "application/json"}
HERE = {"site": "paper", "page_url": PAGE}
NOWHERE = {"parts": {"site": "nowhere"}}


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    return await scene.ask(operation_id, **MODERATOR, data=BytesIO(b" " * (MAX_BODY_BYTES + 1)), headers=JSON)


plain("listPages", 200, **VIEWER, params={"site": "paper", "limit": "1"})
plain("listPages", 200, **VIEWER, params=HERE)
plain("listPages", 404, "site-not-found", **VIEWER, params={"site": "nowhere"})
plain("listPages", 422, "invalid-query", **VIEWER)
plain("listPages", 422, "invalid-query", **VIEWER, params={"site": "paper", "cursor": "x"})
plain("listPages", 422, "invalid-query", **VIEWER, params={"site": "paper", "page_url": "mill"})
plain("changePage", 200, **MODERATOR, json=HERE | {"title": "The mill"})
plain("changePage", 403, "role-too-low", **VIEWER, json=HERE)
plain("changePage", 404, "site-not-found", **MODERATOR, json=HERE | {"site": "nowhere"})
for _wrong in (
    {"page_url": "mill"}, {"page_url": "https://elsewhere.example/"}, {"title": "a" * 201}, {"title": " "},
    {"state": "ajar"}, {"closes_at": "2030-01-01T00:00:00Z"}, {"closes_at": 0}, {"premoderated": 0}, {"x": 1},
):  # fmt: skip
    plain("changePage", 422, "invalid-decision", **MODERATOR, json=HERE | _wrong)
plain("getMode", 200, **VIEWER)
plain("getMode", 404, "site-not-found", **VIEWER, **NOWHERE)
plain("changeMode", 200, **MODERATOR, json={"mode": "usual"})
plain("changeMode", 403, "role-too-low", **VIEWER, json={"mode": "closed"})
plain("changeMode", 404, "site-not-found", **MODERATOR, **NOWHERE, json={"mode": "closed"})
plain("changeMode", 422, "invalid-decision", **MODERATOR, json={"mode": "hot"})
plain(
    "changeMode",
    422,
    "invalid-decision",
    **MODERATOR,
    json={"mode": "closed", "until": "2030-01-01T00:00:00"},
)
ADMIN: dict[str, Any] = {"role": "admin"}
ONE, ANOTHER = {"page_url": PAGE + "?1", "into": PAGE + "?2"}, {"page_url": PAGE + "?3", "into": PAGE + "?3"}
plain("mergePages", 200, **ADMIN, json={"site": "paper"} | ONE)
plain("mergePages", 403, "role-too-low", **MODERATOR, json={"site": "paper"} | ONE)
plain("mergePages", 404, "site-not-found", **ADMIN, json={"site": "nowhere"} | ONE)
plain("mergePages", 409, "same-page", **ADMIN, json={"site": "paper"} | ANOTHER)
for _wrong in ({"page_url": "mill"}, {"into": 1}, {"into": "https://elsewhere.example/"}, {"x": 1}):
    plain("mergePages", 422, "invalid-decision", **ADMIN, json={"site": "paper"} | ONE | _wrong)
plain("mergePages", 400, "malformed-body", **ADMIN, data=b"[]", headers=JSON)
plain("mergePages", 415, "unsupported-media-type", **ADMIN, data=ONE)
for _operation in ("changePage", "changeMode"):
    plain(_operation, 400, "malformed-body", **MODERATOR, data=b"[]", headers=JSON)
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    plain(_operation, 415, "unsupported-media-type", **MODERATOR, data={"mode": "closed"})


@provokes("mergePages", 413, "body-too-large")
async def _too_much_to_merge(scene: Scene) -> ClientResponse:
    return await scene.ask("mergePages", **ADMIN, data=BytesIO(b" " * (MAX_BODY_BYTES + 1)), headers=JSON)


@provokes("mergePages", 409, "page-too-large")
async def _too_many_comments(scene: Scene) -> ClientResponse:
    await scene.held()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.usecases.merge_pages.MOST", 0)
        merged = {"site": "paper", "page_url": PAGE, "into": PAGE + "?4"}
        return await scene.ask("mergePages", **ADMIN, json=merged)
