"""Asks the services that a site has on about a comment that its own checks would let through.

A service makes it stricter or leaves it as it was: what passes outside changes nothing, and whatever is in
doubt is `unknown`, so that a person looks.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from service.domain.errors import StorageUnavailable
from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.policy_parts import SERVICES, ServiceName, ServicePolicy
from service.domain.reasons import Reason
from service.domain.site import Site
from service.moderation.judge import Verdict, is_open
from service.moderation.machine_talk import find_machine_talk
from service.outbound.errors import NoAnswer, NotConfigured
from service.outbound.restraint import Restraint, within
from service.outbound.services.question import Opinion, Question, Service
from service.storage import as_submitted, service_use
from service.storage.leases import Leased
from service.storage.pool import Pool, connection, in_transaction
from service.usecases.question_of import question_of
from service.vault import SubmittedVault

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A configured service, how far we go with it, and the seconds for all of it: turn, budget, answer."""

    service: Service
    restraint: Restraint
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Answered:
    """One finding for each service that is on; `again_in_s` where one of them asks to be asked again."""

    findings: tuple[Finding, ...]
    again_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class OutsideDesk:
    """Without `services` nothing is configured: a site that has one on has its comments held.

    Attributes:
        vault: opens where a submission came from, for Akismet.
        all_may: how often one service may be asked in a day for all sites together; null is no bound.
        at_once: of how many comments services may be asked at the same time in this process.
    """

    services: Mapping[ServiceName, Guarded] = field(default_factory=dict)
    vault: SubmittedVault | None = None
    all_may: int | None = None
    at_once: int = 16

    async def ask(self, pool: Pool, site: Site, leased: Leased, findings: Sequence[Finding]) -> Answered:
        """What the services say, several at once, each within its deadline.

        Raises:
            StorageUnavailable: Postgres is away, so nobody can tell whether there is a budget.
        """
        async with connection(pool) as held:
            found = await as_submitted.read_surroundings(held, leased.site_id, leased.id)
        if found is None:
            return Answered(())
        question = question_of(site, leased.id, leased.version, found, self.vault)
        question = replace(question, is_again=leased.attempts > 0, findings=tuple(findings))
        names = [name for name in SERVICES if site.policy.service(name).on]
        asked = await asyncio.gather(
            *(self._ask_one(pool, site, name, question) for name in names), return_exceptions=True
        )
        opinions = [_opinion(name, one) for name, one in zip(names, asked, strict=True)]
        waits = [one.again_in_s for one in opinions if one.again_in_s is not None]
        ruled = tuple(
            _ruled(one.finding, site.policy.service(name)) for name, one in zip(names, opinions, strict=True)
        )
        return Answered(ruled, max(waits, default=None))

    async def _ask_one(self, pool: Pool, site: Site, name: ServiceName, question: Question) -> Opinion:
        guarded, policy = self.services.get(name), site.policy.service(name)
        if guarded is None:
            raise NotConfigured
        if name == "chat_policy" and (spans := find_machine_talk(question.text)):
            return Opinion(replace(_TALKS, version=guarded.service.VERSION, spans=spans))

        async def spend() -> bool:
            return await in_transaction(
                pool,
                lambda held: service_use.take_one(
                    held, site.id, name, site_may=policy.asked_per_day, all_may=self.all_may
                ),
            )

        asking = guarded.restraint.run(lambda: guarded.service.ask(question, policy), spend)
        return await within(guarded.deadline_s, asking)


_TALKS = Finding(
    "chat_policy",
    1,
    Outcome.HOLD,
    Reason.SUSPICIOUS,
    detail="the text speaks to the machine that would judge it, which was not asked",
)


def wants_outside(verdict: Verdict, policy: Policy) -> bool:
    """Whether a service is on, and the checks of our own have not decided: nothing speaks against it."""
    return is_open(verdict) and has_services(policy)


def has_services(policy: Policy) -> bool:
    """Whether a site has any of them on."""
    return any(one.on for one in policy.services.values())


def _opinion(name: ServiceName, asked: Opinion | BaseException) -> Opinion:
    if isinstance(asked, Opinion):
        return asked
    if isinstance(asked, StorageUnavailable) or not isinstance(asked, Exception):
        raise asked
    log.warning("an outside service gave no answer", service=name, error=type(asked).__name__)
    detail = asked.reason if isinstance(asked, NoAnswer) else type(asked).__name__
    return Opinion(Finding(name, 1, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=detail))


def _ruled(finding: Finding, policy: ServicePolicy) -> Finding:
    """A site may say what a hit leads to; a pass and a doubt stay what they are."""
    if finding.outcome in {Outcome.PASS, Outcome.UNKNOWN}:
        return finding
    line = f"services.{finding.check}"
    if policy.action is None:
        return replace(finding, rule=line)
    return replace(finding, outcome=policy.action, rule=f"{line}.action")
