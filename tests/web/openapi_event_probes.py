"""Requests that provoke every answer of the operation about events."""

import pytest
from aiohttp import ClientResponse

from service.web import event_feed
from tests.web.openapi_scene import Scene, plain, provokes

plain("streamEvents", 404, "site-not-found", role="viewer", params={"site": "nowhere"})
for _value in ("3601", "-1", "soon"):
    plain("streamEvents", 422, "invalid-query", role="viewer", params={"for_s": _value})


@provokes("streamEvents", 200)
async def _what_happened(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    headers = {"Last-Event-ID": "0"}
    answer = await scene.ask("streamEvents", role="viewer", params={"for_s": "0"}, headers=headers)
    text = await answer.text()
    assert "event: queued\n" in text
    assert comment_id in text
    return answer


@provokes("streamEvents", 503, "too-many-streams")
async def _one_too_many(scene: Scene) -> ClientResponse:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_feed, "MOST_STREAMS", 0)
        return await scene.ask("streamEvents", role="viewer", params={"for_s": "0"})
