"""Talks to an OpenID provider: its metadata, its keys, and the exchange of a code for an ID token.

OpenID Connect Discovery 1.0, Core 1.0 section 3.1, RFC 7636 (PKCE, S256 alone). Who somebody is comes from a
signature by the provider's own keys, with an algorithm that we name, over claims that are all looked at.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from service.outbound.client import Received, Rules, Sent, get_json, post
from service.outbound.errors import BadAnswer, NoAnswer, Refused

ALGORITHMS = ("RS256", "ES256", "EdDSA")
"""Asymmetric ones only: with `none` or an HMAC whoever has the public key could sign."""

_LEEWAY_S = 60
_KEYS_LAST_S = 600.0  # a key that the provider withdrew is trusted no longer than that
_LONGEST_TOKEN = 16 * 1024
_TAKEN_OR_NOT = frozenset({200, 400})  # RFC 6749, sections 5.1 and 5.2


class NotProven(Exception):
    """The ID token does not prove who this is; `args` has one word why, and nothing of the token."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows us by; an empty secret is a public client."""

    issuer: str
    client_id: str
    redirect_uri: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Of the provider's metadata what we use."""

    authorize: str
    token: str
    keys: str


@dataclass(slots=True)
class Provider:
    """Asks under `rules`, and keeps metadata and keys until one of them does not fit any more."""

    client: Client
    rules: Rules
    _endpoints: Endpoints | None = None
    _keys: Mapping[str, jwt.PyJWK] = field(default_factory=dict)
    _keys_until: float = 0.0

    async def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent.

        Raises:
            NoAnswer: the provider is away, or is not what it should be.
        """
        asked = {
            "response_type": "code", "scope": "openid", "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri, "state": state, "nonce": nonce,
            "code_challenge": challenge_of(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        address = (await self._metadata()).authorize
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    async def subject_of(self, *, code: str, verifier: str, nonce: str) -> str:
        """The `sub` of whoever came back with that code.

        Raises:
            NoAnswer: the provider is away, or does not know us.
            NotProven: it does not take the code, or what it gave for it is no proof.
        """
        try:
            token = await self._exchange(code, verifier)
        except NoAnswer:
            self._endpoints = None  # perhaps they have moved
            raise
        claims = self._verified(token, await self._key_of(token))
        if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(
            claims["nonce"].encode("utf-8", "replace"), nonce.encode()
        ):
            raise NotProven("nonce")
        audience = claims["aud"]
        if (isinstance(audience, list) and len(audience) > 1 and "azp" not in claims) or claims.get(
            "azp", self.client.client_id
        ) != self.client.client_id:
            raise NotProven("azp")
        return str(claims["sub"])

    def _verified(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=list(ALGORITHMS), audience=self.client.client_id,
                issuer=self.client.issuer, leeway=_LEEWAY_S,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )  # fmt: skip
        except jwt.InvalidTokenError as error:
            raise NotProven(type(error).__name__) from None
        if not (0 < len(claims["sub"]) <= 255 and claims["sub"].isascii()):
            raise NotProven("sub")
        return claims

    async def _metadata(self) -> Endpoints:
        if self._endpoints is None:
            found = await get_json(
                self.client.issuer.rstrip("/") + "/.well-known/openid-configuration", self.rules
            )
            self._endpoints = _endpoints_of(found, self.client.issuer)
        return self._endpoints

    async def _key_of(self, token: str) -> jwt.PyJWK:
        """The key that the token names; the provider's keys are read again once where we know none."""
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
        except jwt.InvalidTokenError:
            raise NotProven("header") from None
        if kid not in self._keys or time.monotonic() > self._keys_until:
            self._keys = _keys_of(await get_json((await self._metadata()).keys, self.rules))
            self._keys_until = time.monotonic() + _KEYS_LAST_S
        if kid not in self._keys:
            raise NotProven("kid")
        return self._keys[kid]

    async def _exchange(self, code: str, verifier: str) -> str:
        fields = {
            "grant_type": "authorization_code", "code": code, "code_verifier": verifier,
            "redirect_uri": self.client.redirect_uri,
        }  # fmt: skip
        headers = {}
        if self.client.secret:
            pair = f"{quote(self.client.client_id, safe='')}:{quote(self.client.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            fields["client_id"] = self.client.client_id
        sent = Sent(
            url=(await self._metadata()).token, body=urlencode(fields).encode("ascii"),
            content_type="application/x-www-form-urlencoded", headers=headers, statuses=_TAKEN_OR_NOT,
        )  # fmt: skip
        return _token_of(await post(sent, self.rules))


def challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.2: `S256`."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def _token_of(received: Received) -> str:
    """The ID token; `invalid_grant` is about this one code, every other error about us and our settings."""
    answer = received.json()
    if received.status != 200:
        is_about_code = isinstance(answer, dict) and answer.get("error") == "invalid_grant"
        raise NotProven("code") if is_about_code else Refused
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        raise BadAnswer
    return token


def _endpoints_of(found: object, issuer: str) -> Endpoints:
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise BadAnswer
    named = [found.get(f"{name}") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    schemes = {"https", urlsplit(issuer).scheme}
    if not all(isinstance(one, str) and urlsplit(one).scheme in schemes for one in named):
        raise BadAnswer
    return Endpoints(*map(str, named))


def _keys_of(found: object) -> dict[str, jwt.PyJWK]:
    """The keys for signatures by their ids; those that we cannot read are left out."""
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise BadAnswer
    keys = {}
    for one in listed:
        if (
            isinstance(one, dict)
            and one.get("use", "sig") == "sig"
            and one.get("kty") in {"RSA", "EC", "OKP"}
        ):
            try:
                keys[str(one.get("kid", ""))] = jwt.PyJWK(one)
            except (jwt.PyJWTError, ValueError, TypeError):
                continue
    return keys
