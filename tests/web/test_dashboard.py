"""The desk in a browser: its own forms alone decide, whatever else the browser is made to send."""

import asyncio
import re
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.domain.errors import StorageUnavailable
from service.web import desk_queue
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeSite, MakeToken, StartWeb, Submit
from tests.web.sending import Answer, Page, get, page_of, read


async def send(client: ClientSession, path: str, fields: dict[str, str], **headers: str) -> Answer:
    """Send a form as a browser does from a page of ours, unless `headers` tell where it came from."""
    told = headers or {"Sec-Fetch-Site": "same-origin"}
    async with client.post(path, data=fields, headers=told, allow_redirects=False) as response:
        return await read(response)


async def sign_in(client: ClientSession, token: str, **headers: str) -> Answer:
    return await send(client, "/dashboard/sign-in", {"token": token}, **headers)


async def queue(client: ClientSession, **params: str) -> Page:
    return page_of(await get(client, "/dashboard", params))


def forms(page: Page) -> list[dict[str, str]]:
    """The fields of each form that decides."""
    return [
        {node.get("name"): node.get("value") for node in form.iter("input")}
        for form in page.all("form")
        if form.get("action") == "/dashboard/decide"
    ]


@pytest.fixture
async def paper(make_site: MakeSite) -> None:
    await make_site("paper")


@pytest.fixture
async def held(paper: None, submit: Submit, check_all: CheckAll) -> str:
    accepted = await submit()
    await check_all()
    return str(accepted["id"])


@pytest.fixture
async def desk(client: ClientSession, make_token: MakeToken, held: str) -> ClientSession:
    """A browser that has signed in."""
    assert (await sign_in(client, await make_token("moderator"))).status == 303
    return client


async def status_of(database: asyncpg.Connection, comment_id: str) -> str:
    return str(await database.fetchval("SELECT status FROM comment WHERE id = $1", comment_id))


def cookie_of(answer: Answer) -> Morsel[str]:
    from http.cookies import SimpleCookie

    [morsel] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    return morsel


async def test_a_token_is_exchanged_for_a_session(client: ClientSession, make_token: MakeToken) -> None:
    token = await make_token("viewer")
    page = await get(client, "/dashboard")
    assert (
        page.status,
        [one.get("type") for one in page_of(page).all("input") if one.get("name") == "token"],
    ) == (
        200,
        ["password"],
    )
    answer = await sign_in(client, f"  {token}\n")
    assert (answer.status, answer.headers["Location"]) == (303, "/dashboard")
    morsel = cookie_of(answer)
    assert morsel.value != token
    assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (
        True, "Strict", "/dashboard", "",
    )  # fmt: skip
    assert "Ruth" in (await queue(client)).text


async def test_over_tls_the_cookie_is_bound_to_the_host(start_web: StartWeb, make_token: MakeToken) -> None:
    web = await start_web(public_url="https://talk.paper.example")
    token = await make_token("viewer")
    async with ClientSession(f"http://127.0.0.1:{web.settings.port}") as client:
        morsel = cookie_of(await sign_in(client, token))
    assert morsel.key.startswith("__Host-")
    assert (morsel["secure"], morsel["httponly"], morsel["path"], morsel["domain"]) == (True, True, "/", "")


@pytest.mark.parametrize("token", ["", "wrong", "rd_" + "a" * 43, "ü", "x" * 9000, "' OR 1=1 --", "\x00"])
async def test_a_token_that_is_none_opens_nothing(client: ClientSession, token: str) -> None:
    answer = await sign_in(client, token)
    assert (answer.status, "Set-Cookie" in answer.headers) == (401, False)
    assert page_of(answer).has_id("token-error")


async def test_every_page_of_the_desk_is_kept_by_nobody_and_loads_nothing_foreign(
    desk: ClientSession,
) -> None:
    answers = [await get(desk, "/dashboard"), await get(desk, "/dashboard", {"cursor": "x"})]
    answers += [await sign_in(desk, "wrong"), await send(desk, "/dashboard/decide", {})]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        policy = dict(
            part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answers[0].headers["Cross-Origin-Opener-Policy"] == "same-origin"


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
    monkeypatch.setattr(desk_queue, "PAGE_SIZE", 2)
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


FOREIGN: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"Sec-Fetch-Site": "cross-site"}, {}),
    ({"Sec-Fetch-Site": "same-site"}, {}),
    ({"Sec-Fetch-Site": "nonsense"}, {}),
    ({"Origin": "https://evil.example"}, {}),
    ({"Origin": "null"}, {}),
    ({"Origin": "http://127.0.0.1:1"}, {}),
    ({}, {"csrf": ""}),
    ({}, {"csrf": "0" * 64}),
    ({}, {"csrf": "ü"}),
]


