"""Any order of submissions, checks, crashes, decisions and clock jumps leaves what was promised true.

Hypothesis draws the order; the real use cases and SQL carry it out on a real Postgres; dicts say what must
come of it. `TEST_REPLYDESK_STATE_EXAMPLES=2000` looks at that many orders, other ones each time; what fails
is printed as a program of steps.
"""

import asyncio
import os
from collections.abc import Awaitable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from service.domain.errors import (
    ClaimedByAnother,
    IdempotencyKeyReused,
    IllegalMove,
    NothingToUndo,
    StaleVersion,
)
from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.judge import Verdict
from service.moderation.pipeline import run_checks
from service.storage import leases, queue
from service.storage.pool import Pool, connection, in_transaction, open_pool
from service.storage.rechecks import Recheck, recheck_some
from service.usecases import check, erase
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.decide import MOVES, Judge
from service.usecases.directory import SiteDirectory
from service.usecases.sweep import drop_old_keys, sweep
from service.usecases.waiting_room import WaitingRoom
from tests.factories import PAGE_URL, Paper, make_arrival, make_email, make_submission
from tests.storage.state_model import MAX_ATTEMPTS, Key, Known, Model

EXAMPLES = int(os.environ.get("TEST_REPLYDESK_STATE_EXAMPLES", "0"))
PAGES = (PAGE_URL, PAGE_URL + "/2")
READERS = tuple(make_email() for _ in range(3))
LEASE = timedelta(minutes=1)
SAYS = {
    "pass": "published", "hold": "held", "reject": "rejected", "spam": "spam", "raise": "held", "die": None,
}  # fmt: skip
ACTIONS = {"published": "publish", "held": "hold", "rejected": "reject", "spam": "spam"}
EMPTY = """
BEGIN; DELETE FROM submission_key; DELETE FROM comment_email; DELETE FROM decision; DELETE FROM comment;
DELETE FROM author_identity; DELETE FROM author; DELETE FROM page; DELETE FROM chore; COMMIT
"""
"""Little was written; TRUNCATE would make every file of the tables anew."""
ENDED_CLAIMS = """
UPDATE comment SET claimed_by = NULL, claimed_until = NULL WHERE claimed_until < clock_timestamp()
"""
FEW = 5
"""Events must meet at the same comment to show anything."""
WHICH = st.integers(min_value=0, max_value=30)


@dataclass
class ToldWhatToSay:
    """A check that answers, fails, or ends the worker under which it runs."""

    says: str = "pass"
    NAME = "told"
    VERSION = 1
    READS = ()

    def check(self, _evidence: Any, _policy: Policy, /) -> Finding:
        if self.says == "die":
            raise SystemExit
        if self.says == "raise":
            raise ValueError
        outcome = Outcome(self.says)
        return Finding(self.NAME, self.VERSION, outcome, None if self.says == "pass" else Reason.OTHER)


@dataclass
class World:
    """The database and its two roles, on one event loop for all examples."""

    runner: asyncio.Runner
    owner: "asyncpg.Connection[asyncpg.Record]"
    worker: Pool
    paper: Paper
    noor: Judge
    check: ToldWhatToSay
    desk: CheckDesk

    def run(self, work: Awaitable[Any]) -> Any:
        async def working() -> Any:
            return await work

        return self.runner.run(working())

    def execute(self, sql: str, *values: Any) -> None:
        self.run(self.owner.execute(sql, *values))

    def fetch(self, sql: str) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = self.run(self.owner.fetch(sql))
        return rows


async def open_world(url: str, runner: asyncio.Runner) -> World:
    owner = await asyncpg.connect(url, command_timeout=10)
    web = await open_pool(url, "replydesk_web", size=2, name="test-web")
    worker = await open_pool(url, "replydesk_worker", size=2, name="test-worker")
    paper = await Paper.open(owner, web, Policy(publish="auto"))
    rules = CheckRules(lease=LEASE, batch=20, deadline=nullcontext, author_limit=None, network_limit=None)
    desk = CheckDesk(worker, worker, SiteDirectory(worker), rules)
    return World(runner, owner, worker, paper, await paper.colleague(), ToldWhatToSay(), desk)


async def close_world(world: World) -> None:
    world.worker.terminate()
    world.paper.web.terminate()
    await world.owner.close()


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with asyncio.Runner() as runner:
        made = runner.run(open_world(database_url, runner))
        monkeypatch.setattr(check, "run_checks", partial(run_checks, checks=(made.check,)))
        yield made
        runner.run(close_world(made))


