"""A publisher's program that takes webhooks, checks their signatures, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


def verified(headers: Any, body: bytes, secret: str) -> bool:
    """Whether one of the signatures is by that `whsec_…` secret; written as a receiver would, by the spec."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" "))


@dataclass
class Receiver:
    """`status` is answered, with `headers`; `taken` are the bodies by message id of what was answered 2xx."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    taken: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    requests: list[tuple[Any, bytes]] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [one for documents in self.taken.values() for one in documents]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a stop on the same port again."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        app.router.add_post("/elsewhere", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Be down."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        message = request.headers["webhook-id"]
        self.tries[message] += 1
        self.requests.append((dict(request.headers), body))
        if 200 <= self.status < 300:
            self.taken.setdefault(message, []).append(json.loads(body))
        return web.Response(status=self.status, headers=self.headers, text="<p>Thank you")
