"""A reply that is sent again, by a retry, a double click or a reload, is one reply."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.harness import COMMENT, ORIGIN, MakeSite, StartWeb, WebProcess
from tests.web.sending import KINDS, Answer, post, reply

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture(autouse=True)
async def _sites(make_site: MakeSite) -> None:
    await make_site("paper")
    await make_site("gazette")


async def count(database: asyncpg.Connection) -> int:
    return int(await database.fetchval("SELECT count(*) FROM comment"))


async def age_keys(database: asyncpg.Connection, by: str) -> None:
    """As if what was remembered had been sent that much earlier."""
    await database.execute(f"UPDATE submission_key SET submitted_at = submitted_at - interval '{by}'")  # noqa: S608


def told(answer: Answer) -> tuple[Any, ...]:
    return (answer.status, answer.headers.get("Location") or answer.json)


async def test_the_same_key_gets_the_first_answer_again(
    client: ClientSession, database: asyncpg.Connection
) -> None:
    first = await post(client, COMMENT, headers=KEY)
    again = await post(client, COMMENT, headers=KEY)
    by_field = await post(client, reply(submission_key=KEY["Idempotency-Key"]))
    assert told(first) == told(again) == told(by_field)
    assert await count(database) == 1


@pytest.mark.parametrize("kind", ["form", "multipart"])
async def test_a_form_with_the_same_key_is_led_to_the_same_receipt(
    client: ClientSession, database: asyncpg.Connection, kind: str
) -> None:
    fields = reply(submission_key="k")
    assert told(await post(client, fields, kind)) == told(await post(client, fields, kind))
    assert await count(database) == 1


async def test_another_body_under_the_key_is_refused_to_a_program(
    client: ClientSession, database: asyncpg.Connection
) -> None:
    await post(client, COMMENT, headers=KEY)
    for changes in ({"comment": "Another."}, {"email": "other@reader.example"}, {"author": "M"}):
        answer = await post(client, reply(**changes), headers=KEY)
        assert (answer.status, answer.is_problem("idempotency-key-reused")) == (422, True)
    assert await count(database) == 1


@pytest.mark.parametrize("kind", ["form", "multipart"])
async def test_another_body_under_the_key_of_a_form_is_a_new_reply(
    client: ClientSession, database: asyncpg.Connection, kind: str
) -> None:
    first = await post(client, reply(submission_key="k"), kind)
    second = await post(client, reply(submission_key="k", comment="Changed."), kind)
    assert {first.status, second.status} == {303}
    assert first.headers["Location"] != second.headers["Location"]
    again = await post(client, reply(submission_key="k", comment="Changed."), kind)
    assert told(again) == told(second)
    assert await count(database) == 2


async def test_a_key_belongs_to_its_site(client: ClientSession, database: asyncpg.Connection) -> None:
    await post(client, COMMENT, headers=KEY)
    other = await post(client, reply(comment="Another."), site="gazette", headers=KEY)
    assert other.status == 202
    assert await count(database) == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_ten_at_once_under_one_key_are_one(
    client: ClientSession, database: asyncpg.Connection, kind: str
) -> None:
    answers = await asyncio.gather(*(post(client, reply(submission_key="k"), kind) for _ in range(10)))
    assert len({str(told(answer)) for answer in answers}) == 1
    assert answers[0].status in {202, 303}
    assert await count(database) == 1


async def test_of_ten_bodies_at_once_under_one_key_one_is_taken(
    client: ClientSession, database: asyncpg.Connection
) -> None:
    answers = await asyncio.gather(
        *(post(client, reply(comment=f"Number {n}."), headers=KEY) for n in range(10))
    )
    assert Counter(answer.status for answer in answers) == {202: 1, 422: 9}
    assert await count(database) == 1


async def test_two_processes_know_the_same_keys(
    start_web: Any, client: ClientSession, web_app: WebProcess, database: asyncpg.Connection
) -> None:
    same = {"signing_keys": web_app.settings.signing_keys, "public_url": web_app.url}
    other = await start_web(**same)
    clients = [client, ClientSession(f"http://127.0.0.1:{other.settings.port}")] * 5
    try:
        answers = await asyncio.gather(*(post(one, COMMENT, headers=KEY) for one in clients))
    finally:
        await clients[1].close()
    assert len({str(told(answer)) for answer in answers}) == 1
    assert await count(database) == 1


async def test_a_key_is_remembered_for_a_day(client: ClientSession, database: asyncpg.Connection) -> None:
    first = await post(client, COMMENT, headers=KEY)
    await age_keys(database, "23 hours 59 minutes")
    assert told(await post(client, COMMENT, headers=KEY)) == told(first)
    await age_keys(database, "2 minutes")
    assert told(await post(client, COMMENT, headers=KEY)) != told(first)
    assert await count(database) == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_without_a_key_the_same_reply_within_a_minute_is_one(
    client: ClientSession, database: asyncpg.Connection, kind: str
) -> None:
    answers = await asyncio.gather(*(post(client, COMMENT, kind) for _ in range(5)))
    answers.append(await post(client, reply(email="MINA@Reader.Example", page_url=ORIGIN + "/ferry#x"), kind))
    assert len({str(told(answer)) for answer in answers}) == 1
    await age_keys(database, "59 seconds")
    assert told(await post(client, COMMENT, kind)) == told(answers[0])
    await age_keys(database, "2 seconds")
    assert told(await post(client, COMMENT, kind)) != told(answers[0])
    assert await count(database) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"comment": "The ferry was late again!"},
        {"author": "Nora"},
        {"email": "nora@reader.example"},
        {"page_url": ORIGIN + "/other"},
    ],
)
async def test_without_a_key_another_reply_is_another(
    client: ClientSession, database: asyncpg.Connection, changes: dict[str, str]
) -> None:
    await post(client, COMMENT)
    assert (await post(client, reply(**changes))).status == 202
    assert await count(database) == 2


async def test_a_guessed_address_does_not_bring_the_first_answer_elsewhere(
    start_web: StartWeb, database: asyncpg.Connection
) -> None:
    web = await start_web(trusted_proxies="127.0.0.0/8")
    author, stranger = ({"X-Forwarded-For": ip} for ip in ("192.0.2.1", "198.51.100.1"))
    first = await post(web.client, COMMENT, headers=author)
    assert told(await post(web.client, COMMENT, headers=author)) == told(first)
    right, wrong = [
        await post(web.client, reply(email=email), headers=stranger)
        for email in (COMMENT["email"], "nora@reader.example")
    ]
    assert len({answer.json["id"] for answer in (first, right, wrong)}) == 3
    assert await count(database) == 3


async def test_two_keys_are_two_replies(client: ClientSession, database: asyncpg.Connection) -> None:
    for key in ("a", "b"):
        assert (await post(client, COMMENT, headers={"Idempotency-Key": key})).status == 202
    assert await count(database) == 2


async def test_a_refused_reply_uses_no_key_up(client: ClientSession) -> None:
    assert (await post(client, reply(email="no"), headers=KEY)).status == 422
    assert (await post(client, COMMENT, headers=KEY)).status == 202


@pytest.mark.parametrize("key", ["k" * 201, "k\u00fc", "a\tb"])
async def test_an_unusable_key_is_refused(client: ClientSession, key: str) -> None:
    answer = await post(client, COMMENT, headers={"Idempotency-Key": key})
    assert (answer.status, answer.is_problem("idempotency-key-invalid")) == (400, True)
    by_field = await post(client, reply(submission_key=key))
    assert by_field.status == 422
    assert set(by_field.faults) == {"submission_key"}


async def test_the_first_answer_comes_again_whatever_became_of_the_reply(
    client: ClientSession, check_all: Any
) -> None:
    first = await post(client, COMMENT, headers=KEY)
    await check_all()
    assert told(await post(client, COMMENT, headers=KEY)) == told(first)
