"""A client that follows the events misses nothing and is told nothing twice, however often it is cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from aiohttp import ClientResponse, ClientSession

from service.storage import events as stored
from service.storage.pool import open_pool
from service.usecases.sweep import CHORES, sweep
from service.web import events
from tests.factories import until
from tests.web.browsing import sign_in
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import get

URL = "/api/v1/moderation/events"


@dataclass(frozen=True)
class Told:
    """One event as it came."""

    id: str
    name: str
    data: dict[str, Any]


async def next_event(response: ClientResponse) -> Told:
    """The next one; comments are passed over."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(20):
        while True:
            line = (await response.content.readline()).decode()
            if not line:
                raise EOFError
            if line == "\n" and "event" in fields:
                return Told(fields["id"], fields["event"], orjson.loads(fields["data"]))
            name, _, value = line.strip("\n").partition(": ")
            fields[name] = value


@asynccontextmanager
async def following(
    client: ClientSession, token: str, last: str | None = None, **params: str
) -> AsyncIterator[ClientResponse]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last} if last is not None else {})
    async with client.get(URL, headers=headers, params=params) as response:
        assert response.status == 200, await response.text()
        yield response


async def all_since(client: ClientSession, token: str, last: str = "0", **params: str) -> list[Told]:
    """What there is behind that id."""
    found = []
    async with following(client, token, last, for_s="0", **params) as response:
        while not response.content.at_eof():
            try:
                found.append(await next_event(response))
            except EOFError:
                break
    return found


