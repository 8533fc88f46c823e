"""One client's connection: every wait for a client has an end, and there are never too many of them.

aiohttp has no deadline for a head that drips in or for a client that does not read its answer, and no cap on
connections. The deadline of a body is in `body.py`.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

import structlog
from aiohttp import web, web_server, web_urldispatcher
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from service.web.malformed import answer_in_bytes, answer_unreadable
from service.web.middleware import go_on
from service.web.open_connections import OpenConnections
from service.web.problems import Problem

log = structlog.get_logger(__name__)

FULL = Problem(
    503,
    "too-many-connections",
    "Please try again in a moment",
    "Nothing was read.",
    headers={"Retry-After": "5"},
)


LEAST_READ = 4096
"""Bytes that a client must have taken when we look again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for a client, in seconds.

    Attributes:
        head_s: for the head of a request, from the connection or from its first byte on.
        unread_s: for a client to take some of what we send it.
    """

    head_s: float = 10.0
    unread_s: float = 30.0


class Connection(RequestHandler):
    """A client's connection: counted, with deadlines, and with problems for errors of the protocol."""

    __slots__ = ("_book", "_head_begun", "_head_timer", "_patience", "_unread_timer", "_wire")

    def __init__(
        self,
        manager: web_server.Server,
        *,
        connections: OpenConnections | None = None,
        patience: Patience | None = None,
        **options: Any,
    ) -> None:
        super().__init__(manager, **options)
        self._book = OpenConnections(most=1) if connections is None else connections
        self._patience = patience or Patience()
        self._head_begun = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._wire: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it in, or say that there is no room."""
        super().connection_made(transport)
        self._wire = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        if self._book.admit(self, peer[0] if isinstance(peer, tuple) else None):
            self._wait_for_head()
            return
        if self._book.refused % 100 == 1:  # a flood of connections is not a flood of lines
            log.warning("no room for a connection", open=len(self._book), refused=self._book.refused)
        self._wire.write(answer_in_bytes(FULL))
        self.force_close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget it."""
        self._book.leave(self)
        _cancel(self._head_timer)
        _cancel(self._unread_timer)
        super().connection_lost(exc)
        self._wire = None

    def send_away(self) -> None:
        """Close now, whatever is left to send."""
        self.force_close()
        if self._wire is not None:
            self._wire.abort()

    def data_received(self, data: bytes) -> None:
        """Parse, and watch how long a head takes."""
        requests = self._request_count
        super().data_received(data)
        if self._request_count != requests:
            self._book.is_busy(self)
            _cancel(self._head_timer)
            self._head_timer, self._head_begun = None, False
        elif data and self._waiter is not None:
            self._head_begun = True
            if self._head_timer is None:
                self._wait_for_head()

    def _wait_for_head(self) -> None:
        self._head_timer = self._loop.call_later(self._patience.head_s, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._waiter is None or self._waiter.done():
            return
        if not self._head_begun:  # a browser that connected early and may never ask
            self.force_close()
            return
        self._messages.append((_ErrInfo(408, TimeoutError(), ""), EMPTY_PAYLOAD))
        self._waiter.set_result(None)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the answer; behind the last one that was asked for, the connection is idle."""
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            if not self._messages:
                self._book.is_idle(self)

    async def start(self) -> None:
        """Answer until there is nothing left to answer; then see the client off."""
        try:
            await super().start()
        finally:
            self._see_off()

    def force_close(self) -> None:
        """Close as soon as what is written has been sent, and not much later."""
        super().force_close()
        self._see_off()

    def pause_writing(self) -> None:
        """The client reads nothing: it has to go on before long."""
        super().pause_writing()
        self._see_off()

    def resume_writing(self) -> None:
        """It reads again."""
        if not self._force_close and not self._close:
            _cancel(self._unread_timer)
            self._unread_timer = None
        super().resume_writing()

    def _see_off(self) -> None:
        """Closing waits for what is unsent, for ever where the client does not read: end that."""
        if self._wire is not None and self._unread_timer is None:
            unsent = self._wire.get_write_buffer_size()
            self._unread_timer = self._loop.call_later(self._patience.unread_s, self._look_on, unsent)

    def _look_on(self, unsent: int) -> None:
        self._unread_timer = None
        if self._wire is None:
            return
        if self._wire.get_write_buffer_size() > unsent - LEAST_READ:
            self._wire.abort()
        else:
            self._see_off()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  (it quotes the request)
    ) -> web.StreamResponse:
        """The answer, after which the connection is closed; raises ConnectionError behind a begun one."""
        return answer_unreadable(request, status, exc)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def install() -> None:
    """Let every server of this process answer so; aiohttp has no other door for it."""
    web_server.RequestHandler = Connection  # type: ignore[attr-defined]
    # An unknown route's own handler of `Expect` repeats what was sent, before any middleware.
    web_urldispatcher._default_expect_handler = go_on  # noqa: SLF001
