"""What operators and their machines are told, and what no one is told."""

import asyncio
import re
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.harness import MakeSite, StartWeb, WebProcess
from tests.web.sending import Answer, get, post, read, reply

API = "/api/v1"
PATHS = {
    "/api/v1/sites/paper/comments": {"GET", "HEAD", "POST", "OPTIONS"},
    "/api/v1/sites/paper/counts": {"GET", "HEAD"},
    "/api/v1/sites/paper/form-token": {"GET", "HEAD"},
    "/api/v1/receipts/x": {"GET", "HEAD"},
    "/api/v1/moderation/comments": {"GET", "HEAD"},
    "/api/v1/moderation/comments/x": {"GET", "HEAD"},
    "/api/v1/moderation/comments/x/decision": {"POST"},
    "/api/v1/moderation/comments/x/undo": {"POST"},
    "/api/v1/moderation/decisions": {"POST"},
    "/api/v1/moderation/claims": {"GET", "HEAD", "POST", "DELETE"},
    "/api/v1/moderation/summary": {"GET", "HEAD"},
    "/api/v1/moderation/reasons": {"GET", "HEAD"},
}


async def call(client: ClientSession, method: str, path: str) -> Answer:
    async with client.request(method, path, allow_redirects=False) as response:
        return await read(response)


async def test_the_process_lives_whatever_is_away(start_web: StartWeb) -> None:
    web = await start_web(
        database_url="postgresql://replydesk:unguessable-7@127.0.0.1:1/x", redis_url="redis://127.0.0.1:1/0"
    )
    assert (await get(web.client, "/healthz")).status == 200
    assert (await get(web.client, "/readyz")).status == 503
    assert (await get(web.client, "/metrics")).status == 200
    assert (await get(web.client, "/openapi.json")).status == 200
    assert (await get(web.client, "/docs")).status == 200


async def test_a_database_without_its_schema_is_not_ready(
    start_web: StartWeb, empty_database_url: str
) -> None:
    web = await start_web(database_url=empty_database_url)
    answer = await get(web.client, "/readyz")
    assert (answer.status, answer.json["ready"], answer.json["schema"]["found"]) == (503, False, 0)
    assert "Retry-After" in answer.headers


