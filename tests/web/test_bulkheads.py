"""No flood and no lock on one side locks another side out; whoever is sent away is told when to come back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from service.embedded.postgres import SETTINGS
from service.storage.pool import Pool
from service.web import pools
from service.web.openapi import openapi_document
from service.web.problems import retry_after
from tests.factories import until
from tests.web.harness import PAGE, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.openapi_check import Reference
from tests.web.sending import Answer, get, page_of, post, reply

READ = (
    f"/api/v1/sites/paper/comments?page_url={PAGE}",
    f"/api/v1/sites/paper/counts?page_url={PAGE}",
    f"/sites/paper/thread?page_url={PAGE}",
)
DESK = ("/api/v1/moderation/comments", "/api/v1/moderation/summary", "/api/v1/moderation/reasons?site=paper")
HEALTH = ("/healthz", "/readyz", "/metrics")


@pytest.fixture
async def web(start_web: StartWeb, make_site: MakeSite) -> WebProcess:
    web = await start_web()
    await make_site("paper")
    return web


@asynccontextmanager
async def locked(database_url: str, table: str) -> AsyncIterator[None]:
    """Somebody else holds that table, and every statement that writes to it waits."""
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def all_taken(pool: Pool) -> AsyncIterator[None]:
    """Every connection of that pool is in use."""
    async with AsyncExitStack() as held:
        for _ in range(pool.get_max_size()):
            await held.enter_async_context(pool.acquire())
        yield


async def are_answered(web: WebProcess, paths: tuple[str, ...], **headers: str) -> None:
    for path in paths:
        web.forget_sites()
        web.services.questions.forget()
        assert (await get(web.client, path, **headers)).status == 200, path


async def test_a_flood_of_submissions_behind_a_lock_keeps_nobody_else_out(
    web: WebProcess, database_url: str, make_token: MakeToken
) -> None:
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}
    submissions, over = web.services.pools.submissions, asyncio.Event()
    async with locked(database_url, "submission_key"):
        flood = [asyncio.create_task(_send_until(over, web, n)) for n in range(pools.SUBMISSIONS * 3)]
        await until(lambda: _is_full(submissions))
        await are_answered(web, (*READ, *HEALTH))
        await are_answered(web, DESK, **bearer)
        over.set()
        answers = [answer for part in await asyncio.gather(*flood) for answer in part]
    assert {answer.status for answer in answers} == {503}
    assert all(5 <= int(answer.headers["Retry-After"]) < 10 for answer in answers)
    form = page_of(next(answer for answer in answers if "html" in answer.headers["Content-Type"]))
    assert form.typed()["comment"] == reply()["comment"]
    assert (await post(web.client, reply())).status == 202


async def test_readers_who_take_every_connection_of_theirs_keep_nobody_else_out(
    web: WebProcess, make_token: MakeToken
) -> None:
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}
    async with all_taken(web.services.readers):
        await are_answered(web, DESK, **bearer)
        await are_answered(web, HEALTH)
        assert (await post(web.client, reply())).status == 202
        refused = await get(web.client, READ[0])
        assert (refused.status, "Retry-After" in refused.headers) == (503, True)


async def test_moderators_who_take_every_connection_of_theirs_keep_no_reader_out(
    web: WebProcess, make_token: MakeToken
) -> None:
    async with all_taken(web.services.moderation):
        await are_answered(web, (*READ, *HEALTH))
        assert (await post(web.client, reply())).status == 202


async def test_readiness_needs_no_connection_that_others_use_and_one_at_most(
    web: WebProcess, database: asyncpg.Connection
) -> None:
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'replydesk-operations'"
        " AND datname = current_database()"
    )
    async with AsyncExitStack() as held:
        for name, pool in web.services.pools.by_name().items():
            if name != "operations":
                await held.enter_async_context(all_taken(pool))
        answers = await asyncio.gather(*(get(web.client, "/readyz") for _ in range(30)))
    assert {answer.status for answer in answers} == {200}
    assert await database.fetchval(asked) == 1


async def test_figures_behind_a_lock_do_not_make_the_process_unready(
    web: WebProcess, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE comment IN ACCESS EXCLUSIVE MODE")
            figures = [asyncio.create_task(get(web.client, "/metrics")) for _ in range(10)]
            await until(lambda: _is_used(web.services.pools.operations))
            assert (await get(web.client, "/readyz")).status == 200
            assert {answer.status for answer in await asyncio.gather(*figures)} == {200}
    finally:
        await connection.close()


async def test_the_figures_tell_how_full_each_pool_is(web: WebProcess) -> None:
    async with all_taken(web.services.readers):
        figures = (await get(web.client, "/metrics")).text
    assert f'replydesk_pool_connections{{pool="readers",state="in_use"}} {pools.READERS}.0' in figures
    assert f'replydesk_pool_connections{{pool="readers",state="most"}} {pools.READERS}.0' in figures
    assert 'replydesk_pool_connections{pool="moderation",state="in_use"} 0.0' in figures


def test_three_web_processes_and_their_workers_fit_into_postgres() -> None:
    worker = 2 * 3 + 4  # two processes with three connections, a patrol, a process that it starts
    reserve = 5  # a migration, a dump, an operator with psql
    most = int(SETTINGS["max_connections"])
    assert 3 * pools.CONNECTIONS + 2 * worker + reserve <= most - 3  # three are kept for superusers


def test_whoever_comes_back_comes_after_five_seconds_and_not_with_all_the_others() -> None:
    waits = [int(retry_after()["Retry-After"]) for _ in range(200)]
    assert set(waits) == {5, 6, 7, 8, 9}


def _refusals() -> Iterator[tuple[str, str]]:
    reference = Reference(openapi_document("https://talk.example"))
    for name in reference.operations:
        for status, response in reference.responses(name).items():
            if status in {"429", "503"}:
                header = reference.resolved(response["headers"].get("Retry-After", {"required": False}))
                yield f"{name} {status}", header["required"]


def test_every_429_and_503_of_the_reference_says_when_to_come_back() -> None:
    found = dict(_refusals())
    assert len(found) > 10
    assert [name for name, required in found.items() if not required] == []


async def _send_until(over: asyncio.Event, web: WebProcess, number: int) -> list[Answer]:
    """One of a flood: sends again as soon as it is refused."""
    answers = []
    while not over.is_set():
        sent = post(web.client, reply(author=f"M{number}"), ("json", "form")[number % 2])
        answers.append(await sent)
    return answers


async def _is_full(pool: Pool) -> bool:
    return pool.get_size() == pool.get_max_size() and pool.get_idle_size() == 0


async def _is_used(pool: Pool) -> bool:
    return pool.get_size() > pool.get_idle_size()
