"""The desk in a browser: its own forms alone decide, whatever else the browser is made to send."""

import asyncio
import re
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.domain.errors import StorageUnavailable
from service.web import desk_queue
from tests.web.browsing import csrf_of, forms, queue, send, sign_in, status_of
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import get, page_of, read


@pytest.mark.parametrize("token", ["", "wrong", "rd_" + "a" * 43, "ü", "x" * 9000, "' OR 1=1 --", "\x00"])
async def test_a_token_that_is_none_opens_nothing(client: ClientSession, token: str) -> None:
    answer = await sign_in(client, token)
    assert (answer.status, "Set-Cookie" in answer.headers) == (401, False)
    assert page_of(answer).has_id("token-error")


@pytest.mark.parametrize(
    ("action", "status"),
    [("approve", "published"), ("reject", "rejected"), ("spam", "spam"), ("hold", "held")],
)
async def test_a_person_decides(
    desk: ClientSession, database: asyncpg.Connection, held: str, action: str, status: str
) -> None:
    [form] = forms(await queue(desk))
    assert form["id"] == held
    answer = await send(desk, "/dashboard/decide", form | {"action": action, "reason": "off_topic"})
    assert answer.status == 303
    assert await status_of(database, held) == status
    page = page_of(await get(desk, answer.headers["Location"]))
    assert [node for node in page.all("p") if node.get("role") == "status"]


async def test_a_decision_leads_back_to_the_page_it_was_made_on(
    desk: ClientSession, submit: Submit, check_all: CheckAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_queue, "page_size", lambda: 2)
    for n in range(3):
        await submit(comment=f"Number {n}.")
    await check_all()
    first = await queue(desk, site="paper")
    [following] = [a.get("href") for a in first.all("a") if a.get("rel") == "next"]
    listed = [form["id"] for form in forms(first)]
    rest = [form["id"] for form in forms(page_of(await get(desk, following)))]
    assert (len(listed), len(rest)) == (2, 2)
    for left in ([rest[1]], listed):
        [form, *_] = forms(page_of(await get(desk, following)))
        sent = await send(desk, "/dashboard/decide", form | {"action": "spam"})
        async with desk.get(sent.headers["Location"]) as response:
            back = page_of(await read(response))
        assert [form["id"] for form in forms(back)] == left
        assert "Marked as spam." in back.text


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"version": "1"}, "meanwhile"),
        ({"version": "9" * 5000}, "could not be read"),
        ({"version": "x"}, "could not be read"),
        ({"action": "publish"}, "could not be read"),
        ({"action": "reject", "reason": ""}, "needs a reason"),
        ({"action": "reject", "reason": "nonsense"}, "no such reason"),
        ({"id": "01890000-0000-7000-8000-000000000000"}, "not there any more"),
        ({"id": "x"}, "could not be read"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk: ClientSession, database: asyncpg.Connection, held: str, changes: dict[str, str], notice: str
) -> None:
    [form] = forms(await queue(desk))
    answer = await send(desk, "/dashboard/decide", form | {"action": "approve"} | changes)
    assert notice in page_of(await get(desk, answer.headers["Location"])).text
    assert await status_of(database, held) == "held"


async def test_nothing_is_changed_by_a_link(
    desk: ClientSession, database: asyncpg.Connection, held: str
) -> None:
    [form] = forms(await queue(desk))
    for path in ("/dashboard/decide", "/dashboard/sign-out", "/dashboard/sign-in"):
        assert (await get(desk, path, form | {"action": "approve"})).status == 405
    await get(desk, "/dashboard", form | {"action": "approve"})
    assert await status_of(database, held) == "held"


async def test_a_viewer_sees_and_cannot_decide(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection, held: str
) -> None:
    await sign_in(client, await make_token("viewer"))
    page = await queue(client)
    assert COMMENT["comment"] in page.text
    assert forms(page) == []
    csrf = csrf_of(page)
    fields = {"csrf": csrf, "id": held, "version": "2", "action": "approve"}
    assert (await send(client, "/dashboard/decide", fields)).status == 403
    assert await status_of(database, held) == "held"


async def test_a_token_of_one_site_sees_that_site_alone(
    client: ClientSession, make_token: MakeToken, make_site: MakeSite, database: asyncpg.Connection, held: str
) -> None:
    await make_site("gazette")
    await sign_in(client, await make_token("admin", ("gazette",)))
    page = await queue(client)
    assert COMMENT["comment"] not in page.text
    csrf = csrf_of(page)
    fields = {"csrf": csrf, "id": held, "version": "2", "action": "approve"}
    answer = await send(client, "/dashboard/decide", fields)
    assert "comment-not-found" in answer.headers["Location"]
    assert await status_of(database, held) == "held"


