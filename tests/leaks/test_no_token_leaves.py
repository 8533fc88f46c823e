"""Of a sign-in through the provider nothing that opens anything stands in an answer, log, queue or table."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from aiohttp import ClientSession, CookieJar, web
from yarl import URL

from service.embedded.postgres import Postgres
from service.storage import identities, moderators, passwords
from tests.equipment.openid_provider import CLIENT_ID, OpenIdProvider
from tests.leaks.conftest import StartProcess
from tests.leaks.markers import shapes_of_secret
from tests.leaks.outside import Outside
from tests.leaks.places import Search, is_ready, log_leaks, queue_leaks, table_leaks, until
from tests.web.harness import MakeSite

RETURN = "/dashboard/oidc/return"
SECRET = "the client's secret, q7x-q7x"
SUBJECT = "staff-q7x-0042-q7x"


class Browser:
    """One that remembers what it, and the provider behind it, were told."""

    def __init__(self, outside: Outside, provider: OpenIdProvider) -> None:
        self.outside, self.provider = outside, provider
        self.ways: list[str] = []  # state, nonce, sealed cookie: the browser's own, but no log's
        self.codes: list[str] = []

    async def begin(self) -> str:
        """Where the provider sends it back to."""
        client = self.outside.client
        async with client.get("/dashboard/oidc", allow_redirects=False) as response:
            assert response.status == 303
            to_provider = response.headers["Location"]
            self.ways.append(response.cookies["replydesk_oidc"].value)
        asked = parse_qs(urlsplit(to_provider).query)
        self.ways += asked["state"] + asked["nonce"]
        async with client.get(URL(to_provider, encoded=True), allow_redirects=False) as response:
            back = response.headers["Location"]
        self.codes += parse_qs(urlsplit(back).query)["code"]
        return f"{RETURN}?{urlsplit(back).query}"

    async def come(self, expected: set[int], back: str | None = None) -> None:
        path = back or await self.begin()
        status, _ = await self.outside.ask("GET", path)
        assert status in expected, (path[:60], status)


def searching(secrets: dict[str, list[str]]) -> Search:
    """Finds any of them in any shape."""
    needles = {
        (kind, needle) for kind, found in secrets.items() for one in found for needle in shapes_of_secret(one)
    }

    def search(place: str, haystack: bytes) -> list[str]:
        low = haystack.lower()
        return [f"{place}: {kind} as {needle[:30]!r}" for kind, needle in needles if needle in low]

    return search


def answering(status: int, text: str, kind: str = "application/json") -> Callable[..., Any]:
    """A provider that repeats to us whatever we sent."""

    async def answer(request: web.Request) -> web.Response:
        sent = (await request.read()).decode()
        repeated = text % (sent.replace("&", " "), request.headers.get("Authorization", ""))
        return web.Response(status=status, text=repeated, content_type=kind)

    return answer


FAULTS = [
    answering(400, '{"error": "invalid_grant", "error_description": "%s %s"}'),
    answering(400, '{"error": "invalid_client", "error_description": "%s %s"}'),
    answering(200, '{"id_token": "%s.%s"}'),
    answering(200, '{"id_token": ["%s", "%s"]}'),
    answering(200, "%s %s"),
    answering(200, "<p>%s %s", "text/html"),
    answering(401, '{"error": "%s %s"}'),
    answering(500, "%s %s", "text/plain"),
]


@pytest.mark.timeout(120)
async def test_no_token_leaves(
    database: asyncpg.Connection, database_url: str, redis_url: str, embedded_postgres: Postgres, port: int,
    start_process: StartProcess, make_site: MakeSite,
) -> None:  # fmt: skip
    name = database_url.rpartition("/")[2].partition("?")[0]
    await database.execute(f'ALTER DATABASE "{name}" SET log_min_duration_statement = 0')
    await make_site("paper")
    log_from = embedded_postgres.log.stat().st_size
    async with OpenIdProvider(subject=SUBJECT, secret=SECRET) as provider:
        ruth = await moderators.ensure_moderator(database, "Ruth")
        await passwords.set_access(database, ruth, "moderator", None)
        assert await identities.link(database, ruth, provider.issuer, provider.subject)
        log = start_process(
            "web", DATABASE_URL=database_url, REPLYDESK_LIMIT_NETWORK="off",
            REPLYDESK_LIMIT_SIGN_IN="900/300", REPLYDESK_OIDC_ISSUER=provider.issuer,
            REPLYDESK_OIDC_CLIENT_ID=CLIENT_ID, REPLYDESK_OIDC_CLIENT_SECRET=SECRET,
            REPLYDESK_OUTBOUND_NETWORKS="127.0.0.0/8",
        )  # fmt: skip
        async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True)) as client:
            browser = Browser(Outside(client), provider)
            await until(lambda: is_ready(client))
            await come_in_every_way(browser, database)
            [session] = [one.value for one in client.cookie_jar if one.key == "replydesk_session"]
            for path in ("/metrics", "/dashboard", "/openapi.json", "/dashboard/settings"):
                await browser.outside.ask("GET", path)
    assert {200, 401, 403, 500, 503} <= set(browser.outside.statuses)
    assert provider.verifiers
    assert len(provider.tokens) > 3
    parts = [part for token in provider.tokens for part in token.split(".")[1:] if part]
    opens = {
        "code": browser.codes, "verifier": provider.verifiers, "token": provider.tokens + parts,
        "access token": [provider.access_token], "client secret": [SECRET],
    }  # fmt: skip
    in_answers = searching(opens)
    anywhere = searching(opens | {"session": [session], "way": browser.ways})
    in_logs = searching(opens | {"session": [session], "way": browser.ways, "subject": [SUBJECT]})
    found = [leak for place, heard in browser.outside.heard for leak in in_answers("an answer", heard)]
    found += log_leaks(log, in_logs)
    found += queue_leaks(redis_url, in_logs)
    found += await table_leaks(database, anywhere)
    postgres_log = embedded_postgres.log.read_bytes()[log_from:]
    assert b"INSERT INTO moderator_session" in postgres_log  # it is as talkative as it was told to be
    found += anywhere("the log of Postgres", postgres_log)
    assert found == []


async def come_in_every_way(browser: Browser, database: asyncpg.Connection) -> None:
    """It works, or one thing is wrong: the code, the answer, the token, the link, our storage."""
    provider = browser.provider
    await browser.come({401}, (await browser.begin()).replace("state=", "state=x"))
    back = await browser.begin()
    await browser.come({200}, back)
    await browser.come({401}, back)
    for fault in FAULTS:
        provider.answer = fault
        await browser.come({401, 503})
    provider.answer = None
    for wrong in ({"nonce": "another"}, {"aud": "another"}, {"exp": 1}, {"sub": "nobody-q7x-nobody"}):
        provider.spoil = lambda claims, wrong=wrong: claims | wrong  # type: ignore[misc]
        await browser.come({401, 403})
    provider.spoil = lambda claims: claims
    await database.execute("ALTER TABLE moderator_session RENAME COLUMN digest TO gone")
    await browser.come({500, 503})
    await database.execute("ALTER TABLE moderator_session RENAME COLUMN gone TO digest")
    await browser.come({200})


def test_the_search_finds_a_secret_in_each_of_its_shapes() -> None:
    import base64

    search = searching({"secret": [SECRET]})
    pair = f"{CLIENT_ID}:{SECRET}".encode()
    for shown in (SECRET.encode(), SECRET.encode().hex().encode(), base64.b64encode(pair)):
        assert search("here", b"before " + shown + b" behind"), shown
    assert search("here", b"the client's secret is not told") == []
