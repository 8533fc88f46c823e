"""The desk's own forms alone act, whatever another page makes a browser send (R8)."""

from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.browsing import (
    PASSWORD,
    MakeModerator,
    cookie_of,
    forms,
    is_in,
    queue,
    send,
    sign_in,
    status_of,
)
from tests.web.harness import MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, get, page_of, read

OURS = "http://127.0.0.1:{port}"
FROM_ELSEWHERE: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": OURS + "/"},
    {"Origin": OURS + ".evil.example"},
    {"Origin": OURS + ", https://evil.example"},
    {"Origin": "https://127.0.0.1:{port}"},
    {"Origin": "http://evil.example", "Referer": OURS + "/dashboard"},
]
FROM_HERE: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # what a page without referrers sends
    {"Origin": OURS},
]
SILENT: dict[str, str] = {}
ACTS = ["/dashboard/decide", "/dashboard/sign-out"]


async def post(web: WebProcess, path: str, fields: dict[str, str], headers: dict[str, str]) -> Answer:
    """With exactly these headers."""
    told = {name: value.replace("{port}", str(web.settings.port)) for name, value in headers.items()}
    async with web.client.post(path, data=fields, headers=told, allow_redirects=False) as response:
        return await read(response)


def is_foreign(answer: Answer) -> bool:
    return answer.status == 403 and "This form is not ours" in page_of(answer).text


@pytest.mark.parametrize("headers", [*FROM_ELSEWHERE, SILENT], ids=repr)
@pytest.mark.parametrize("path", ACTS)
async def test_a_form_from_elsewhere_does_nothing(
    web_app: WebProcess, desk: ClientSession, database: asyncpg.Connection, held: str, path: str,
    headers: dict[str, str],
) -> None:  # fmt: skip
    [form] = forms(await queue(desk))
    assert is_foreign(await post(web_app, path, form | {"action": "approve"}, headers))
    assert await status_of(database, held) == "held"
    assert await is_in(desk)


@pytest.mark.parametrize("headers", FROM_HERE, ids=repr)
async def test_a_form_from_here_acts(
    web_app: WebProcess, desk: ClientSession, database: asyncpg.Connection, held: str, headers: dict[str, str]
) -> None:
    [form] = forms(await queue(desk))
    answer = await post(web_app, "/dashboard/decide", form | {"action": "approve"}, headers)
    assert (answer.status, await status_of(database, held)) == (303, "published")
    assert (await post(web_app, "/dashboard/sign-out", form, headers)).status == 303
    assert not await is_in(desk)


@pytest.mark.parametrize("csrf", [None, "", "0" * 64, "ü", "x" * 9000])
@pytest.mark.parametrize("path", ACTS)
async def test_a_form_without_the_token_of_its_session_does_nothing(
    desk: ClientSession, database: asyncpg.Connection, held: str, path: str, csrf: str | None
) -> None:
    [form] = forms(await queue(desk))
    fields = {name: value for name, value in (form | {"csrf": csrf}).items() if value is not None}
    assert is_foreign(await send(desk, path, fields | {"action": "approve"}))
    assert await status_of(database, held) == "held"
    assert await is_in(desk)


async def test_the_token_of_one_session_is_none_for_another(
    desk: ClientSession, database: asyncpg.Connection, held: str, make_token: MakeToken, web_app: Any
) -> None:
    async with ClientSession(web_app.url, cookie_jar=None) as other:
        answer = await sign_in(other, await make_token("admin", name="Nora"))
        cookie = f"replydesk_session={cookie_of(answer).value}"
        [theirs] = forms(page_of(await get(other, "/dashboard", Cookie=cookie)))
    refused = await send(desk, "/dashboard/decide", theirs | {"action": "approve"})
    assert is_foreign(refused)
    assert await status_of(database, held) == "held"


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=repr)
async def test_nobody_is_signed_in_from_elsewhere(
    web_app: WebProcess, make_token: MakeToken, make_moderator: MakeModerator, headers: dict[str, str]
) -> None:
    await make_moderator("Ruth")
    for fields in ({"token": await make_token("admin")}, {"name": "Ruth", "password": PASSWORD}):
        answer = await post(web_app, "/dashboard/sign-in", fields, headers)
        assert (is_foreign(answer), "Set-Cookie" in answer.headers) == (True, False)


@pytest.mark.parametrize("headers", [*FROM_HERE, SILENT], ids=repr)
async def test_whoever_comes_from_here_or_from_no_page_at_all_may_sign_in(
    web_app: WebProcess, make_token: MakeToken, make_moderator: MakeModerator, headers: dict[str, str]
) -> None:
    await make_moderator("Ruth")
    for fields in ({"token": await make_token("admin")}, {"name": "Ruth", "password": PASSWORD}):
        assert (await post(web_app, "/dashboard/sign-in", fields, headers)).status == 303


async def test_the_public_address_counts_as_here_behind_a_proxy(
    start_web: StartWeb, make_token: MakeToken
) -> None:
    web = await start_web(public_url="https://talk.paper.example")
    token = await make_token("admin")
    async with ClientSession(f"http://127.0.0.1:{web.settings.port}") as behind:
        for origin, status in [("https://talk.paper.example", 303), ("http://talk.paper.example", 403)]:
            assert (await sign_in(behind, token, Origin=origin)).status == status


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
async def test_only_a_form_is_a_form(
    desk: ClientSession, database: asyncpg.Connection, held: str, content_type: str
) -> None:
    [form] = forms(await queue(desk))
    body = "&".join(f"{name}={value}" for name, value in (form | {"action": "approve"}).items())
    headers = {"Content-Type": content_type, "Sec-Fetch-Site": "same-origin"}
    async with desk.post("/dashboard/decide", data=body, headers=headers) as response:
        assert response.status in {400, 403, 415}
    assert await status_of(database, held) == "held"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_nothing_is_changed_by_a_link_or_any_method_but_post(
    desk: ClientSession, database: asyncpg.Connection, held: str, method: str
) -> None:
    [form] = forms(await queue(desk))
    fields = form | {"action": "approve"}
    for path in (*ACTS, "/dashboard/sign-in"):
        own = {"Sec-Fetch-Site": "same-origin"}
        async with desk.request(method, path, params=fields, headers=own, allow_redirects=False) as response:
            assert (response.status, response.headers["Allow"]) == (405, "POST")
    await get(desk, "/dashboard", fields)
    assert await status_of(database, held) == "held"
    assert await is_in(desk)
