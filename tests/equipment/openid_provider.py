"""An OpenID provider that speaks the protocol: metadata, sign-in, codes with PKCE, signed tokens, keys.

It lets in whoever it is told, as `subject`. `spoil` changes the claims of a token, `sign` how it is signed.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "replydesk"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class OpenIdProvider:
    """`asked` counts requests by path; `codes` are those that were given and not used."""

    subject: str = "staff-0042"
    secret: str = ""
    issuer_told: str | None = None
    spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[["OpenIdProvider", dict[str, Any]], str] | None = None
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/keys", self._keys)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is gone."""
        self.keys = {f"key-{secrets.token_hex(4)}": new_key()}

    def signed(self, claims: dict[str, Any]) -> str:
        kid, key = next(iter(self.keys.items()))
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})

    async def _metadata(self, _request: web.Request) -> web.Response:
        self.asked.append("metadata")
        return web.json_response({
            "issuer": self.issuer_told or self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "code_challenge_methods_supported": ["S256"],
        })  # fmt: skip

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked.append("keys")
        listed = [
            json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"}
            for kid, key in self.keys.items()
        ]
        return web.json_response({"keys": listed})

    async def _authorize(self, request: web.Request) -> web.Response:
        self.asked.append("authorize")
        asked = request.query
        good = {"response_type": "code", "client_id": CLIENT_ID, "code_challenge_method": "S256"}
        if any(asked.get(name) != value for name, value in good.items()) or "openid" not in asked["scope"]:
            return web.Response(status=400, text="not what this provider takes")
        code = secrets.token_urlsafe(24)
        self.codes[code] = dict(asked)
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return web.Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{back}"})

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        form = await request.post()
        given = self.codes.pop(str(form.get("code")), None)
        if given is None or not self._is_ours(request, form) or not _fits(given, form):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = self.spoil({
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "nonce": given["nonce"],
        })  # fmt: skip
        token = self.sign(self, claims) if self.sign else self.signed(claims)
        return web.json_response({"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def _is_ours(self, request: web.Request, form: Any) -> bool:
        if not self.secret:
            return bool(form.get("client_id") == CLIENT_ID)
        pair = base64.b64encode(f"{CLIENT_ID}:{quote(self.secret, safe='')}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {pair}"


def _fits(given: dict[str, str], form: Any) -> bool:
    """Whether the verifier is the challenge's (RFC 7636, section 4.6), and the way back is the same."""
    digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (challenge, form.get("redirect_uri")) == (given["code_challenge"], given["redirect_uri"])
