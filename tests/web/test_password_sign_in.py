"""A name and a password open the desk, and neither guessing nor asking who is there gets anybody anywhere."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
import structlog
from aiohttp import ClientSession
from argon2 import PasswordHasher

from service.passwords import PasswordHash
from service.storage import passwords
from service.web.password_checker import AT_ONCE, WAITING, PasswordChecker, TooBusy
from tests.web.browsing import PASSWORD, MakeModerator, is_in, queue, send, sign_in, sign_in_as
from tests.web.harness import COMMENT, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, get, page_of, read

ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}


async def test_a_name_and_a_password_open_the_desk(
    client: ClientSession, make_moderator: MakeModerator, held: str
) -> None:
    await make_moderator("Ruth", role="viewer")
    way_in = page_of(await get(client, "/dashboard"))
    asked = {node.get("name"): node.get("autocomplete") for node in way_in.all("input")}
    assert asked.pop("code") == "one-time-code"
    assert asked == {"name": "username", "password": "current-password", "token": "off"}
    answer = await sign_in_as(client, " Ruth ")
    assert (answer.status, answer.headers["Location"]) == (303, "/dashboard")
    page = await queue(client)
    assert "Ruth viewer" in page.text
    assert COMMENT["comment"] in page.text


async def test_a_password_opens_the_sites_that_it_is_for(
    client: ClientSession, make_site: MakeSite, make_moderator: MakeModerator, held: str
) -> None:
    await make_site("gazette")
    await make_moderator("Ruth", sites_named=("gazette",))
    await sign_in_as(client, "Ruth")
    assert await is_in(client)
    assert COMMENT["comment"] not in (await queue(client)).text
    assert COMMENT["comment"] not in (await queue(client, site="paper")).text


@pytest.mark.parametrize("field", ["name", "password", "token"])
async def test_what_no_form_can_send_is_not_read(client: ClientSession, field: str) -> None:
    fields = {"name": "Ruth", "password": PASSWORD} | {
        field: "\ud800"
    }  # half a character, which JSON can carry
    answer = await read(await client.post("/dashboard/sign-in", json=fields))
    assert answer.status == 415


def told(answer: Answer, name: str) -> tuple[Any, ...]:
    """All that a stranger learns; the name as typed is left out."""
    changing = {"Date", "X-Request-ID"}
    headers = {
        key: value for key, value in answer.headers.items() if key not in changing | {"Content-Length"}
    }
    return answer.status, headers, answer.text.replace(f'value="{name}"', 'value=""')


@pytest.mark.parametrize(
    "why", ["a wrong password", "an unknown name", "no password", "disabled", "no role anywhere"]
)
async def test_whoever_is_not_let_in_is_not_told_why(
    client: ClientSession, make_moderator: MakeModerator, make_token: MakeToken,
    database: asyncpg.Connection, why: str,
) -> None:  # fmt: skip
    await make_moderator("Alice")
    reference = told(await sign_in_as(client, "Alice", "another password"), "Alice")
    name, password = "Ruth", PASSWORD
    if why == "a wrong password":
        await make_moderator(name)
        password = "quite another one"
    elif why == "no password":
        await make_token("admin", name=name)
    elif why == "disabled":
        await passwords.disable(database, await make_moderator(name))
    elif why == "no role anywhere":
        await make_moderator(name)
        await database.execute("DELETE FROM moderator_access")
    answer = await sign_in_as(client, name, password)
    assert told(answer, name) == reference
    assert answer.status == 401
    assert "Set-Cookie" not in answer.headers


async def test_an_unknown_name_is_as_much_work_as_a_known_one(
    web_app: WebProcess, make_moderator: MakeModerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_moderator("Ruth")
    compared: list[str] = []
    fits = PasswordHash.fits

    def note(self: PasswordHash, kept: str, password: str) -> bool:
        compared.append(kept.rpartition("$")[0].rpartition("$")[0])  # algorithm and parameters
        return fits(self, kept, password)

    monkeypatch.setattr(PasswordHash, "fits", note)
    for name in ("Ruth", "Nobody", "", "x" * 5000, "ruth\x00", "\u202eRuth"):
        assert (await sign_in_as(web_app.client, name, "another password")).status == 401
    assert len(compared) == 6
    assert len(set(compared)) == 1


@pytest.mark.parametrize(
    "name", ["' OR 1=1 --", "Ruth\x00", "x" * 9000, "<script>alert(1)</script>", "%", "Rut_"]
)
async def test_a_hostile_name_is_nobodys_and_lies_inert(
    client: ClientSession, make_moderator: MakeModerator, name: str
) -> None:
    await make_moderator("Ruth")
    answer = await sign_in_as(client, name)
    assert answer.status in {400, 401}
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "password", ["", " " + PASSWORD, PASSWORD.upper(), PASSWORD + "x", "x" * 9000, "\x00"]
)
async def test_a_password_is_right_as_a_whole_or_wrong(
    client: ClientSession, make_moderator: MakeModerator, password: str
) -> None:
    await make_moderator("Ruth")
    answer = await sign_in_as(client, "Ruth", password)
    assert answer.status in {400, 401}
    assert "Set-Cookie" not in answer.headers


async def test_the_form_comes_back_with_the_name_and_without_the_password(
    client: ClientSession, make_moderator: MakeModerator
) -> None:
    await make_moderator("Ruth")
    answer = await sign_in_as(client, "Ruth", "not the right one")
    page = page_of(answer)
    assert page.by_id("name").get("value") == "Ruth"
    assert page.by_id("password").get("value") is None
    assert "not the right one" not in answer.text
    assert page.by_id("password").get("aria-describedby") == "password-error"
    assert "The name, the password or the code" in "".join(page.by_id("password-error").itertext())
    assert page.by_id("token").get("aria-invalid") is None


async def test_too_many_tries_are_told_to_wait_on_a_page_that_keeps_the_name(
    start_web: StartWeb, make_moderator: MakeModerator
) -> None:
    web = await start_web(limit_sign_in="3/600")
    await make_moderator("Ruth")
    answers = [await sign_in_as(web.client, "Ruth", "a wrong password") for _ in range(4)]
    assert [answer.status for answer in answers] == [401, 401, 401, 429]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 200
    page = page_of(answers[3])
    assert page.by_id("name").get("value") == "Ruth"
    assert "Please wait" in page.text
    assert (await sign_in_as(web.client, "Ruth")).status == 429  # the right one does not tell itself apart
    assert (await sign_in_as(web.client, "Nobody", "a wrong password")).status == 401


async def test_a_stranger_from_another_network_locks_nobody_out(
    start_web: StartWeb, make_moderator: MakeModerator
) -> None:
    web = await start_web(limit_sign_in="2/600", trusted_proxies="127.0.0.0/8")
    await make_moderator("Ruth")
    for last in range(40):  # from one network, by one name
        answer = await sign_in_as(web.client, "Ruth", "a guess", **{"X-Forwarded-For": f"192.0.2.{last}"})
    assert answer.status == 429
    for last in range(40):  # many names
        answer = await sign_in_as(web.client, f"N{last}", "a guess", **{"X-Forwarded-For": "192.0.2.7"})
    assert answer.status == 429
    assert (await sign_in_as(web.client, "Ruth", **{"X-Forwarded-For": "198.51.100.9"})).status == 303
    assert (await sign_in_as(web.client, "Ruth", **{"X-Forwarded-For": "192.0.2.200"})).status == 429


async def test_a_network_of_ipv6_is_a_64(start_web: StartWeb, make_moderator: MakeModerator) -> None:
    web = await start_web(limit_sign_in="1/600", trusted_proxies="127.0.0.0/8")
    await make_moderator("Ruth")
    for address, status in [
        ("2001:db8:1:2::1", 401),
        ("2001:db8:1:2:ffff::9", 429),
        ("2001:db8:1:3::1", 401),
    ]:
        answer = await sign_in_as(web.client, "Ruth", "a guess", **{"X-Forwarded-For": address})
        assert answer.status == status


async def test_without_redis_tries_are_limited_still_and_more_tightly(
    start_web: StartWeb, make_moderator: MakeModerator
) -> None:
    web = await start_web(limit_sign_in="4/600", redis_url="redis://127.0.0.1:1/0")
    await make_moderator("Ruth")
    answers = [await sign_in_as(web.client, "Ruth", "a guess") for _ in range(3)]
    assert [answer.status for answer in answers] == [401, 401, 429]


async def test_a_token_is_limited_by_network_alone(start_web: StartWeb, make_token: MakeToken) -> None:
    web = await start_web(limit_sign_in="1/600")
    token = await make_token("viewer")
    statuses = [(await sign_in(web.client, token)).status for _ in range(13)]
    assert statuses == [303] * 12 + [429]
    refused = await sign_in(web.client, token)
    assert page_of(refused).has_id("token-error")


async def test_sign_ins_are_counted_and_logged_without_what_was_typed(
    web_app: WebProcess, make_moderator: MakeModerator, make_token: MakeToken
) -> None:
    moderator = await make_moderator("Ruth")
    typed = ["mina.canary@reader.example", "a canary in the wrong field"]
    with structlog.testing.capture_logs() as logs:
        for name in typed:
            await sign_in_as(web_app.client, name, "canary password")
        await sign_in_as(web_app.client, "Ruth")
        await sign_in(web_app.client, "rd_canary")
    said = [line for line in logs if line["event"] in {"signed in", "sign-in refused"}]
    assert [(line["event"], line["by"]) for line in said] == [
        ("sign-in refused", "password"), ("sign-in refused", "password"), ("signed in", "password"),
        ("sign-in refused", "token"),
    ]  # fmt: skip
    assert said[2]["moderator"] == moderator
    assert "canary" not in repr(logs)
    counted = web_app.services.metrics.exposition().decode()
    assert 'replydesk_sign_ins_total{by="password",outcome="refused"} 2.0' in counted
    assert 'replydesk_sign_ins_total{by="password",outcome="accepted"} 1.0' in counted
    assert 'replydesk_sign_ins_total{by="token",outcome="refused"} 1.0' in counted
    assert "canary" not in counted


async def test_a_hash_of_old_parameters_is_made_anew_at_the_next_sign_in(
    client: ClientSession, make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    old = PasswordHash(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    await make_moderator("Ruth", hashes=old)
    kept = "SELECT hash FROM moderator_password"
    before = await database.fetchval(kept)
    assert (await sign_in_as(client, "Ruth", "not the right one")).status == 401
    assert await database.fetchval(kept) == before
    assert (await sign_in_as(client, "Ruth")).status == 303
    assert await is_in(client)
    after = await database.fetchval(kept)
    assert after.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert (await sign_in_as(client, "Ruth")).status == 303
    assert await database.fetchval(kept) == after


async def test_a_password_that_was_set_meanwhile_is_not_overwritten_by_an_old_one(
    make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    ruth = await make_moderator("Ruth")
    kept = await passwords.find_password(database, "Ruth")
    assert kept is not None
    assert PASSWORD not in repr(kept)
    assert kept.hash not in repr(kept)
    await passwords.set_password(database, ruth, "$argon2id$new")
    assert not await passwords.replace_hash(database, kept, "$argon2id$old")
    assert await database.fetchval("SELECT hash FROM moderator_password") == "$argon2id$new"


class Patient(PasswordHash):
    """Hashes that are done when the test says so."""

    go_on = threading.Event()

    def fits(self, kept: str, password: str) -> bool:
        assert self.go_on.wait(20)
        return kept == password


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  (a thread that is done tells nobody)
            await asyncio.sleep(0.01)


@pytest.fixture
async def patient() -> Any:
    made = Patient()
    Patient.go_on.clear()
    checker = PasswordChecker(made)
    yield checker
    Patient.go_on.set()
    checker.close()


async def test_more_passwords_than_fit_are_told_to_come_again_and_everything_else_goes_on(
    web_app: WebProcess, make_moderator: MakeModerator, make_token: MakeToken, patient: PasswordChecker
) -> None:
    await make_moderator("Ruth")
    web_app.services.passwords.close()
    web_app.services.passwords = patient
    waiting = [
        asyncio.create_task(sign_in_as(web_app.client, f"Name {n}", "a guess"))
        for n in range(AT_ONCE + WAITING)
    ]
    await until(lambda: patient.is_full)
    answer = await sign_in_as(web_app.client, "Ruth")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    assert page_of(answer).by_id("name").get("value") == "Ruth"
    assert (await get(web_app.client, "/healthz")).status == 200
    assert (await sign_in(web_app.client, await make_token("viewer"))).status == 303
    Patient.go_on.set()
    assert {(await one).status for one in waiting} == {401}
    assert not patient.is_full


async def test_who_gives_up_waiting_frees_no_thread(patient: PasswordChecker) -> None:
    waiting = [asyncio.create_task(patient.compare(None, "x")) for _ in range(AT_ONCE + WAITING)]
    await asyncio.sleep(0)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    with pytest.raises(TooBusy):
        await patient.compare(None, "x")
    Patient.go_on.set()
    await until(lambda: not patient.is_full)
    assert not (await patient.compare(None, "x")).fits


async def test_a_token_counts_wherever_it_was_pasted_and_before_what_a_browser_filled_in(
    client: ClientSession, make_moderator: MakeModerator, make_token: MakeToken
) -> None:
    await make_moderator("Ruth")
    token = await make_token("viewer")
    filled = {"name": "Ruth", "password": PASSWORD}
    for fields, status in [
        (filled | {"token": token}, 303),
        (filled | {"token": " "}, 303),
        (filled | {"token": "rd_wrong"}, 401),
        ({"name": "", "password": token, "token": ""}, 303),
        ({"name": "Ruth", "password": token, "token": ""}, 401),
        ({"name": "", "password": "", "token": ""}, 401),
        ({}, 401),
    ]:
        assert (await send(client, "/dashboard/sign-in", fields)).status == status, fields