async def decide(client: ClientSession, token: str, comment_id: str, version: int = 2) -> None:
    url = f"/api/v1/moderation/comments/{comment_id}/decision"
    body = {"action": "approve", "version": version}
    async with client.post(url, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status == 200, await answer.text()


@pytest.fixture
async def token(make_site: MakeSite, make_token: MakeToken) -> str:
    await make_site("paper")
    return await make_token("moderator", ("paper",), name="Ruth")


async def test_a_comment_is_queued_and_then_decided(
    client: ClientSession, token: str, submit: Submit, check_all: CheckAll
) -> None:
    async with following(client, token) as response:
        comment_id = (await submit())["id"]
        await check_all()
        queued = await next_event(response)
        await decide(client, token, comment_id)
        decided = await next_event(response)
    assert (queued.name, queued.data["id"], queued.data["site"]) == ("queued", comment_id, "paper")
    assert (queued.data["status"], queued.data["version"], queued.data["source"]) == ("held", 2, "checks")
    assert (decided.name, decided.data["status"], decided.data["moderator"]) == (
        "decided",
        "published",
        "Ruth",
    )
    assert decided.data["page_url"] == "https://paper.example/ferry"
    assert int(queued.id) < int(decided.id)
    assert response.headers["X-Accel-Buffering"] == "no"


async def test_nothing_is_lost_or_doubled_by_a_client_that_is_cut_off_while_people_decide(
    client: ClientSession, token: str, submit: Submit, check_all: CheckAll
) -> None:
    ids = [(await submit(comment=f"The ferry was late, {n}.", author=f"M{n}"))["id"] for n in range(24)]
    await check_all()
    seen: list[Told] = []
    last = (await all_since(client, token))[-1].id

    async def people() -> None:
        turns = asyncio.Semaphore(6)

        async def one(comment_id: str) -> None:
            async with turns:
                await decide(client, token, comment_id)

        await asyncio.gather(*map(one, ids))

    working = asyncio.create_task(people())
    while len(seen) < len(ids):
        async with following(client, token, seen[-1].id if seen else last) as response:
            wanted = min(5, len(ids) - len(seen))
            seen += [await next_event(response) for _ in range(wanted)]
    await working
    assert sorted(one.data["id"] for one in seen) == sorted(ids)
    assert await all_since(client, token, seen[-1].id) == []


async def test_what_commits_after_a_later_one_is_not_skipped(
    client: ClientSession, token: str, submit: Submit, check_all: CheckAll, database_url: str
) -> None:
    first, second = [(await submit(comment=f"Late, {n}.", author=f"M{n}"))["id"] for n in range(2)]
    await check_all()
    last = (await all_since(client, token))[-1].id
    slow = await asyncpg.connect(database_url)
    try:
        transaction = slow.transaction()
        await transaction.start()
        await _reject(slow, first)
        await _reject_alone(database_url, second)
        [told] = await all_since(client, token, last)
        assert told.data["id"] == second
        await transaction.commit()
    finally:
        await slow.close()
    [late] = await all_since(client, token, told.id)
    assert late.data["id"] == first


async def _reject(connection: asyncpg.Connection, comment_id: str) -> None:
    await connection.execute(
        """
        INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)
        SELECT site_id, id, version + 1, status, 'spam', 'request', 'spam' FROM comment WHERE id = $1
        """,
        UUID(comment_id),
    )
    await connection.execute(
        "UPDATE comment SET status = 'spam', version = version + 1 WHERE id = $1", UUID(comment_id)
    )


async def _reject_alone(database_url: str, comment_id: str) -> None:
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await _reject(connection, comment_id)
    await connection.close()


async def test_nobody_is_told_of_another_site(
    client: ClientSession, token: str, make_site: MakeSite, make_token: MakeToken, submit: Submit,
    check_all: CheckAll,
) -> None:  # fmt: skip
    await make_site("gazette")
    both = await make_token("viewer", None, name="Vera")
    for site in ("gazette", "paper"):
        await submit(site)
    await check_all()
    assert {one.data["site"] for one in await all_since(client, both)} == {"paper", "gazette"}
    assert {one.data["site"] for one in await all_since(client, token)} == {"paper"}
    assert {one.data["site"] for one in await all_since(client, both, site="gazette")} == {"gazette"}
    async with following(client, token) as response:
        await submit("gazette", comment="Another one.", author="Gus")
        await submit("paper", comment="And another one.", author="Pia")
        await check_all()
        assert (await next_event(response)).data["site"] == "paper"


async def test_a_stream_ends_soon_after_its_token_was_revoked(
    client: ClientSession, token: str, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_S", 0.1)
    async with following(client, token) as response:
        await response.content.readuntil(b": still here\n")
        await database.execute("UPDATE moderator_token SET revoked_at = now()")
        async with asyncio.timeout(10):
            await response.read()


async def test_a_stream_ends_when_the_process_does(web_app: WebProcess, token: str) -> None:
    async with following(web_app.client, token) as response:
        await response.content.readline()
        await web_app.app.shutdown()
        async with asyncio.timeout(10):
            await response.read()
    await until(lambda: _is_silent(web_app))


async def _is_silent(web_app: WebProcess) -> bool:
    return web_app.services.feed.streams == 0


async def test_a_stream_survives_the_loss_of_the_database(
    client: ClientSession, token: str, submit: Submit, check_all: CheckAll, database: asyncpg.Connection
) -> None:
    async with following(client, token) as response:
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        comment_id = (await submit())["id"]
        await check_all()
        assert (await next_event(response)).data["id"] == comment_id


@pytest.mark.parametrize("last", ["999999999", "yesterday", "-1"])
async def test_an_id_that_was_never_given_is_told_to_begin_anew(
    client: ClientSession, token: str, last: str
) -> None:
    [told] = await all_since(client, token, last)
    assert (told.name, told.data) == ("reset", {})


async def test_old_events_are_dropped_and_whoever_wants_them_is_told(
    client: ClientSession, token: str, submit: Submit, check_all: CheckAll, database: asyncpg.Connection,
    database_url: str,
) -> None:  # fmt: skip
    for number in range(3):
        await submit(comment=f"Late, {number}.", author=f"M{number}")
    await check_all()
    old, newer, _ = await all_since(client, token)
    await database.execute("UPDATE event SET at = at - interval '31 days' WHERE seq <= $1", int(newer.id))
    pool = await open_pool(database_url, "replydesk_worker", size=1, name="chores")
    chores = [one for one in CHORES if one.some is stored.drop_old_events]
    assert await sweep(pool, seconds=10, chores=chores) == {"drop old events": 2}
    pool.terminate()
    assert [one.name for one in await all_since(client, token, old.id)] == ["reset"]
    assert [one.name for one in await all_since(client, token, newer.id)] == ["queued"]


async def test_the_dashboard_follows_by_its_session_and_nobody_else_does(
    client: ClientSession, token: str, submit: Submit, check_all: CheckAll
) -> None:
    assert (await get(client, "/dashboard/events")).status == 401
    await sign_in(client, token)
    async with client.get("/dashboard/events") as response:
        comment_id = (await submit())["id"]
        await check_all()
        assert (await next_event(response)).data["id"] == comment_id


async def test_a_person_has_no_more_streams_than_a_person_needs(
    client: ClientSession, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.event_feed.MOST_OF_ONE", 1)
    async with following(client, token):
        answer = await get(client, URL, Authorization=f"Bearer {token}")
        assert (answer.status, answer.is_problem("too-many-streams")) == (503, True)
        assert answer.headers["Retry-After"]
