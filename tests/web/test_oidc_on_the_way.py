"""What a browser keeps while it is at the provider, what we keep of that, and how often it may try."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from aiohttp import ClientSession

from service.outbound import oidc
from service.storage import identities
from tests.equipment.openid_provider import CLIENT_ID, OpenIdProvider
from tests.web.browsing import cookie_of, is_in, send
from tests.web.harness import StartWeb
from tests.web.oidc_door import Door, assert_refused, door, provider
from tests.web.sending import read

__all__ = ["door", "provider"]  # fixtures


async def test_each_sign_in_has_values_of_its_own(door: Door) -> None:
    seen = []
    for _ in range(3):
        asked = parse_qs(urlsplit((await door.get("/dashboard/oidc")).headers["Location"]).query)
        seen += [asked[name][0] for name in ("state", "nonce", "code_challenge")]
    assert len(set(seen)) == 9


async def test_what_the_browser_kept_is_gone_once_it_is_in(door: Door) -> None:
    await door.begin()
    assert "replydesk_oidc" in {one.key for one in door.client.cookie_jar}
    assert (await door.come()).status == 200
    assert {one.key for one in door.client.cookie_jar} == {"replydesk_session"}


async def test_over_tls_what_the_browser_keeps_is_bound_to_the_host(
    provider: OpenIdProvider, start_web: StartWeb
) -> None:
    web = await start_web(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, outbound_networks="127.0.0.0/8",
        public_url="https://talk.paper.example",
    )  # fmt: skip
    async with (
        ClientSession(f"http://127.0.0.1:{web.settings.port}") as behind,
        behind.get("/dashboard/oidc", allow_redirects=False) as response,
    ):
        cookie = cookie_of(await read(response))
    assert cookie.key == "__Host-replydesk-oidc"
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


async def test_a_sign_in_ends_the_session_that_the_browser_had(
    door: Door, database: asyncpg.Connection
) -> None:
    for _ in range(2):
        assert (await door.come()).status == 200
    assert await database.fetchval("SELECT count(*) FROM moderator_session") == 1
    assert await is_in(door.client)


async def test_a_subject_is_that_of_its_issuer(door: Door, database: asyncpg.Connection) -> None:
    """Another provider calls somebody else by the same name."""
    ruth = await database.fetchval("DELETE FROM moderator_identity RETURNING moderator_id")
    assert await identities.link(database, ruth, "https://login.other.example", door.provider.subject)
    await assert_refused(door, await door.come(), 403)


async def test_a_key_that_the_provider_withdrew_is_trusted_for_ten_minutes(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=1000.0)
    monkeypatch.setattr(oidc, "time", clock)
    assert (await door.come()).status == 200
    withdrawn = dict(door.provider.keys)
    door.provider.rotate()
    door.provider.sign = lambda _, claims: oidc.jwt.encode(
        claims, withdrawn["first"], algorithm="RS256", headers={"kid": "first"}
    )
    clock.now += 599
    assert (await door.come()).status == 200
    clock.now += 2
    assert (await door.come()).status == 401


async def test_tries_are_counted(provider: OpenIdProvider, start_web: StartWeb) -> None:
    web = await start_web(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, outbound_networks="127.0.0.0/8",
        limit_sign_in="1/300",
    )  # fmt: skip
    door = Door(provider, web, web.client)
    back = await door.begin()
    seen = {(await door.get("/dashboard/oidc")).status for _ in range(13)}
    assert seen == {303, 429}
    await assert_refused(door, await door.get(back), 401)  # a later try has taken its place
    assert (await send(web.client, "/dashboard/sign-in", {"name": "x", "password": "y"})).status == 429


async def test_answers_are_counted_too(provider: OpenIdProvider, start_web: StartWeb) -> None:
    web = await start_web(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, outbound_networks="127.0.0.0/8",
        limit_sign_in="1/300",
    )  # fmt: skip
    door = Door(provider, web, web.client)
    back = await door.begin()
    async with ClientSession(web.url) as beside:  # from the same network, in another browser
        seen = set()
        for _ in range(13):
            async with beside.get("/dashboard/oidc", allow_redirects=False) as response:
                seen.add(response.status)
    assert 429 in seen
    await assert_refused(door, await door.get(back), 429)
    assert "token" not in provider.asked
