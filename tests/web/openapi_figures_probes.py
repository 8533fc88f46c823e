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


async def _sign_in(scene: Scene) -> None:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["viewer"]}, allow_redirects=False
    )
    assert signed_in.status == 303


@provokes("showFigures", 200)
async def _the_page_of_figures(scene: Scene) -> ClientResponse:
    await scene.held()
    await _sign_in(scene)
    answer = await scene.ask("showFigures", params={"days": "1", "site": "paper"})
    html = await answer.text()
    assert '<rect class="kind-held"' in html
    assert '<rect class="kind-replied"' in html
    return answer


async def _elsewhere(scene: Scene) -> ClientResponse:
    await _sign_in(scene)
    return await scene.ask("showFigures", params={"site": "nowhere"})


async def _without_its_database(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    return await scene.ask("showFigures", client=away.client, headers={"Cookie": "replydesk_session=rd_any"})


provokes("showFigures", 404)(_elsewhere)
provokes("showFigures", 503)(_without_its_database)


plain("getTransparency", 404, "site-not-found", role="viewer", parts={"site": "nowhere"})
for _name, _value in (("from", "then"), ("to", "9999-12-31"), ("format", "xml"), ("from", "2001-01-01")):
    plain("getTransparency", 422, "invalid-query", role="viewer", params={_name: _value})


@provokes("getTransparency", 200)
async def _half_a_year(scene: Scene) -> ClientResponse:
    as_table = await scene.ask("getTransparency", role="viewer", params={"format": "csv"})
    assert (await as_table.text()).startswith("what,source,")
    assert await scene.reference.check("getTransparency", as_table) is None
    return await scene.ask("getTransparency", role="viewer")


@provokes("showTransparency", 200)
async def _way_in(scene: Scene) -> ClientResponse:
    return await scene.ask("showTransparency")


@provokes("showTransparency", 404)
async def _of_no_site(scene: Scene) -> ClientResponse:
    await _sign_in(scene)
    return await scene.ask("showTransparency", params={"site": "nowhere"})


@provokes("showTransparency", 422)
async def _of_no_period(scene: Scene) -> ClientResponse:
    await _sign_in(scene)
    return await scene.ask("showTransparency", params={"from": "then"})
