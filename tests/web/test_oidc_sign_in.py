"""People come in through the publisher's provider; whoever cannot prove who they are does not."""

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import asyncpg
import jwt
import pytest
from aiohttp import ClientSession, CookieJar
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.equipment.openid_provider import CLIENT_ID, OpenIdProvider, new_key
from tests.web.browsing import MakeModerator, is_in, sign_in_as
from tests.web.harness import StartWeb
from tests.web.oidc_door import Door, assert_refused, door, provider
from tests.web.sending import page_of

Claims = dict[str, Any]


__all__ = ["door", "provider"]  # fixtures


async def test_whoever_the_provider_knows_is_in(door: Door) -> None:
    answer = await door.come()
    assert answer.status == 200
    assert 'http-equiv="refresh" content="0; url=/dashboard"' in answer.text
    assert await is_in(door.client)


async def test_the_way_in_shows_the_providers_name_beside_the_password(door: Door) -> None:
    page = await door.get("/dashboard")
    assert "Sign in with Paper account" in page.text
    assert page_of(page).has_id("password")


async def test_the_cookie_on_the_way_is_short_and_out_of_reach(door: Door) -> None:
    answer = await door.get("/dashboard/oidc")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=600" in cookie
    [state] = parse_qs(urlsplit(answer.headers["Location"]).query)["state"]
    assert state not in cookie


async def test_a_public_client_comes_in_by_the_verifier_alone(
    provider: OpenIdProvider, door: Door, start_web: StartWeb
) -> None:
    provider.secret = ""
    web = await start_web(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, outbound_networks="127.0.0.0/8"
    )
    assert (await Door(provider, web, web.client).come()).status == 200


async def test_a_code_without_its_verifier_is_worth_nothing(door: Door) -> None:
    stolen = parse_qs(urlsplit(await door.begin()).query)["code"][0]
    async with ClientSession(door.web.url, cookie_jar=CookieJar(unsafe=True)) as thief:
        other = Door(door.provider, door.web, thief)
        own = parse_qs(urlsplit(await other.begin()).query)
        query = urlencode({"code": stolen, "state": own["state"][0]})
        await assert_refused(other, await other.get(f"/dashboard/oidc/return?{query}"))
    assert (
        door.provider.refused == 1
    )  # by the provider: the nonce, which would not fit either, was not needed


async def test_an_answer_that_this_browser_did_not_ask_for_is_refused(door: Door) -> None:
    back = await door.begin()
    [state] = parse_qs(urlsplit(back).query)["state"]
    await assert_refused(door, await door.get(back.replace(state, "x" * len(state))))
    back = await door.begin()
    door.client.cookie_jar.clear()
    await assert_refused(door, await door.get(back))
    assert "token" not in door.provider.asked


async def test_no_code_works_twice(door: Door) -> None:
    back = await door.begin()
    kept = {one.key: one.value for one in door.client.cookie_jar}
    assert (await door.get(back)).status == 200
    door.client.cookie_jar.clear()
    await assert_refused(door, await door.get(back))  # the cookie was taken away
    door.client.cookie_jar.update_cookies(kept)
    answer = await door.get(back)
    await assert_refused(door, answer)  # and the provider takes no code twice
    assert "Please begin again" in answer.text


async def test_a_provider_that_does_not_know_us_is_no_fault_of_the_code(door: Door) -> None:
    """Beginning again does not help where the settings are wrong."""
    for refusal in ("invalid_client", "unauthorized_client", "invalid_request", ""):
        door.provider.refusal, door.provider.secret = refusal, "another secret"
        answer = await door.come()
        await assert_refused(door, answer, 503)
        assert "The sign-in service does not answer" in answer.text


async def test_an_answer_of_another_provider_is_refused(door: Door) -> None:
    back = await door.begin()
    await assert_refused(door, await door.get(back.replace("iss=http", "iss=https")))


def changed(**changes: Any) -> Any:
    return lambda claims: {name: value for name, value in (claims | changes).items() if value is not None}


SPOILT = {
    "nonce": changed(nonce="another"),
    "no nonce": changed(nonce=None),
    "nonce that is no text": changed(nonce="\ud800"),
    "audience": changed(aud="another-client"),
    "several audiences": changed(aud=[CLIENT_ID, "another-client"]),
    "azp": changed(azp="another-client"),
    "issuer": changed(iss="https://login.other.example"),
    "expired": changed(exp=int(time.time()) - 3600),
    "no end": changed(exp=None),
    "of the future": changed(iat=int(time.time()) + 3600),
    "no subject": changed(sub=None),
    "empty subject": changed(sub=""),
}


async def test_a_token_with_a_wrong_claim_proves_nothing(door: Door) -> None:
    for name, spoil in SPOILT.items():
        door.provider.spoil = spoil
        answer = await door.come()
        assert answer.status == 401, name
        assert not await is_in(door.client), name


