"""Checks what is due: claims pending comments, gathers evidence, judges, and records the decision."""

import random
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import orjson
import structlog

from service.domain.errors import StorageUnavailable
from service.domain.finding import Finding
from service.domain.reasons import Reason
from service.domain.site import Site
from service.domain.status import Status
from service.domain.traits import Traits
from service.limits.limit import Limit
from service.moderation.checks.thread_heat import HEATED_BY
from service.moderation.confirmation import confirmed_first, trusted
from service.moderation.evidence import Evidence
from service.moderation.finding_document import as_document
from service.moderation.judge import Verdict, judge
from service.moderation.learning.restraint import restrained
from service.moderation.pipeline import Deadline, forget_texts, run_checks
from service.moderation.premoderation import premoderated
from service.moderation.sketch import ALIKE_FROM, sketch
from service.moderation.traits import traits_of
from service.moderation.weighing import with_sum
from service.storage import evidence as stored
from service.storage import leases, moves, revisions, samples
from service.storage.leases import Leased
from service.storage.pool import Connection, Pool, connection, in_transaction, settled
from service.usecases.ask_outside import Answered, OutsideDesk, has_services, wants_outside
from service.usecases.directory import SiteDirectory
from service.usecases.shadow import Decided, ShadowDesk
from service.usecases.site_models import SiteModelShelf
from service.usecases.waiting_room import WaitingRoom

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
"""A comment whose check was begun this often without an end goes to a person."""

LOOK_AGAIN_S = 0.25
"""While nothing else is due and services are being asked, so often is looked for what came meanwhile."""