@pytest.mark.parametrize(("headers", "fields"), FOREIGN)
@pytest.mark.parametrize("path", ["/dashboard/decide", "/dashboard/sign-out"])
async def test_a_foreign_form_does_nothing(
    desk: ClientSession, database: asyncpg.Connection, held: str, path: str,
    headers: dict[str, str], fields: dict[str, str],
) -> None:  # fmt: skip
    [form] = forms(await queue(desk))
    answer = await send(desk, path, form | {"action": "approve"} | fields, **headers)
    assert answer.status == 403
    assert await status_of(database, held) == "held"
    assert forms(await queue(desk))


@pytest.mark.parametrize("headers", [headers for headers, fields in FOREIGN if not fields])
async def test_nobody_is_signed_in_from_elsewhere(
    client: ClientSession, make_token: MakeToken, headers: dict[str, str]
) -> None:
    answer = await sign_in(client, await make_token("admin"), **headers)
    assert (answer.status, "Set-Cookie" in answer.headers) == (403, False)


async def test_the_token_of_one_session_is_none_for_another(
    desk: ClientSession, database: asyncpg.Connection, held: str, make_token: MakeToken, web_app: Any
) -> None:
    async with ClientSession(web_app.url, cookie_jar=None) as other:
        answer = await sign_in(other, await make_token("admin", name="Nora"))
        cookie = f"replydesk_session={cookie_of(answer).value}"
        [theirs] = forms(page_of(await get(other, "/dashboard", Cookie=cookie)))
    refused = await send(desk, "/dashboard/decide", theirs | {"action": "approve"})
    assert refused.status == 403
    assert await status_of(database, held) == "held"


async def test_a_json_body_is_no_form_of_ours(desk: ClientSession, held: str) -> None:
    async with desk.post("/dashboard/decide", json={"id": held, "action": "approve"}) as response:
        assert response.status == 403


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
    [csrf] = {node.get("value") for node in page.all("input") if node.get("name") == "csrf"}
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
    assert COMMENT["comment"] not in (await queue(client, site="paper")).text
    [csrf] = {node.get("value") for node in page.all("input") if node.get("name") == "csrf"}
    fields = {"csrf": csrf, "id": held, "version": "2", "action": "approve"}
    answer = await send(client, "/dashboard/decide", fields)
    assert "comment-not-found" in answer.headers["Location"]
    assert await status_of(database, held) == "held"


async def test_signing_out_ends_the_session_on_the_server_too(desk: ClientSession) -> None:
    [cookie] = list(desk.cookie_jar)
    [form] = forms(await queue(desk))
    answer = await send(desk, "/dashboard/sign-out", {"csrf": form["csrf"]})
    assert answer.status == 303
    desk.cookie_jar.clear()
    again = await get(desk, "/dashboard", Cookie=f"{cookie.key}={cookie.value}")
    assert COMMENT["comment"] not in again.text


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE moderator_token SET revoked_at = clock_timestamp()",
        "UPDATE moderator_token SET expires_at = clock_timestamp()",
        "UPDATE moderator_session SET expires_at = clock_timestamp()",
    ],
)
async def test_a_session_ends_with_its_time_and_its_token(
    desk: ClientSession, database: asyncpg.Connection, end: str
) -> None:
    [form] = forms(await queue(desk))
    await database.execute(end)
    assert forms(await queue(desk)) == []
    assert (await send(desk, "/dashboard/decide", form | {"action": "approve"})).status == 401


async def test_sessions_and_tokens_are_kept_as_digests(
    desk: ClientSession, database: asyncpg.Connection
) -> None:
    [cookie] = list(desk.cookie_jar)
    for table in ("moderator_session", "moderator_token"):
        for row in await database.fetch(f"SELECT t::text AS row FROM {table} AS t"):  # noqa: S608
            assert cookie.value not in row["row"]
    lasts = await database.fetchval("SELECT expires_at - created_at FROM moderator_session")
    assert lasts <= timedelta(hours=12, minutes=1)


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
    assert not list(page.all("script"))
    assert not list(page.all("img"))
    assert not [node for node in page.root.iter() for name in node.attrib if name.startswith("on")]
    assert "{{7*7}}" in page.text
    assert "U+202E" in page.text
    assert not re.search("<script", answer.text)


async def test_hostile_parameters_lie_inert(desk: ClientSession) -> None:
    for params in ({"notice": HOSTILE}, {"site": HOSTILE}, {"status": HOSTILE}, {"notice": "__class__"}):
        answer = await get(desk, "/dashboard", params)
        assert answer.status == 200
        assert "<script" not in answer.text
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
    monkeypatch.setattr("service.storage.figures.list_site_figures", count)
    page = await queue(desk)
    assert [form["id"] for form in forms(page) if form["id"] == held]
    assert not [node for node in page.all("span") if node.get("class") == "count"]
