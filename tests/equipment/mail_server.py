"""A mail server on this machine that speaks SMTP and can refuse: it keeps what it was handed."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """`refuses` answers instead of taking a recipient, by address; `answers` instead of taking a mail."""

    context: SSLContext | None = None
    user: tuple[str, str] | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    answers: str = "250 OK"
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    port: int = 0
    _controller: Controller | None = None

    def __enter__(self) -> Self:
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port or _free_port(), tls_context=self.context,
            require_starttls=self.context is not None, authenticator=self._authenticate,
            auth_required=self.user is not None, auth_require_tls=self.context is not None,
        )  # fmt: skip
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(self, *_: object) -> None:
        assert self._controller is not None
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802  (the name that aiosmtpd looks for)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers.startswith("2"):
            assert isinstance(envelope.content, bytes)
            message: Any = message_from_bytes(envelope.content, policy=policy.SMTP)
            self.taken += [(one, message) for one in envelope.rcpt_tos]
        return self.answers

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        found = given.login.decode(), given.password.decode()
        return AuthResult(success=found == self.user, handled=False)


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
