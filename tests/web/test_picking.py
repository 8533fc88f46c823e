"""Moderators pick what is worth reading; readers see it marked within a second, and can list it alone."""

import pytest

from tests.web.browsing import csrf_of, queue, send, sign_in
from tests.web.desk import Desk
from tests.web.harness import PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import get, page_of

THREAD = "/api/v1/sites/paper/comments"


@pytest.fixture
async def ids(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    await make_site("paper", publish="auto")
    made = [(await submit(comment=f"Number {n}."))["id"] for n in range(3)]
    await check_all()
    return made


async def test_picks_are_marked_listed_alone_and_taken_back(
    web_app: WebProcess, ids: list[str], make_token: MakeToken
) -> None:
    client, desk = web_app.client, Desk(web_app.client, await make_token("moderator"))
    before = await get(client, THREAD, {"page_url": PAGE})
    for one in ids[1:]:
        answer = await desk.post(f"/comments/{one}/pick", {"picked": True})
        assert (answer.status, answer.json["picked"], answer.json["version"]) == (200, True, 2)
    after = await get(client, THREAD, {"page_url": PAGE})
    assert after.headers["ETag"] != before.headers["ETag"]
    assert [one["picked"] for one in after.json["comments"]] == [False, True, True]
    first = (await get(client, THREAD, {"page_url": PAGE, "sort": "picks", "limit": "1"})).json
    more = {"page_url": PAGE, "sort": "picks", "cursor": first["next_cursor"]}
    rest = (await get(client, THREAD, more)).json
    assert [one["id"] for one in first["comments"] + rest["comments"]] == ids[1:]
    page = page_of(await get(client, "/sites/paper/thread", {"page_url": PAGE, "sort": "picks"}))
    assert page.has_id(f"comment-{ids[1]}")
    assert not page.has_id(f"comment-{ids[0]}")
    assert "Editors’ pick" in page.text
    await desk.post(f"/comments/{ids[1]}/pick", {"picked": False})
    await desk.decide(ids[2], "reject", 2, reason="off_topic")
    assert (await get(client, THREAD, {"page_url": PAGE, "sort": "picks"})).json["comments"] == []
    history = (await desk.get(f"/comments/{ids[1]}")).json["history"]
    assert [one["action"] for one in history] == ["publish", "pick", "unpick"]
    assert history[-1]["by"] == "Ruth"


async def test_the_desk_picks_by_a_form_that_needs_no_script(
    web_app: WebProcess, ids: list[str], make_token: MakeToken
) -> None:
    client = web_app.client
    await sign_in(client, await make_token("moderator"))
    listed = await queue(client, status="published")
    assert listed.text.count("Make it an editors’ pick") == 3
    fields = {"csrf": csrf_of(listed), "id": ids[0], "picked": "1", "status": "published"}
    led = await send(client, "/dashboard/pick", fields)
    told = page_of(await get(client, led.headers["Location"]))
    assert "It is an editors’ pick now." in told.text
    assert "No editors’ pick any more" in told.text
