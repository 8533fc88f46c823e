"""An OpenID provider that speaks the protocol: metadata, sign-in, codes with PKCE, signed tokens, keys.

It lets in whoever it is told, as `subject`. `spoil` changes the claims of a token, `sign` how it is signed;
`refusal` is what it says about a code that it does not take, `told` changes its metadata.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

CLIENT_ID = "replydesk"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

MAKE_KEY: dict[str, Callable[[], Key]] = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "RS512": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


def new_key(algorithm: str = "RS256") -> Key:
    return MAKE_KEY[algorithm]()


@dataclass
class OpenIdProvider:
    """`asked` counts requests by path; `codes` are those that were given and not used.

    `tokens` and `verifiers` are all that it gave and was given, `refused` counts codes that it did not take;
    `answer` takes the place of its token endpoint.
    """

    subject: str = "staff-0042"
    secret: str = ""
    told: dict[str, str] = field(default_factory=dict)
    spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[["OpenIdProvider", dict[str, Any]], str] | None = None
    algorithm: str = "RS256"
    refusal: str = "invalid_grant"
    keys: dict[str, Key] = field(default_factory=lambda: {"first": new_key()})
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    answer: Callable[[web.Request], Awaitable[web.Response]] | None = None
    access_token: str = field(default_factory=lambda: f"access-{secrets.token_urlsafe(24)}")
    tokens: list[str] = field(default_factory=list)
    verifiers: list[str] = field(default_factory=list)
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

    def rotate(self, algorithm: str = "RS256") -> None:
        """Sign with a new key from now on; the old one is gone."""
        self.algorithm = algorithm
        self.keys = {f"key-{secrets.token_hex(4)}": new_key(algorithm)}

    def signed(self, claims: dict[str, Any]) -> str:
        kid, key = next(iter(self.keys.items()))
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": kid})

    async def _metadata(self, _request: web.Request) -> web.Response:
        self.asked.append("metadata")
        return web.json_response({
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "code_challenge_methods_supported": ["S256"], **self.told,
        })  # fmt: skip

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response({"keys": [_public(key) | {"kid": kid} for kid, key in self.keys.items()]})

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
        self.verifiers.append(str(form.get("code_verifier")))
        if self.answer is not None:
            return await self.answer(request)
        given = self.codes.pop(str(form.get("code")), None)
        if given is None or not self._is_ours(request, form) or not _fits(given, form):
            self.refused += 1
            return web.json_response({"error": self.refusal}, status=400)
        now = int(time.time())
        claims = self.spoil({
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "nonce": given["nonce"],
        })  # fmt: skip
        token = self.sign(self, claims) if self.sign else self.signed(claims)
        self.tokens.append(token)
        return web.json_response({
            "access_token": self.access_token, "token_type": "Bearer", "id_token": token,
        })  # fmt: skip

    def _is_ours(self, request: web.Request, form: Any) -> bool:
        if not self.secret:
            return bool(form.get("client_id") == CLIENT_ID)
        pair = base64.b64encode(f"{CLIENT_ID}:{quote(self.secret, safe='')}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {pair}"


def _public(key: Key) -> dict[str, Any]:
    kinds = {rsa.RSAPrivateKey: RSAAlgorithm, ec.EllipticCurvePrivateKey: ECAlgorithm}
    kind: Any = next((known for of, known in kinds.items() if isinstance(key, of)), OKPAlgorithm)
    return {**json.loads(kind.to_jwk(key.public_key())), "use": "sig"}


def _fits(given: dict[str, str], form: Any) -> bool:
    """Whether the verifier is the challenge's (RFC 7636, section 4.6), and the way back is the same."""
    digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (challenge, form.get("redirect_uri")) == (given["code_challenge"], given["redirect_uri"])
