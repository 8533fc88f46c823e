"""A desk that asks services beside it, each behind its usual bounds, and comments for it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from service.domain.as_submitted import AsSubmitted
from service.domain.policy import Policy
from service.domain.policy_parts import ServicePolicy
from service.outbound.breaker import CircuitBreaker
from service.outbound.bucket import TokenBucket
from service.outbound.restraint import Restraint
from service.storage.pool import Pool
from service.usecases.ask_outside import Guarded, OutsideDesk
from service.usecases.check import CheckDesk
from service.vault import SubmittedVault
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.asking import RULES, SERVERS, WRITTEN, client_of
from tests.equipment.protocols.speaking import SpeakingService
from tests.factories import Paper, make_keyring, make_submission
from tests.usecases.checking import make_desk, never

FROM = AsSubmitted("203.0.113.77", "Mozilla/5.0 (Canary)", "https://paper.example/mill")
HELD = ("held", "check_failed")
PUBLISHED = ("published", None)


def policy_with(*names: str, publish: str = "auto", **more: Any) -> Policy:
    """A site's policy with these services on; `more` goes to each of them."""
    on = ServicePolicy(on=True, written_policy=WRITTEN, **more)
    return Policy(publish=publish, services=dict.fromkeys(names, on))  # type: ignore[arg-type]


def guarded(name: str, server: SpeakingService, deadline_s: float = 5.0, **more: Any) -> Guarded:
    rules = replace(RULES, deadline_s=deadline_s)
    restraint = Restraint(TokenBucket(1000, 1000), CircuitBreaker(rest_s=0.2))
    return Guarded(client_of(name, server.base, rules, **more), restraint, deadline_s)


def outside_of(servers: dict[str, SpeakingService], deadline_s: float = 5.0, **more: Any) -> OutsideDesk:
    services = {name: guarded(name, server, deadline_s) for name, server in servers.items()}
    return OutsideDesk(services, SubmittedVault(make_keyring(31)), **more)  # type: ignore[arg-type]


def desk_asking(worker: Pool, outside: OutsideDesk, **rules: Any) -> CheckDesk:
    return replace(make_desk(worker, **rules), outside=outside)


@asynccontextmanager
async def running(*names: str, mode: Mode = Mode.FINE) -> AsyncIterator[dict[str, SpeakingService]]:
    """The servers of these services."""
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(SERVERS[name](mode)) for name in names}


async def check(worker: Pool, outside: OutsideDesk, **rules: Any) -> int:
    return await desk_asking(worker, outside, **rules).check_due(never)


async def send(paper: Paper, text: str | None = None, **changes: Any) -> UUID:
    """A reply that came from `FROM`."""
    changes |= {} if text is None else {"text": text}
    accepted = await paper.accept(make_submission(**changes), as_submitted=FROM)
    return accepted.id
