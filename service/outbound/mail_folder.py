"""Puts mail into a folder instead of sending it (Maildir), for a demo and for trying things out."""

import asyncio
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MailFolder:
    """Where mail is put, and read again."""

    path: Path

    async def send(self, message: EmailMessage, _recipient: str) -> None:
        """Keep it: when this returns, it is there, whole."""
        await asyncio.to_thread(self._keep, message)

    def _keep(self, message: EmailMessage) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self.path).add(message.as_bytes())

    def newest(self, most: int) -> list[EmailMessage]:
        """The last mails that were put there, the newest first."""
        files = sorted(self._files(), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
        return [_read(file) for file in files[:most]]

    def _files(self) -> Iterator[Path]:
        for part in ("new", "cur"):
            yield from (self.path / part).glob("*")


def _read(file: Path) -> EmailMessage:
    parsed = BytesParser(policy=default).parsebytes(file.read_bytes())
    assert isinstance(parsed, EmailMessage)  # noqa: S101  (the policy makes no other)
    return parsed
