"""A session begins with a secret of its own and ends on the server, whatever the browser keeps (R15)."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.storage import passwords, sessions
from service.tokens import new_secret
from tests.web.browsing import (
    MakeModerator,
    cookie_of,
    csrf_of,
    forms,
    is_in,
    queue,
    send,
    sign_in,
    sign_in_as,
    status_of,
)  # fmt: skip
from tests.web.harness import COMMENT, PAGE, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, get, page_of


@pytest.fixture(params=["token", "password"])
async def signed_in(
    request: pytest.FixtureRequest, client: ClientSession, make_token: MakeToken,
    make_moderator: MakeModerator, held: str,
) -> ClientSession:  # fmt: skip
    """A browser that came in one way or the other, as Ruth."""
    if request.param == "token":
        answer = await sign_in(client, await make_token("moderator", name="Ruth"))
    else:
        await make_moderator("Ruth")
        answer = await sign_in_as(client, "Ruth")
    assert answer.status == 303
    return client


async def test_a_token_is_exchanged_for_a_session(client: ClientSession, make_token: MakeToken) -> None:
    token = await make_token("viewer")
    way_in = page_of(await get(client, "/dashboard"))
    assert [one.get("type") for one in way_in.all("input") if one.get("name") == "token"] == ["password"]
    answer = await sign_in(client, f"  {token}\n")
    assert (answer.status, answer.headers["Location"]) == (303, "/dashboard")
    assert cookie_of(answer).value != token
    assert "Ruth" in (await queue(client)).text


def about(answer: Answer) -> tuple[Any, ...]:
    morsel = cookie_of(answer)
    names = ("httponly", "samesite", "secure", "path", "domain", "max-age")
    return morsel.key, *(morsel[name] for name in names)


async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    client: ClientSession, make_token: MakeToken
) -> None:
    answer = await sign_in(client, await make_token("viewer"))
    assert about(answer) == ("replydesk_session", True, "Strict", "", "/dashboard", "", "43200")


async def test_over_tls_the_cookie_is_bound_to_the_host(start_web: StartWeb, make_token: MakeToken) -> None:
    web = await start_web(public_url="https://talk.paper.example")
    async with ClientSession(f"http://127.0.0.1:{web.settings.port}") as behind:
        answer = await sign_in(behind, await make_token("viewer"))
    assert about(answer) == ("__Host-replydesk", True, "Strict", True, "/", "", "43200")


async def test_each_sign_in_makes_a_new_secret_and_ends_the_session_before_it(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    token = await make_token("viewer")
    secrets = [cookie_of(await sign_in(client, token)).value for _ in range(3)]
    assert len(set(secrets)) == 3
    assert all(len(secret) >= 43 for secret in secrets)
    assert await database.fetchval("SELECT count(*) FROM moderator_session") == 1


async def test_a_secret_that_was_brought_along_is_not_made_into_a_session(
    client: ClientSession, make_token: MakeToken
) -> None:
    planted = {"Cookie": f"replydesk_session={new_secret()}"}
    answer = await sign_in(client, await make_token("viewer"), **planted)
    assert cookie_of(answer).value not in planted["Cookie"]
    client.cookie_jar.clear()
    assert not await is_in(client, **planted)


async def test_signing_out_ends_the_session_on_the_server_too(signed_in: ClientSession) -> None:
    [cookie] = list(signed_in.cookie_jar)
    answer = await send(signed_in, "/dashboard/sign-out", {"csrf": csrf_of(await queue(signed_in))})
    assert (answer.status, cookie_of(answer)["max-age"], cookie_of(answer).value) == (303, "0", "")
    signed_in.cookie_jar.clear()
    again = await get(signed_in, "/dashboard", Cookie=f"{cookie.key}={cookie.value}")
    assert COMMENT["comment"] not in again.text


ENDS = {
    "its time is over": "UPDATE moderator_session SET expires_at = clock_timestamp()",
    "it was idle": "UPDATE moderator_session SET last_used_at = clock_timestamp() - interval '2 hours'",
    "its token was revoked": "UPDATE moderator_token SET revoked_at = clock_timestamp()",
    "its token expired": "UPDATE moderator_token SET expires_at = clock_timestamp()",
    "the person was disabled": "UPDATE moderator SET disabled_at = clock_timestamp()",
    "the person may do nothing any more": "DELETE FROM moderator_access",
    "the password was taken away": "DELETE FROM moderator_password",
}
OF_ONE = {
    "token": {"its token was revoked", "its token expired"},
    "password": {"the person may do nothing any more", "the password was taken away"},
}


@pytest.mark.parametrize("why", list(ENDS))
async def test_a_session_is_over_with_the_next_request_when(
    request: pytest.FixtureRequest, signed_in: ClientSession, database: asyncpg.Connection, why: str
) -> None:
    by = request.node.callspec.params["signed_in"]
    other = OF_ONE["password" if by == "token" else "token"]
    [form] = forms(await queue(signed_in))
    await database.execute(ENDS[why])
    is_over = why not in other
    assert await is_in(signed_in) is not is_over
    decided = await send(signed_in, "/dashboard/decide", form | {"action": "approve"})
    assert decided.status == (401 if is_over else 303)


async def test_use_keeps_a_session_and_nothing_keeps_it_beyond_its_time(
    signed_in: ClientSession, database: asyncpg.Connection
) -> None:
    await database.execute("UPDATE moderator_session SET last_used_at = now() - interval '119 minutes'")
    assert await is_in(signed_in)
    row = await database.fetchrow(
        "SELECT now() - last_used_at AS idle, expires_at - created_at AS lasts FROM moderator_session"
    )
    assert row["idle"] < timedelta(minutes=1)
    assert row["lasts"] <= timedelta(hours=12, seconds=1)


async def test_a_new_password_and_a_disabling_end_every_session_of_that_person_and_no_other(
    start_web: StartWeb, make_token: MakeToken, make_moderator: MakeModerator,
    database: asyncpg.Connection,
) -> None:  # fmt: skip
    ruth, nora = await make_moderator("Ruth"), await make_moderator("Nora")
    for end in (lambda: passwords.set_password(database, ruth, "$argon2id$other"),
                lambda: passwords.disable(database, ruth)):  # fmt: skip
        browsers = [await start_web() for _ in range(3)]
        by_token, by_password, other = (web.client for web in browsers)
        await make_moderator("Ruth")
        await sign_in(by_token, await make_token("moderator", name="Ruth"))
        await sign_in_as(by_password, "Ruth")
        await sign_in_as(other, "Nora")
        assert [await is_in(one) for one in (by_token, by_password, other)] == [True, True, True]
        await end()
        assert [await is_in(one) for one in (by_token, by_password, other)] == [False, False, True]
    assert nora != ruth


async def test_a_disabled_persons_tokens_are_refused_everywhere_at_once(
    client: ClientSession, make_token: MakeToken, make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    ruth, token = await make_moderator("Ruth"), await make_token("admin", name="Ruth")
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await get(client, "/api/v1/moderation/summary", **bearer)).status == 200
    await passwords.disable(database, ruth)
    assert (await get(client, "/api/v1/moderation/summary", **bearer)).status == 401
    await passwords.enable(database, ruth)
    assert (await get(client, "/api/v1/moderation/summary", **bearer)).status == 401
    assert (await sign_in(client, token)).status == 401
    assert (await sign_in_as(client, "Ruth")).status == 303


async def test_a_disabled_person_has_no_password_and_gets_no_session(
    make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    """Each by itself: a sign-in may have begun before the person was disabled."""
    ruth = await make_moderator("Ruth")
    kept = await passwords.find_password(database, "Ruth")
    assert kept is not None
    await passwords.disable(database, ruth)
    assert await passwords.find_password(database, "Ruth") is None
    lasts = timedelta(hours=1)
    assert not await sessions.insert_session_of_person(database, b"x", ruth, kept=kept.hash, lasts=lasts)


async def test_disabling_alone_shuts_out_a_token_that_somebody_forgot_to_revoke(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    bearer = {"Authorization": f"Bearer {await make_token('admin')}"}
    await database.execute("UPDATE moderator SET disabled_at = clock_timestamp()")
    assert (await get(client, "/api/v1/moderation/summary", **bearer)).status == 401


async def test_a_demoted_moderator_and_one_taken_off_a_site_are_so_with_the_next_request(
    client: ClientSession, make_site: MakeSite, make_moderator: MakeModerator, held: str,
    database: asyncpg.Connection,
) -> None:  # fmt: skip
    gazette = await make_site("gazette")
    ruth = await make_moderator("Ruth", role="moderator", sites_named=("paper",))
    await sign_in_as(client, "Ruth")
    [form] = forms(await queue(client))
    paper = await database.fetchval("SELECT id FROM site WHERE slug = 'paper'")
    await passwords.set_access(database, ruth, "viewer", [paper])
    assert forms(await queue(client)) == []
    assert (await send(client, "/dashboard/decide", form | {"action": "approve"})).status == 403
    await passwords.set_access(database, ruth, "moderator", [gazette.id])
    assert COMMENT["comment"] not in (await queue(client)).text
    answer = await send(client, "/dashboard/decide", form | {"action": "approve"})
    assert "comment-not-found" in answer.headers["Location"]


async def test_a_role_counts_at_its_own_site_and_at_no_other(
    client: ClientSession, make_site: MakeSite, make_moderator: MakeModerator, held: str,
    database: asyncpg.Connection,
) -> None:  # fmt: skip
    gazette = await make_site("gazette")
    ruth = await make_moderator("Ruth", role="viewer", sites_named=("paper",))
    await passwords.set_role_at(database, ruth, "admin", [gazette.id])
    await sign_in_as(client, "Ruth")
    page = await queue(client)
    assert COMMENT["comment"] in page.text
    form = {"csrf": csrf_of(page), "id": held, "version": "2", "action": "approve"}
    answer = await send(client, "/dashboard/decide", form)
    assert (answer.status, "role-too-low" in answer.headers["Location"]) == (303, True)
    assert await status_of(database, held) == "held"
    await passwords.set_role_at(database, ruth, "moderator", [await _site_id(database, "paper")])
    await send(client, "/dashboard/decide", form)
    assert await status_of(database, held) == "published"


async def _site_id(database: asyncpg.Connection, slug: str) -> int:
    return int(await database.fetchval("SELECT id FROM site WHERE slug = $1", slug))


async def test_a_session_of_a_token_for_this_machine_works_from_here_alone(
    start_web: StartWeb, make_token: MakeToken
) -> None:
    web = await start_web(trusted_proxies="127.0.0.0/8")
    await sign_in(web.client, await make_token("admin", loopback_only=True))
    assert await is_in(web.client)
    assert not await is_in(web.client, **{"X-Forwarded-For": "192.0.2.1"})


async def test_sessions_and_tokens_are_kept_as_digests(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    token = await make_token("viewer")
    secret = cookie_of(await sign_in(client, token)).value
    for table in ("moderator_session", "moderator_token"):
        for row in await database.fetch(f"SELECT t::text AS row FROM {table} AS t"):  # noqa: S608
            assert secret not in row["row"]
            assert token not in row["row"]


async def test_the_public_thread_ignores_the_session(signed_in: ClientSession, held: str) -> None:
    [cookie] = list(signed_in.cookie_jar)
    sent = {"Cookie": f"{cookie.key}={cookie.value}"}
    answer = await get(signed_in, "/sites/paper/thread", {"page_url": PAGE}, **sent)
    assert COMMENT["comment"] not in answer.text


async def test_a_sign_in_that_meets_a_change_of_the_password_opens_nothing(
    web_app: WebProcess, make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    """The change waits for nobody: who compared with the old hash before it comes too late after it."""
    ruth = await make_moderator("Ruth")
    compared, go_on = asyncio.Event(), asyncio.Event()
    compare = web_app.services.passwords.compare

    class Slow:
        turn = contextlib.nullcontext

        async def compare(self, kept: str | None, password: str) -> Any:
            result = await compare(kept, password)
            compared.set()
            await go_on.wait()
            return result

        def close(self) -> None:
            pass

    theirs, web_app.services.passwords = web_app.services.passwords, Slow()  # type: ignore[assignment]
    signing_in = asyncio.create_task(sign_in_as(web_app.client, "Ruth"))
    await compared.wait()
    await passwords.set_password(database, ruth, "$argon2id$other")
    go_on.set()
    answer = await signing_in
    theirs.close()
    assert (answer.status, "Set-Cookie" in answer.headers) == (401, False)
    assert await database.fetchval("SELECT count(*) FROM moderator_session") == 0
