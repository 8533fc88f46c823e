"""Requests that provoke every answer of the operation about figures."""

from aiohttp import ClientResponse

from tests.web.openapi_scene import Scene, plain, provokes

plain("getFigures", 404, "site-not-found", role="viewer", parts={"site": "nowhere"})
for _name, _value in (("days", "0"), ("by", "week"), ("format", "xml"), ("table", "people")):
    plain("getFigures", 422, "invalid-query", role="viewer", params={_name: _value})


@provokes("getFigures", 200)
async def _what_happened(scene: Scene) -> ClientResponse:
    await scene.held()
    answer = await scene.ask("getFigures", role="viewer", params={"days": "1", "by": "hour"})
    figures = await answer.json()
    assert figures["replied"] >= 1
    assert ("checks", "held") in {(one["source"], one["status"]) for one in figures["decided"]}
    return answer


@provokes("getFigures", 200)
async def _what_happened_as_tables(scene: Scene) -> ClientResponse:
    await scene.held()
    for table, heading in (
        ("checks", "check,comments,"),
        ("intervals", "at,what,source,status,"),
    ):
        answer = await scene.ask("getFigures", role="viewer", params={"format": "csv", "table": table})
        assert (await answer.text()).startswith(heading)
        assert "attachment" in answer.headers["Content-Disposition"]
    return answer