async def test_a_server_without_our_roles_is_not_ready_either(
    start_web: StartWeb, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.web import pools

    async def as_nobody(url: str, _role: str, **options: Any) -> Any:
        return await open_pool(url, "replydesk_nobody", **options)

    open_pool: Any = pools.open_pool
    monkeypatch.setattr(pools, "open_pool", as_nobody)
    web = await start_web(database_url=empty_database_url)
    answer = await get(web.client, "/readyz")
    assert (answer.status, answer.json["ready"]) == (503, False)


async def test_a_process_on_its_way_out_is_not_ready(web_app: WebProcess) -> None:
    assert (await get(web_app.client, "/readyz")).json["ready"] is True
    web_app.services.draining = True
    answer = await get(web_app.client, "/readyz")
    assert (answer.status, answer.json["draining"]) == (503, True)
    assert (await get(web_app.client, "/healthz")).status == 200


async def test_figures_are_for_this_machine_and_named_networks(start_web: StartWeb) -> None:
    web = await start_web(trusted_proxies="127.0.0.1/32", metrics_networks="10.0.0.0/8")
    for forwarded, status in [
        ("127.0.0.1", 200), ("10.1.2.3", 200), ("192.0.2.1", 404), ("10.1.2.3, 192.0.2.1", 404), ("::1", 200),
    ]:  # fmt: skip
        answer = await get(web.client, "/metrics", **{"X-Forwarded-For": forwarded})
        assert answer.status == status, forwarded
    bare = await start_web()
    assert (await get(bare.client, "/metrics")).status == 200
    for claimed in ("192.0.2.1", "127.0.0.1"):  # a proxy that nobody told us about
        assert (await get(bare.client, "/metrics", **{"X-Forwarded-For": claimed})).status == 404


async def test_figures_name_routes_and_nothing_that_was_typed(
    web_app: WebProcess, make_site: MakeSite
) -> None:
    await make_site("paper")
    await post(web_app.client, reply())
    await get(web_app.client, "/api/v1/receipts/secret-receipt")
    await get(web_app.client, "/no/such/secret-path?q=secret")
    figures = await get(web_app.client, "/metrics")
    assert figures.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'route="/api/v1/receipts/{receipt}"' in figures.text
    assert "secret" not in figures.text
    assert 'replydesk_submissions_total{outcome="accepted"} 1.0' in figures.text


async def test_figures_tell_how_often_services_were_asked_today(
    web_app: WebProcess, make_site: MakeSite, database: asyncpg.Connection
) -> None:
    for slug, asked in (("paper", 7), ("fen", 5)):
        site = await make_site(slug)
        await database.execute(
            """
            INSERT INTO service_use SELECT $1, 'akismet', (now() AT TIME ZONE 'UTC')::date - ago, $2
            FROM generate_series(0, 1) AS ago
            """,
            site.id,
            asked,
        )
    figures = (await get(web_app.client, "/metrics")).text
    assert 'replydesk_service_questions{service="akismet"} 12.0' in figures
    assert 'replydesk_service_questions{service="webhook"} 0.0' in figures


@pytest.mark.parametrize("path", PATHS)
async def test_a_method_that_is_not_allowed_is_a_problem_that_names_those_that_are(
    client: ClientSession, path: str
) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - PATHS[path]:
        answer = await call(client, method, path)
        assert (answer.status, answer.is_problem("method-not-allowed")) == (405, True), method
        assert set(answer.headers["Allow"].split(",")) == PATHS[path]


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v2/sites/paper/comments",
        "/api/v1/sites/paper/comments/",
        "/api/v1/sites//comments",
        "/api/v1/moderation",
        "/api/v1/moderation/none",
        "/api/v1/receipts/",
        "/api/v1/%2e%2e/x",
        "/api/v1/sites/a/b/counts",
        "/api/v1/%00",
        "/api/v1/%ff",
        "/api/v1/ü",
        "/problems",
        "/static/../app.py",
        "/static/none.css",
    ],
)
async def test_what_is_not_there_is_a_problem(client: ClientSession, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = await call(client, method, path)
        if answer.status == 405:
            continue
        assert (answer.status, answer.is_problem("not-found")) == (404, True)


async def test_every_answer_has_an_id_and_names_no_software(web_app: WebProcess, make_site: MakeSite) -> None:
    await make_site("paper")
    asked = [
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/nowhere",
        "/dashboard",
        "/receipts/x",
    ]
    asked += [*PATHS, "/static/site.css", "/problems/not-found", "/sites/paper/thread", "/demo"]
    ids = []
    for path in asked:
        answer = await get(web_app.client, path)
        ids.append(answer.headers["X-Request-ID"])
        assert re.fullmatch("[0-9a-f]{32}", ids[-1])
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in answer.headers
        assert answer.status != 500, path
    assert len(set(ids)) == len(ids)


async def raw(web: WebProcess, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", web.settings.port)
    writer.write(request)
    await writer.drain()
    try:
        async with asyncio.timeout(5):
            return await reader.read()
    finally:
        writer.close()


MALFORMED = [
    b"GET / HTTP/9.9\r\n\r\n",
    b"BLAH\r\n\r\n",
    b"GET /secret@reader.example\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nbad header secret@reader.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@pytest.mark.parametrize("request_", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_no_request_is_refused_without_a_word_about_us(
    web_app: WebProcess, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await raw(web_app, request_)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert b"aiohttp" not in answer.lower()
    assert b"python" not in answer.lower()
    assert b"application/problem+json" in answer
    assert b"x-request-id" in answer.lower()
    assert b"secret" not in answer
    assert "127.0.0.1" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "asyncio"
    )
    assert (await get(web_app.client, "/healthz")).status == 200


async def test_a_client_that_waits_for_a_go_ahead_gets_it(web_app: WebProcess, make_site: MakeSite) -> None:
    await make_site("paper")
    async with web_app.client.post("/api/v1/sites/paper/comments", json=reply(), expect100=True) as response:
        assert response.status == 202


async def test_a_body_that_never_ends_is_given_up(
    web_app: WebProcess, make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.web import submissions

    unhurried: Any = submissions.read_body

    async def hurried(request: Any, *, max_bytes: int) -> Any:
        return await unhurried(request, max_bytes=max_bytes, deadline_s=0.2)

    monkeypatch.setattr(submissions, "read_body", hurried)
    await make_site("paper")
    for content_type, answered in [
        (b"application/json", b"problem+json"),
        (b"application/x-www-form-urlencoded", b"text/html"),
    ]:
        head = (
            b"POST /api/v1/sites/paper/comments HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nContent-Type: "
        )
        answer = await raw(web_app, head + content_type + b"\r\n\r\n{")
        assert answer.startswith(b"HTTP/1.1 408")
        assert answered in answer


async def test_an_error_nobody_foresaw_tells_nothing_and_keeps_the_form(
    web_app: WebProcess, make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_site("paper")

    async def broken(*_: Any) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(web_app.services.desk), "accept", broken)
    answer = await post(web_app.client, reply())
    assert (answer.status, answer.is_problem("internal-error")) == (500, True)
    page = await post(web_app.client, reply(), "form")
    assert page.status == 500
    assert reply()["comment"] in page.text
    assert "secret" not in answer.text + page.text
