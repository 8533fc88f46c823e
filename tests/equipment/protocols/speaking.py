"""A hostile service that speaks a protocol in its mode FINE, and misbehaves as told in every other one."""

import asyncio
import json
from dataclasses import dataclass, field
from http.client import parse_headers
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

from tests.equipment.hostile_service import JSON, HostileService, Mode, whole


@dataclass(frozen=True)
class Asked:
    """One request, read."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, request: bytes) -> "Asked":
        head, _, body = request.partition(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        target = urlsplit(line.split()[1].decode("ascii"))
        headers = parse_headers(BytesIO(fields + b"\r\n\r\n"))
        return cls(
            target.path,
            dict(parse_qsl(target.query)),
            {name.lower(): value for name, value in headers.items()},
            body,
        )

    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))


@dataclass(frozen=True)
class Said:
    """What it answers."""

    body: bytes
    status: str = "200 OK"
    content_type: str = JSON
    headers: tuple[str, ...] = field(default=())

    @classmethod
    def json(cls, value: object, status: str = "200 OK") -> "Said":
        return cls(json.dumps(value).encode(), status)


class SpeakingService(HostileService):
    """`says`, where it is set, is answered to everything; `wait_s` is how long each answer takes.

    While `gate` is cleared, whoever asks waits; `busy` is how many do.
    """

    def __init__(self, mode: Mode = Mode.FINE, *, tls: bool = False) -> None:
        super().__init__(mode, tls=tls)
        self.says: Said | None = None
        self.wait_s = 0.0
        self.gate = asyncio.Event()
        self.gate.set()
        self.busy = 0
        self.most_busy = 0

    @property
    def base(self) -> str:
        """The address to configure."""
        return self.url.removesuffix("/check")

    @property
    def asked(self) -> list[Asked]:
        """Every request so far."""
        return [Asked.of(request) for request in self.requests]

    def speak(self, asked: Asked) -> Said:
        """The protocol."""
        raise NotImplementedError

    async def respond(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        if self.mode is not Mode.FINE:
            await super().respond(request, writer)
            return
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await asyncio.sleep(self.wait_s)
            await self.gate.wait()
        finally:
            self.busy -= 1
        said = self.says or self.speak(Asked.of(request))
        await whole(said.status, said.content_type, said.body, *said.headers)(self, writer)
