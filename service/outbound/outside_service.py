"""A service that may be asked, as far as we let ourselves: with a rate, and with a rest when it fails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from service.outbound.breaker import CircuitBreaker
from service.outbound.bucket import TokenBucket
from service.outbound.errors import NoAnswer
from service.outbound.restraint import Restraint

log = structlog.get_logger(__name__)

Ask = Callable[[object], Awaitable[object]]
"""Sends a document and gives the answer, such as `post_json` with an address; raises NoAnswer."""


@dataclass(slots=True)
class OutsideService:
    """`answer` never raises: where there is no answer, a check says `unknown` and a person looks.

    Attributes:
        name: ours for it, for the log.
    """

    name: str
    ask: Ask
    bucket: TokenBucket
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)

    async def answer(self, document: object) -> object | None:
        """What the service answers; null where it gives no answer, whatever the reason.

        JSON's own null is no answer either.
        """
        try:
            return await Restraint(self.bucket, self.breaker).run(lambda: self.ask(document))
        except NoAnswer as failure:
            log.warning("an outside service gave no answer", service=self.name, error=type(failure).__name__)
            return None