def unsigned(_provider: OpenIdProvider, claims: Claims) -> str:
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "first"})


def by_the_public_key(provider: OpenIdProvider, claims: Claims) -> str:
    """HS256 with what everybody may read as its secret."""
    import hashlib
    import hmac

    pem = (
        next(iter(provider.keys.values()))
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    parts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=")
        for one in ({"alg": "HS256", "typ": "JWT", "kid": "first"}, claims)
    ]
    mac = hmac.digest(pem, b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def with_another_subject(provider: OpenIdProvider, claims: Claims) -> str:
    """Signed for one, and changed to be another."""
    head, _, signature = provider.signed(claims).split(".")
    payload = json.dumps(claims | {"sub": "staff-0042"}).encode()
    return f"{head}.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.{signature}"


def by_an_unknown_key(_provider: OpenIdProvider, claims: Claims) -> str:
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": "nobody's"})


def by_another_key(_provider: OpenIdProvider, claims: Claims) -> str:
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": "first"})


async def test_a_token_that_the_provider_did_not_sign_proves_nothing(door: Door) -> None:
    for sign in (unsigned, by_the_public_key, by_another_key, by_an_unknown_key, lambda *_: "not.a.token"):
        door.provider.sign = sign
        await assert_refused(door, await door.come())


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_each_algorithm_that_we_name_lets_in(door: Door, algorithm: str) -> None:
    door.provider.rotate(algorithm)
    assert (await door.come()).status == 200
    assert await is_in(door.client)


@pytest.mark.parametrize("algorithm", ["RS512", "ES384"])
async def test_no_other_algorithm_does(door: Door, algorithm: str) -> None:
    door.provider.rotate(algorithm)
    await assert_refused(door, await door.come())


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_token_changed_after_it_was_signed_proves_nothing(door: Door, algorithm: str) -> None:
    door.provider.rotate(algorithm)
    door.provider.sign = with_another_subject
    door.provider.subject = "staff-9999"
    await assert_refused(door, await door.come())


async def test_a_new_key_of_the_provider_is_read_once(door: Door) -> None:
    assert (await door.come()).status == 200
    assert (await door.come()).status == 200
    assert door.provider.asked.count("keys") == 1
    door.provider.rotate()
    assert (await door.come()).status == 200
    assert door.provider.asked.count("keys") == 2


async def test_without_the_provider_the_password_still_opens(
    door: Door, make_moderator: MakeModerator
) -> None:
    await door.provider.stop()
    answer = await door.get("/dashboard/oidc")
    await assert_refused(door, answer, 503)
    assert "The sign-in service does not answer" in answer.text
    await make_moderator("Ida")
    assert (await sign_in_as(door.client, "Ida")).status == 303


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://login.other.example"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("token_endpoint", "file:///etc/passwd"),
        ("jwks_uri", "//keys.example"),
    ],
)
async def test_a_provider_that_is_not_what_it_should_be_is_not_asked(
    door: Door, name: str, value: str
) -> None:
    door.provider.told = {name: value}
    await assert_refused(door, await door.get("/dashboard/oidc"), 503)


async def test_who_is_not_linked_disabled_or_without_a_role_is_told_the_same(
    door: Door, database: asyncpg.Connection
) -> None:
    told = set()
    known, door.provider.subject = door.provider.subject, "staff-0043"
    told.add((await door.come()).text)
    door.provider.subject = known
    await database.execute("UPDATE moderator SET disabled_at = clock_timestamp() WHERE name = 'Ruth'")
    told.add((await door.come()).text)
    await database.execute("UPDATE moderator SET disabled_at = NULL")
    await database.execute("DELETE FROM moderator_access")
    answer = await door.come()
    told.add(answer.text)
    await assert_refused(door, answer, 403)
    assert len(told) == 1


async def test_unlinking_ends_the_session(door: Door, database: asyncpg.Connection) -> None:
    await door.come()
    assert await is_in(door.client)
    await database.execute("DELETE FROM moderator_identity")
    assert not await is_in(door.client)


async def test_nothing_that_is_asked_says_where_it_leads(door: Door) -> None:
    answer = await door.get("/dashboard/oidc?next=https://evil.example&redirect_uri=https://evil.example")
    assert "evil" not in answer.headers["Location"]
    back = await door.begin()
    answer = await door.get(f"{back}&next=https://evil.example&url=//evil.example")
    assert answer.status == 200
    assert "evil" not in answer.text


async def test_without_a_provider_there_is_no_such_way(start_web: StartWeb) -> None:
    web = await start_web()
    async with web.client.get("/dashboard/oidc", allow_redirects=False) as response:
        assert response.status == 404
    async with web.client.get("/dashboard") as response:
        assert "/dashboard/oidc" not in await response.text()
