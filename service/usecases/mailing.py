"""Sends what an outbox of mail holds, each by itself: leased, tried again, given up after a while."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Generic, Protocol, TypeVar
from uuid import UUID, uuid4

import structlog

from service.domain.errors import StorageUnavailable
from service.storage.pool import Connection, Pool, in_transaction, settled

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
FIRST_S, LONGEST_S = 10.0, 1800.0


class Unsent(Protocol):
    """What a way out says of a mail that it could not send."""

    reason: str
    for_good: bool


Send = Callable[[EmailMessage, str], Awaitable[Unsent | None]]
"""Hands a mail over for one address; what it answers is why not."""


class Leased(Protocol):
    """A mail of an outbox that is ours for a while; `age` since it was written."""

    @property
    def attempts(self) -> int: ...
    @property
    def age(self) -> timedelta: ...
    @property
    def site(self) -> str: ...


T = TypeVar("T", bound=Leased)


@dataclass(frozen=True, slots=True)
class Outbox(Generic[T]):
    """The statements of one outbox."""

    is_any_due: Callable[[Connection], Awaitable[bool]]
    lease_due: Callable[..., Awaitable[Sequence[T]]]
    settle: Callable[..., Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, and the one address that it goes to."""

    message: EmailMessage
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoLetter:
    """Why none is written now: it is `failed`, `dropped` as nobody needs it any more, or `waiting`."""

    state: str
    why: str
    again_in: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Postman(Generic[T]):
    """Sends what is due; what is older than `patience` says nothing that helps any more."""

    pool: Pool
    outbox: Outbox[T]
    write: Callable[[T], Letter | NoLetter]
    send: Send
    patience: timedelta = timedelta(days=1)
    draw: Callable[[float, float], float] = random.uniform

    async def mail_due(self) -> int:
        """Try what is due, once, one after the other; how many were tried."""
        if not await settled(self.pool, self.outbox.is_any_due):
            return 0
        token = uuid4()
        leased = await in_transaction(
            self.pool, lambda held: self.outbox.lease_due(held, token, LEASE, limit=1)
        )
        for one in leased:
            await self._try_or_note(one, token)
        return len(leased)

    async def _try_or_note(self, one: T, token: UUID) -> None:
        try:
            await self._try(one, token)
        except StorageUnavailable:
            raise  # the lease ends by itself
        except Exception as error:  # noqa: BLE001  (one mail must not keep the others from being sent)
            log.error("a mail could not be sent", error=type(error).__name__)  # noqa: TRY400
            await self._unsent(one, token, "it could not be sent", for_good=False)

    async def _try(self, one: T, token: UUID) -> None:
        letter = self.write(one)
        if isinstance(letter, NoLetter):
            await self._settle(one, token, letter.state, letter.why, letter.again_in)
            return
        unsent = await self.send(letter.message, letter.address)
        if unsent is None:
            await self._settle(one, token, "sent")
            return
        log.warning("a mail was not sent", site=one.site, attempt=one.attempts)
        await self._unsent(one, token, unsent.reason, for_good=unsent.for_good)

    async def _unsent(self, one: T, token: UUID, why: str, *, for_good: bool) -> None:
        if for_good or one.age > self.patience:
            await self._settle(one, token, "failed", why)
        else:
            await self._settle(one, token, "waiting", why, timedelta(seconds=self.again_in_s(one.attempts)))

    async def _settle(
        self, one: T, token: UUID, state: str, error: str | None = None, again_in: timedelta = timedelta()
    ) -> None:
        await in_transaction(
            self.pool,
            lambda held: self.outbox.settle(held, one, token, state, error=error, again_in=again_in),
        )

    def again_in_s(self, attempts: int) -> float:
        """Exponential back-off with full jitter, never at once."""
        return max(1.0, self.draw(0.0, min(LONGEST_S, FIRST_S * 2.0 ** min(attempts, 20))))
