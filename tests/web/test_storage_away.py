"""Without Postgres nothing is promised and nothing typed is lost; without Redis nobody waits."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.equipment.line import Line, line_to
from tests.web.harness import COMMENT, PAGE, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, get, page_of, post, reply

NOBODY = "postgresql://replydesk:unguessable-7@127.0.0.1:1/replydesk"
TYPED = reply(comment="A long <text> that nobody types twice.", website="https://mina.example/")
IN_TIME_S = 15.0
"""The contract's five seconds and what a busy machine adds; without deadlines none would come.
`make faults` measures the five."""


@pytest.fixture(autouse=True)
async def _paper(make_site: MakeSite) -> None:
    await make_site("paper")


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[Line]:
    async with line_to(database_url) as line:
        yield line


@pytest.fixture
async def web(start_web: StartWeb, line: Line) -> WebProcess:
    """A process that has answered before, and whose Postgres can be taken away."""
    web = await start_web(database_url=line.url)
    assert (await post(web.client, COMMENT)).status == 202
    return web


async def take_away(line: Line, how: str) -> None:
    if how == "cut off":
        await line.cut()
    else:
        line.freeze()


async def timed(work: Any) -> tuple[Answer, float]:
    started = time.monotonic()
    return await work, time.monotonic() - started


def is_refused_in_kind(answer: Answer, kind: str) -> bool:
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1
    if kind == "json":
        return answer.is_problem("unavailable")
    assert answer.headers["Cache-Control"] == "no-store"
    typed = page_of(answer).typed()
    return all(typed[name] == value for name, value in TYPED.items())


@pytest.mark.parametrize("how", ["cut off", "silent"])
@pytest.mark.parametrize("sites", ["known", "to be read again"])
async def test_a_reply_is_refused_within_five_seconds_and_its_form_kept(
    web: WebProcess, line: Line, database: asyncpg.Connection, how: str, sites: str
) -> None:
    await take_away(line, how)
    web.services.directory._read_at = float("inf" if sites == "known" else "-inf")
    for kind in ("json", "form", "multipart"):
        answer, seconds = await timed(post(web.client, TYPED, kind))
        assert is_refused_in_kind(answer, kind)
        assert seconds < IN_TIME_S
    await line.cut()
    assert await database.fetchval("SELECT count(*) FROM comment") == 1


async def test_many_at_once_are_all_refused_within_five_seconds(web: WebProcess, line: Line) -> None:
    line.freeze()
    replies = (post(web.client, TYPED | {"author": f"M{n}"}, ("json", "form")[n % 2]) for n in range(60))
    answers = await asyncio.gather(*map(timed, replies))
    assert {answer.status for answer, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < IN_TIME_S


@pytest.mark.parametrize("kind", ["json", "form"])
async def test_a_process_that_never_saw_its_database_keeps_the_form_too(
    start_web: StartWeb, kind: str
) -> None:
    web = await start_web(database_url=NOBODY)
    answer, seconds = await timed(post(web.client, TYPED, kind))
    assert is_refused_in_kind(answer, kind)
    assert seconds < IN_TIME_S
    if kind == "form":
        assert page_of(answer).by_id("reply-form").get("action") == "/api/v1/sites/paper/comments"


async def test_service_resumes_by_itself_and_the_same_key_tells_what_was_stored(
    web: WebProcess, line: Line, database: asyncpg.Connection
) -> None:
    await line.cut()
    key = {"Idempotency-Key": "k"}
    assert (await post(web.client, TYPED, headers=key)).status == 503
    await line.open()
    assert (await post(web.client, TYPED, headers=key)).status == 202
    assert await database.fetchval("SELECT count(*) FROM comment") == 2


async def test_what_is_acknowledged_is_committed(web: WebProcess, database: asyncpg.Connection) -> None:
    """A commit that fails at its very end is no success."""
    await database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '57P03'; END $$;"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON comment DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    assert (await post(web.client, TYPED)).status == 503
    assert await database.fetchval("SELECT count(*) FROM comment") == 1


@pytest.mark.parametrize("how", ["cut off", "silent"])
async def test_every_other_request_is_answered_within_five_seconds_too(
    web: WebProcess, line: Line, make_token: MakeToken, how: str
) -> None:
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}
    entries = [{"id": "01890000-0000-7000-8000-000000000000", "action": "approve", "version": 1}] * 200
    await take_away(line, how)
    await asyncio.gather(*(
        is_unavailable(web, method, path, bearer, body)
        for method, path, body in [
            ("GET", f"/api/v1/sites/paper/comments?page_url={PAGE}", None),
            ("GET", f"/api/v1/sites/paper/counts?page_url={PAGE}", None),
            ("GET", f"/sites/paper/thread?page_url={PAGE}", None),
            ("GET", "/api/v1/moderation/comments", None),
            ("GET", "/api/v1/moderation/summary", None),
            ("POST", "/api/v1/moderation/decisions", {"decisions": entries}),
            ("POST", "/api/v1/moderation/claims", {}),
        ]
    ))  # fmt: skip


async def is_unavailable(web: WebProcess, method: str, path: str, headers: dict[str, str], body: Any) -> None:
    started = time.monotonic()
    async with web.client.request(method, path, headers=headers, json=body) as response:
        assert (response.status, "Retry-After" in response.headers) == (503, True), path
        assert response.content_type == ("text/html" if "/sites/paper/thread" in path and "/api" not in path
                                         else "application/problem+json")  # fmt: skip
    assert time.monotonic() - started < IN_TIME_S, path


async def test_many_decisions_end_in_time_when_the_database_falls_silent_under_way(
    web: WebProcess, line: Line, make_token: MakeToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.moderation.BULK_S", 2.0)
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}
    entries = [{"id": "01890000-0000-7000-8000-000000000000", "action": "approve", "version": 1}] * 200
    started = time.monotonic()
    url = "/api/v1/moderation/decisions"
    async with web.client.post(url, json={"decisions": entries}, headers=bearer) as response:
        results = (await response.json())["results"]
    whole_s = time.monotonic() - started
    assert {one["problem"]["status"] for one in results} == {404}

    async def fall_silent() -> None:
        await asyncio.sleep(whole_s / 3)
        line.freeze()

    started = time.monotonic()
    silent = asyncio.create_task(fall_silent())
    async with web.client.post(url, json={"decisions": entries}, headers=bearer) as response:
        assert response.status in {200, 503}
        await response.read()
    await silent
    assert time.monotonic() - started < IN_TIME_S


@pytest.mark.parametrize("how", ["cut off", "silent"])
async def test_an_answer_does_not_wait_for_redis(
    start_web: StartWeb, redis_url: str, database: asyncpg.Connection, how: str
) -> None:
    async with line_to(redis_url) as redis:
        web = await start_web(redis_url=redis.url, limit_network="100/60")
        assert (await post(web.client, COMMENT)).status == 202
        await take_away(redis, how)
        for number in range(3):
            answer, seconds = await timed(post(web.client, reply(comment=f"Number {number}.")))
            assert answer.status == 202
            assert seconds < 1
        assert await database.fetchval("SELECT count(*) FROM comment") == 4


async def test_readiness_follows_postgres_and_only_names_redis(
    start_web: StartWeb, line: Line, redis_url: str
) -> None:
    async with line_to(redis_url) as redis:
        web = await start_web(database_url=line.url, redis_url=redis.url)
        ready = await get(web.client, "/readyz")
        assert (ready.status, ready.json["redis"], ready.json["postgres"]) == (200, "reachable", "reachable")
        redis.freeze()
        web.services.questions.forget()
        ready = await get(web.client, "/readyz")
        assert (ready.status, ready.json["redis"]) == (200, "unreachable")
        await line.cut()
        web.services.questions.forget()
        gone, seconds = await timed(get(web.client, "/readyz"))
        assert (gone.status, gone.json["postgres"]) == (503, "unreachable")
        assert seconds < IN_TIME_S
        assert (await get(web.client, "/healthz")).status == 200
        await line.open()
        web.services.questions.forget()
        assert (await get(web.client, "/readyz")).status == 200