class Moderation(RuleBasedStateMachine):
    """One site with two pages, three readers, two moderators, and any number of workers."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    @initialize()
    def begin(self) -> None:
        self.world.execute(EMPTY)

    # Readers

    @precondition(lambda self: len(self.model.comments) < FEW)
    @rule(page=st.sampled_from(PAGES), reader=st.sampled_from(READERS), has_key=st.booleans(), parent=WHICH)
    def submit(self, page: str, reader: Any, has_key: bool, parent: int) -> None:
        above = [one for one in self.model.with_status("published") if one.arrival.page_url == page]
        parent_id = above[parent % len(above)].id if above and parent % 2 else None
        key = uuid4().hex if has_key else None
        sent = make_submission(email=reader, page_url=page, parent_id=parent_id)
        self._accept_new(Known(uuid4(), sent, make_arrival(page_url=page, idempotency_key=key)))

    @precondition(lambda self: self.model.comments)
    @rule(which=WHICH)
    def send_again(self, which: int) -> None:
        known = self._pick(list(self.model.comments.values()), which)
        parent_id = known.submission.parent_id
        if parent_id and self.model.comments[parent_id].status != "published":
            return  # refused where it is not known already; test_submit has that
        first = self.model.remembered(self._key(known))
        if first is None:
            if len(self.model.comments) < FEW:
                self._accept_new(known)
            return
        again = self.world.run(
            self.world.paper.desk.accept(self.world.paper.site, known.submission, known.arrival)
        )
        assert (again.id, again.is_new) == (first, False)

    @precondition(lambda self: any(known.arrival.idempotency_key for known in self.model.comments.values()))
    @rule(which=WHICH, is_form=st.booleans())
    def send_another_body_under_a_key(self, which: int, is_form: bool) -> None:
        known = self._pick(
            [one for one in self.model.comments.values() if one.arrival.idempotency_key], which
        )
        if known.arrival.idempotency_key not in self.model.keys:
            return
        other = replace(make_submission(page_url=known.submission.page_url), parent_id=None)
        if is_form and len(self.model.comments) < FEW:
            self._accept_new(Known(uuid4(), other, known.arrival))
            return
        arrival = replace(known.arrival, refuse_other_body=True)
        with pytest.raises(IdempotencyKeyReused):
            self.world.run(self.world.paper.desk.accept(self.world.paper.site, other, arrival))

    # Workers

    @rule(limit=st.integers(min_value=1, max_value=5))
    def claim(self, limit: int) -> None:
        token, due = uuid4(), self.model.due()

        async def claimed() -> list[leases.Leased]:
            async with connection(self.world.worker) as held:
                return await leases.claim_due(held, token, limit=limit, lease=LEASE)

        got = self.world.run(claimed())
        assert len(got) == min(limit, len(due))
        for leased in got:
            known = self.model.comments[leased.id]
            assert known in due
            assert (leased.version, leased.attempts) == (known.version, known.attempts)
            known.token, known.is_due = token, False
            self.model.leases.append((leased, token))

    @precondition(lambda self: self.model.leases)
    @rule(which=WHICH, says=st.sampled_from(sorted(SAYS)))
    def check_one(self, which: int, says: str) -> None:
        """Each worker checks what it leased, in time or long after, alive or dying."""
        leased, token = self.model.leases.pop(which % len(self.model.leases))
        known = self.model.comments[leased.id]
        fits, gives_up = known.is_leased_to(leased, token), leased.attempts >= MAX_ATTEMPTS
        self.world.check.says = says
        decided = False
        with suppress(SystemExit):
            desk = self.world.desk
            room = WaitingRoom(desk.pool, desk.marks, LEASE, 1)  # nobody waits there: no service is asked
            decided = self.world.run(desk._check_alone(leased, token, room))
        status = "held" if gives_up else SAYS[says]
        assert decided is (fits and status is not None)
        if fits and not gives_up:
            known.attempts, known.is_due = known.attempts + 1, False
        if fits and status is not None:
            known.move(status, "checks", ACTIONS[status])

    @precondition(lambda self: self.model.leases)
    @rule(which=WHICH)
    def begin_to_check(self, which: int) -> None:
        """A slow worker: whatever happens now happens before its verdict."""
        leased, token = self.model.leases[which % len(self.model.leases)]
        if leased.attempts >= MAX_ATTEMPTS:
            return  # given up without a check: check_one has that
        self.model.leases.remove((leased, token))
        known = self.model.comments[leased.id]
        fits = known.is_leased_to(leased, token)

        async def counted() -> int | None:
            async with connection(self.world.worker) as held:
                attempt = await leases.count_attempt(held, leased, token, LEASE)
            return attempt.number if attempt else None

        assert self.world.run(counted()) == (known.attempts + 1 if fits else None)
        if fits:
            known.attempts, known.is_due = known.attempts + 1, False
            self.model.begun.append((leased, token))

    @precondition(lambda self: self.model.begun)
    @rule(which=WHICH, status=st.sampled_from(sorted(ACTIONS)))
    def end_to_check(self, which: int, status: str) -> None:
        leased, token = self.model.begun.pop(which % len(self.model.begun))
        known = self.model.comments[leased.id]
        fits = known.is_leased_to(leased, token)
        reason = Reason.OTHER if status == "rejected" else None  # a rejection is never without its reason
        verdict = Verdict(status=Status(status), reason=reason, decided_by=None)
        desk, site = self.world.desk, self.world.paper.site
        assert self.world.run(desk._record(leased, token, site, verdict, ())) is fits
        if fits:
            known.move(status, "checks", ACTIONS[status])

    @precondition(lambda self: self.model.leases)
    @rule(which=WHICH)
    def release(self, which: int) -> None:
        leased, token = self.model.leases.pop(which % len(self.model.leases))

        async def released() -> None:
            async with connection(self.world.worker) as held:
                await leases.release(held, [leased], token)

        self.world.run(released())
        known = self.model.comments[leased.id]
        if (known.status, known.token) == ("pending", token):
            known.token, known.is_due = None, True

    @rule()
    def let_leases_end(self) -> None:
        self.world.execute("UPDATE comment SET due_at = clock_timestamp() - interval '1 second'")
        self._all_are_due()

    # Moderators

    @precondition(lambda self: self.model.comments)
    @rule(which=WHICH, action=st.sampled_from(sorted(MOVES)), by_noor=st.booleans(), is_stale=st.booleans())
    def decide(self, which: int, action: str, by_noor: bool, is_stale: bool) -> None:
        known, judge = self._pick(list(self.model.comments.values()), which), self._judge(by_noor)
        version = known.version - is_stale
        deciding = self.world.paper.decide(known.id, action, version=version, judge=judge)
        if known.status == "erased":
            with pytest.raises(IllegalMove):
                self.world.run(deciding)
        elif is_stale:
            with pytest.raises(StaleVersion):
                self.world.run(deciding)
        elif known.claimed_by not in {None, judge.moderator_id}:
            with pytest.raises(ClaimedByAnother):
                self.world.run(deciding)
        else:
            self.world.run(deciding)
            known.move(str(MOVES[action]), "moderator", action)
            self._end_claim(known)

    @precondition(lambda self: self.model.comments)
    @rule(which=WHICH, by_noor=st.booleans())
    def undo(self, which: int, by_noor: bool) -> None:
        known, judge = self._pick(list(self.model.comments.values()), which), self._judge(by_noor)
        undoing = self.world.paper.undo(known.id, judge)
        if known.status == "erased":
            with pytest.raises(IllegalMove):
                self.world.run(undoing)
        elif known.claimed_by not in {None, judge.moderator_id}:
            with pytest.raises(ClaimedByAnother):
                self.world.run(undoing)
        elif not known.can_be_undone():
            with pytest.raises(NothingToUndo):
                self.world.run(undoing)
        else:
            self.world.run(undoing)
            known.move(known.history[-1].from_status, "moderator", "undo")
            self._end_claim(known)

    @rule(limit=st.integers(min_value=1, max_value=3))
    def recheck(self, limit: int) -> None:
        """What the checks alone held is pending again; nothing that a person decided or looks at."""
        wish, web = Recheck(self.world.paper.site.id), self.world.paper.web
        given = self.world.run(in_transaction(web, lambda held: recheck_some(held, wish, limit=limit)))
        may = [known for known in self.model.with_status("held") if known.is_the_checks_own()]
        assert given == sorted(known.id for known in may)[:limit]
        for known in map(self.model.comments.__getitem__, given):
            known.move("pending", "operator", "recheck")
            known.attempts, known.is_due = 0, True

    @rule(reader=st.sampled_from(READERS))
    def erase(self, reader: Any) -> None:
        """All that this reader ever sent becomes tombstones, whoever is at work on it."""
        paper = self.world.paper
        self.world.run(erase.erase(paper.web, paper.desk.vault, reader, [paper.site.id]))
        self.world.run(erase.go_on(paper.web))
        for known in self.model.comments.values():
            if known.submission.email == reader and known.status != "erased":
                known.move("erased", "request", "erase")
                known.token = known.claimed_by = None
        keys = self.model.keys.items()
        erased = {known.id for known in self.model.with_status("erased")}
        self.model.keys = {name: key for name, key in keys if key.comment_id not in erased}

    @rule(limit=st.integers(min_value=1, max_value=3), by_noor=st.booleans())
    def claim_held(self, limit: int, by_noor: bool) -> None:
        judge = self._judge(by_noor)
        free = {one.id for one in self.model.with_status("held") if one.claimed_by is None}

        async def claimed() -> list[Any]:
            async with connection(self.world.paper.web) as held:
                return await queue.claim_held(
                    held, judge.site_ids, judge.moderator_id, limit=limit, seconds=300
                )

        got = self.world.run(claimed())
        assert len(set(got)) == len(got) == min(limit, len(free))
        assert set(got) <= free
        for comment_id in got:
            known = self.model.comments[comment_id]
            known.claimed_by, known.claim_age_h = judge.moderator_id, 0

    # Time

    @rule(hours=st.sampled_from([1, 25]))
    def clock_goes_ahead(self, hours: int) -> None:
        self._shift(timedelta(hours=-hours))
        self.world.run(drop_old_keys(self.world.worker))
        self.world.execute(ENDED_CLAIMS)
        self.model.let_pass(hours)
        self._all_are_due()

    @rule()
    def clock_goes_back(self) -> None:
        """What was leased or due before lies an hour ahead now, and must not wait for that hour."""
        self._shift(timedelta(hours=1))
        self.model.let_pass(-1)

        async def recalled() -> int:
            async with connection(self.world.worker) as held:
                return await leases.recall(held, LEASE)

        self.world.run(recalled())
        self.world.execute("UPDATE comment SET due_at = clock_timestamp() WHERE status <> 'pending'")
        self._all_are_due()

    @rule()
    def do_the_housekeeping(self) -> None:
        self.world.run(sweep(self.world.worker, seconds=10))

    # What is always true

    @invariant()
    def the_tables_are_as_promised(self) -> None:
        if not self.model.comments:
            return
        comments = self.world.fetch(
            """
            SELECT id, page_id, status, version, text, attempts, ancestors, published_descendants,
                   lease_token, claimed_by
            FROM comment
            """
        )
        history = self.world.fetch(
            """
            SELECT comment_id, id, version, from_status, status, source, action, moderator_id, policy_version
            FROM decision ORDER BY id
            """
        )
        pages = self.world.fetch("SELECT id, published_count, revision FROM page")
        self.model.compare_comments(comments)
        self.model.compare_history(history, comments)
        self.model.compare_counts(pages, comments)

    # Steps of steps

    def _accept_new(self, sent: Known) -> None:
        accepted = self.world.run(
            self.world.paper.desk.accept(self.world.paper.site, sent.submission, sent.arrival)
        )
        assert accepted.is_new
        assert accepted.id not in self.model.comments
        new = self.model.comments[accepted.id] = Known(accepted.id, sent.submission, sent.arrival)
        self.model.keys[self._key(new)] = Key(new.id)

    def _key(self, known: Known) -> str:
        """Under which a repeat is known: its key; for a form's other body both; or (`?`) its words."""
        key, text = known.arrival.idempotency_key, known.submission.text
        if key is None:
            return "?" + text
        first = self.model.remembered(key)
        return key if first is None or self.model.comments[first].submission.text == text else key + text

    def _pick(self, among: list[Known], which: int) -> Known:
        return among[which % len(among)]

    def _judge(self, by_noor: bool) -> Judge:
        return self.world.noor if by_noor else self.world.paper.mina

    def _end_claim(self, known: Known) -> None:
        if known.status != "held":
            known.claimed_by = None

    def _all_are_due(self) -> None:
        for known in self.model.comments.values():
            known.is_due = True

    def _shift(self, by: timedelta) -> None:
        """As if the database's clock had jumped by the opposite."""
        for table, columns in {
            "comment": ("due_at", "submitted_at", "published_at", "claimed_until"),
            "decision": ("decided_at",),
            "submission_key": ("submitted_at",),
            "page": ("created_at",),
            "chore": ("ran_at",),
        }.items():
            moved = ", ".join(f"{column} = {column} + $1::interval" for column in columns)
            self.world.execute(f"UPDATE {table} SET {moved}", by)  # noqa: S608


@pytest.mark.timeout(max(300, EXAMPLES * 3))
def test_any_order_of_events_keeps_every_promise(world: World) -> None:
    Moderation.world = world
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Moderation,
        settings=settings(
            max_examples=EXAMPLES or 40,
            stateful_step_count=40,
            derandomize=not EXAMPLES,
            print_blob=True,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
