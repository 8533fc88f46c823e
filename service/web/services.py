"""What handlers share, made once by `app.py` and found under one key."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

from service.dispatch import Doorbell
from service.domain.errors import StorageUnavailable
from service.keyring import Keyring
from service.limits.limit import Limit
from service.limits.rate_limiter import RateLimiter
from service.outbound.oidc import Provider
from service.settings import Settings
from service.storage.pool import Pool
from service.usecases.directory import SiteDirectory
from service.usecases.own_data import OwnDataDesk
from service.usecases.second_factor import SecondFactors
from service.usecases.submit import SubmissionDesk
from service.vault import WebhookVault
from service.web.clock import ANSWER_S, left_s
from service.web.event_feed import EventFeed
from service.web.metrics import Metrics
from service.web.password_checker import PasswordChecker
from service.web.pools import Pools
from service.web.questions import Questions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one network, page, site and all of them together may send; null is off.

    `sign_in` is how often one name's password may be tried from one network, `reports` how often one
    network may report.
    """

    network: Limit | None
    page: Limit | None
    site: Limit | None
    everyone: Limit | None
    sign_in: Limit | None
    reports: Limit | None


@dataclass(slots=True)
class Services:
    """What is made once for all requests; submissions reach their pool through `desk` alone."""

    settings: Settings
    signing: Keyring
    pools: Pools
    directory: SiteDirectory
    desk: SubmissionDesk
    doorbell: Doorbell
    limiter: RateLimiter
    limits: Limits
    metrics: Metrics
    questions: Questions
    passwords: PasswordChecker
    second_factors: SecondFactors
    feed: EventFeed
    webhook_vault: WebhookVault | None
    provider: Provider | None
    own_data: OwnDataDesk | None
    schema_wanted: int
    draining: bool = False
    background: set[asyncio.Task[object]] = field(default_factory=set)
    erasing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def readers(self) -> Pool:
        """For what everyone may read."""
        return self.pools.readers

    @property
    def moderation(self) -> Pool:
        """For moderators."""
        return self.pools.moderation


SERVICES = web.AppKey("services", Services)


def services_of(request: web.Request) -> Services:
    """The services of the app that answers this request."""
    return request.app[SERVICES]


async def in_time(services: Services, work: Awaitable[T], *, seconds: float = ANSWER_S) -> T:
    """The result of `work`, if it comes in time; otherwise it goes on by itself and the caller is told.

    `seconds` are those of this step; the request's own clock may end it sooner, or before it begins.

    A cancelled database call can take longer to cancel than it would have taken: it is left to its own
    time-outs instead.

    Raises:
        StorageUnavailable: it took too long; whether it took effect is unknown.
    """
    task = asyncio.ensure_future(work)
    seconds = min(seconds, left_s())
    if seconds <= 0:
        task.cancel()
        raise StorageUnavailable("deadline")
    services.background.add(task)
    task.add_done_callback(lambda done: _finished(services, done))
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        raise StorageUnavailable("deadline")
    return task.result()


def _finished(services: Services, task: asyncio.Future[T]) -> None:
    services.background.discard(task)
    if not task.cancelled():
        task.exception()  # seen, so that a late failure is not reported as a forgotten one