_NONE = Traits()
_ACTIONS = {
    Status.PUBLISHED: "publish",
    Status.HELD: "hold",
    Status.REJECTED: "reject",
    Status.SPAM: "spam",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRules:
    """How work is claimed and how long it may take.

    `deadline` interrupts a check; `watchdog` ends the process where all checks of a comment hear nothing.
    """

    lease: timedelta
    batch: int
    deadline: Deadline
    watchdog: Deadline = nullcontext
    author_limit: Limit | None
    network_limit: Limit | None


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """Checks comments; `marks` is a pool whose commits need not wait for the disk (attempts, sketches).

    Candidates are asked about what was decided when nothing is due, so no live decision waits for them.
    """

    pool: Pool
    marks: Pool
    directory: SiteDirectory
    rules: CheckRules
    outside: OutsideDesk = field(default_factory=OutsideDesk)
    drawn: Callable[[], float] = random.random
    """Between 0 and 1; below a site's share of samples, a decision is drawn for one."""
    shadow: ShadowDesk = field(init=False)
    shelf: SiteModelShelf = field(init=False)

    def __post_init__(self) -> None:
        desk = ShadowDesk(self.marks, self.rules.deadline, self.rules.watchdog)
        object.__setattr__(self, "shadow", desk)
        object.__setattr__(self, "shelf", SiteModelShelf(self.pool))

    async def check_due(self, should_stop: Callable[[], bool]) -> int:
        """Check what is due until nothing is, or until `should_stop`; how many were decided.

        Raises:
            StorageUnavailable: Postgres went away; the leases end by themselves.
        """
        async with connection(self.pool) as held:
            if recalled := await leases.recall(held, self.rules.lease):
                log.warning("the database's clock went back", recalled=recalled)
        room = WaitingRoom(self.pool, self.marks, self.rules.lease, self.outside.at_once)
        decided = 0
        try:
            while not should_stop():
                token = uuid4()
                if batch := await self._claim(token, room):
                    decided += await self._check_batch(batch, token, room, should_stop)
                    decided += await room.decided(within_s=0)
                elif await self.shadow.judge_some():
                    continue  # something may have become due meanwhile
                elif room.is_empty:
                    break
                else:
                    decided += await room.decided(within_s=LOOK_AGAIN_S)
            decided += await room.close()
        finally:
            await room.abandon()
            forget_texts()
        return decided

    async def _claim(self, token: UUID, room: WaitingRoom) -> list[Leased]:
        """What is due; while services keep as many as they may, of the sites that ask none."""
        without = await self.directory.ids_of(_asks) if room.is_full else []
        rules = self.rules
        async with connection(self.pool) as held:
            return await leases.claim_due(held, token, limit=rules.batch, lease=rules.lease, without=without)

    async def _check_batch(
        self, batch: list[Leased], token: UUID, room: WaitingRoom, should_stop: Callable[[], bool]
    ) -> int:
        decided = 0
        for index, leased in enumerate(batch):
            if should_stop():
                async with connection(self.pool) as held:
                    await leases.release(held, batch[index:], token)
                break
            decided += await self._check_alone(leased, token, room)
        return decided

    async def _check_alone(self, leased: Leased, token: UUID, room: WaitingRoom) -> bool:
        """Whatever goes wrong about one comment stays with it: its lease ends, and its attempt counts."""
        try:
            return await self._check(leased, token, await self.directory.of_id(leased.site_id), room)
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  (the others of its batch are innocent)
            log.warning("check failed", comment=str(leased.id), error=type(error).__name__)
            return False

    async def _check(self, leased: Leased, token: UUID, site: Site, room: WaitingRoom) -> bool:
        """Check one comment; False if services are asked, or if someone else decided or took the lease."""
        if leased.attempts >= MAX_ATTEMPTS:
            return await self._record(leased, token, site, _give_up(), ())
        async with connection(self.marks) as held:
            attempt = await leases.count_attempt(held, leased, token, self.rules.lease)
        if attempt is None:
            return False
        evidence = await self._gather(leased, attempt.text)
        evidence = replace(evidence, site_models=await self.shelf.of(site))
        with self.rules.watchdog():
            findings = run_checks(evidence, site.policy, self.rules.deadline)
        verdict = _verdict(findings, site, evidence)
        if wants_outside(verdict, site.policy):
            room.enter(leased, token, lambda: self._ask_outside(leased, token, site, evidence, findings))
            return False
        return await self._settle(leased, token, Decided(site, leased.id, evidence, findings, verdict))

    async def _settle(self, leased: Leased, token: UUID, to: Decided) -> bool:
        findings = with_sum(to.findings, to.site.policy)
        traits = traits_of(findings, to.evidence.text)
        decided = await self._record(leased, token, to.site, to.verdict, findings, traits)
        if decided and leased.revises is None:
            self.shadow.watch(to)
        return decided

    async def _ask_outside(
        self, leased: Leased, token: UUID, site: Site, evidence: Evidence, findings: tuple[Finding, ...]
    ) -> bool:
        """What the services say is judged with the rest, once: a verdict that is not final is waited for."""
        answered = await self.outside.ask(self.pool, site, leased, findings)
        findings = (*findings, *answered.findings)
        verdict = _verdict(findings, site, evidence)
        if verdict.reason is Reason.CHECK_FAILED and self._may_wait(leased, answered):
            async with connection(self.pool) as held:
                await leases.put_off(held, leased, token, timedelta(seconds=answered.again_in_s or 0))
            return False
        return await self._settle(leased, token, Decided(site, leased.id, evidence, findings, verdict))

    def _may_wait(self, leased: Leased, answered: Answered) -> bool:
        """Once, and no longer than a lease: what is due later than two of them is taken for a wrong clock."""
        wait_s = answered.again_in_s
        return wait_s is not None and leased.attempts == 0 and wait_s <= self.rules.lease.total_seconds()

    async def _gather(self, leased: Leased, text: str) -> Evidence:
        author, network = self.rules.author_limit, self.rules.network_limit
        wanted = stored.Wanted(
            author_window=timedelta(seconds=author.seconds if author else 0),
            network_window=timedelta(seconds=network.seconds if network else 0),
            author_up_to=author.count + 1 if author else 1,
            network_up_to=network.count + 1 if network else 1,
            bands=sketch(text),
            alike_from=ALIKE_FROM,
            heated_by=HEATED_BY,
        )
        async with connection(self.marks) as held:
            facts = await stored.read_facts(held, leased.site_id, leased.id, wanted)
        return Evidence(
            **{name: getattr(facts, name) for name in stored.FACTS},
            author_limit=author.count if author else None,
            network_limit=network.count if network else None,
        )

    async def _record(
        self,
        leased: Leased,
        token: UUID,
        site: Site,
        verdict: Verdict,
        findings: tuple[Finding, ...],
        traits: Traits = _NONE,
    ) -> bool:
        to = moves.Move(
            site_id=leased.site_id,
            comment_id=leased.id,
            version=leased.version,
            lease_token=token,
            status=verdict.status,
            source="checks",
            action=_ACTIONS[verdict.status],
            reason=str(verdict.reason) if verdict.reason else None,
            policy_version=site.policy_version,
            decided_by=verdict.decided_by,
            rule=verdict.rule or None,
            findings=orjson.dumps([as_document(finding) for finding in findings]).decode(),
            traits=traits,
        )
        if leased.revises and verdict.status is Status.PUBLISHED:
            version = await self._take_in(to)
        else:
            version = await self._move(site, to)
        log.info(
            "comment checked",
            comment=str(leased.id),
            site=site.slug,
            status=str(verdict.status) if version else "decided by another",
            reason=to.reason,
            attempt=leased.attempts + 1,
        )
        return version is not None

    async def _take_in(self, to: moves.Move) -> int | None:
        """An edit that passes; a person looks where its comment was refused, or had a part taken out."""

        async def taken(held: Connection) -> int | None:
            is_in = await revisions.take_in(held, to)
            if is_in is False:
                return await moves.move(held, replace(to, status=Status.HELD, action="hold", reason=None))
            return to.version + 1 if is_in else None

        return await in_transaction(self.pool, taken)

    async def _move(self, site: Site, to: moves.Move) -> int | None:
        """Carry it out; of what is decided alone, note a random sample for people to look at afterwards."""
        share = site.policy.promise.sample
        if to.status is Status.HELD or self.drawn() >= share:
            return await settled(self.pool, lambda held: moves.move(held, to))

        async def moved(held: Connection) -> int | None:
            version = await moves.move(held, to)
            if version is not None:
                await samples.insert_sample(
                    held, to.site_id, to.comment_id, status=str(to.status), share=share
                )
            return version

        return await in_transaction(self.pool, moved)


def _verdict(findings: tuple[Finding, ...], site: Site, evidence: Evidence) -> Verdict:
    """What the findings come to under the policy, the site's promise, and what moderators ordered here."""
    verdict = restrained(judge(findings, site.policy), evidence.site_models.thresholds)
    verdict = trusted(verdict, site.policy, evidence)
    is_hot = site.mode_at(datetime.now(UTC)) != "usual"  # what came before it was closed waits too
    verdict = premoderated(verdict, page=evidence.page_premoderated, site=is_hot)
    return confirmed_first(verdict, site.policy, evidence)


def _asks(site: Site) -> bool:
    return has_services(site.policy)


def _give_up() -> Verdict:
    return Verdict(status=Status.HELD, reason=Reason.CHECK_FAILED, decided_by=None)