@pytest.mark.parametrize("place", ["", "/checks", "/automation", "/samples"])
async def test_a_site_without_a_role_is_as_one_that_there_is_not(
    client: ClientSession, make_token: MakeToken, make_site: MakeSite, held: str, place: str
) -> None:
    await make_site("gazette")
    await sign_in(client, await make_token("admin", ("gazette",)))
    told = [await get(client, "/dashboard" + place, {"site": slug}) for slug in ("paper", "nosuch")]
    assert [answer.status for answer in told] == [404, 404]
    assert told[0].text == told[1].text
    assert "There is nothing at this address" in page_of(told[0]).text
    assert (await get(client, "/dashboard" + place, {"site": "gazette"})).status == 200
    assert (await get(client, "/dashboard" + place, {"site": ""})).status == 200


@pytest.mark.parametrize("days", ["abc", "0", "8", "-7", "", "7" * 5000, "٧"])
async def test_days_that_the_page_does_not_offer_are_refused(
    client: ClientSession, make_token: MakeToken, make_site: MakeSite, days: str
) -> None:
    await make_site("paper")
    await sign_in(client, await make_token("viewer"))
    answer = await get(client, "/dashboard/checks", {"days": days})
    assert answer.status == 422
    assert "days must be one of 1, 7, 30, 90." in page_of(answer).text


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}\u202eevil\u202c"


async def test_hostile_text_lies_inert_in_the_queue(
    desk: ClientSession, submit: Submit, check_all: CheckAll
) -> None:
    await submit(
        comment=HOSTILE,
        author="<b onclick=x>\"'",
        page_title="</title><script>",
        website="https://m.example/?x=%27",
    )
    await check_all()
    answer = await get(desk, "/dashboard")
    page = page_of(answer)
    assert all(node.get("src").startswith("/static/") and not node.text for node in page.all("script"))
    assert not list(page.all("img"))
    assert not [node for node in page.root.iter() for name in node.attrib if name.startswith("on")]
    assert "{{7*7}}" in page.text
    assert "U+202E" in page.text
    assert not re.search("<script(?! src=./static/)", answer.text)


async def test_hostile_parameters_lie_inert(desk: ClientSession) -> None:
    for params in ({"notice": HOSTILE}, {"site": HOSTILE}, {"status": HOSTILE}, {"notice": "__class__"}):
        answer = await get(desk, "/dashboard", params)
        assert answer.status == (404 if "site" in params else 200)
        assert not re.search("<script(?! src=./static/)", answer.text)
        assert "onerror=alert(2)>" not in answer.text


async def test_the_public_thread_ignores_the_session(desk: ClientSession, held: str) -> None:
    [cookie] = list(desk.cookie_jar)
    answer = await get(desk, "/sites/paper/thread", {"page_url": PAGE}, Cookie=f"{cookie.key}={cookie.value}")
    assert COMMENT["comment"] not in answer.text


@pytest.mark.parametrize("how", ["fails", "hangs"])
async def test_counts_that_cannot_be_had_leave_the_queue_as_it_is(
    desk: ClientSession, held: str, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    async def count(*_: Any) -> None:
        if how == "hangs":
            await asyncio.sleep(3)
        raise StorageUnavailable

    assert [node for node in (await queue(desk)).all("span") if node.get("class") == "count"]
    monkeypatch.setattr("service.storage.desk.find_beside", count)
    page = await queue(desk)
    assert [form["id"] for form in forms(page) if form["id"] == held]
    assert not [node for node in page.all("span") if node.get("class") == "count"]


async def test_a_queue_of_a_hundred_takes_three_statements_beside_who_is_asking(
    web_app: WebProcess, make_site: MakeSite, make_token: MakeToken, submit: Submit, check_all: CheckAll,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await make_site("paper")
    for number in range(100):
        await submit(comment=f"Number {number} of the ferry.", author=f"Mina {number}")
    await check_all()
    await sign_in(web_app.client, await make_token("moderator"))
    asked: list[str] = []
    execute = asyncpg.Connection._execute

    async def noted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        asked.append(" ".join(query.split())[:90])
        return await execute(self, query, *args, **more)

    monkeypatch.setattr(asyncpg.Connection, "_execute", noted)
    page = await queue(web_app.client)
    assert len([node for node in page.all("article") if "item" in node.get("class", "")]) >= 25
    assert len([one for one in asked if "moderator_session" not in one]) <= 3, "\n".join(asked)
