"""What another policy would have said: old answers where they must be the same, else new ones."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.backtest.replay import Past, Replayed, Replayer
from service.moderation.checks import abuse, spam
from service.moderation.evidence import Evidence
from service.moderation.learning.thresholds import NEVER_ALONE, Thresholds
from tests.unit.moderation.factories import make_evidence


@dataclass
class Counting:
    """A check that holds more than `max_links` letters x, and counts how often it is asked."""

    asked: int = 0
    NAME: str = "links"
    VERSION: int = 3
    READS: tuple[str, ...] = ("max_links",)
    looks_at: str = "text"
    seen: list[Any] = field(default_factory=list)

    def check(self, evidence: Evidence, policy: Policy, /) -> Finding:
        self.asked += 1
        self.seen.append(getattr(evidence, self.looks_at))
        if evidence.text.count("x") > policy.max_links:
            return Finding(self.NAME, self.VERSION, Outcome.HOLD, Reason.LINKS, rule="max_links")
        return Finding(self.NAME, self.VERSION, Outcome.PASS)


AUTO = Policy(publish="auto")
HIT = Finding("links", 3, Outcome.HOLD, Reason.LINKS, rule="max_links")


def replay(
    old: Policy,
    new: Policy,
    *said: Finding,
    check: Counting | None = None,
    evidence: Evidence | None = None,
    is_whole: bool = False,
) -> Replayed:
    past = Past(evidence or make_evidence("x x"), 1, {finding.check: finding for finding in said})
    checks = (check or Counting(),)
    return Replayer(new, {1: old}, checks=checks, is_whole=is_whole).replay(past)


def policy(**changes: Any) -> Policy:
    return Policy.model_validate({"publish": "auto"} | changes)


def test_an_answer_by_the_same_lines_is_used_again() -> None:
    check = Counting()
    done = replay(AUTO, policy(depth=1, blocked_words=["x"]), HIT, check=check)
    assert (check.asked, done.reused, done.run, done.missing) == (0, 1, 0, ())
    assert (done.verdict.status, done.verdict.rule) == (Status.HELD, "max_links")


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        (HIT, policy(max_links=1)),  # another line
        (Finding("links", 2, Outcome.HOLD, Reason.LINKS), AUTO),  # another version of the check
        (Finding("links", 3, Outcome.UNKNOWN, Reason.CHECK_FAILED), AUTO),  # it failed then
        (Finding("patterns", 3, Outcome.HOLD, Reason.LINKS), AUTO),  # it was off then
    ],
)
def test_a_check_runs_again_where_its_answer_may_be_another(stored: Finding, new: Policy) -> None:
    check = Counting()
    done = replay(AUTO, new, stored, check=check)
    assert (check.asked, done.reused, done.run) == (1, 0, 1)
    assert done.verdict.status is (Status.HELD if new.max_links == 1 else Status.PUBLISHED)


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        (None, None, False), (None, "spam", False), (None, "note", False), ("spam", "spam", False),
        ("spam", "reject", False), ("hold", "note", False), ("note", "note", False),
        ("spam", None, True), ("note", "hold", True), ("note", None, True),
    ],
)  # fmt: skip
def test_an_action_that_hides_what_the_check_said_makes_it_run_again(
    before: str | None, after: str | None, *, runs: bool
) -> None:
    old, new = (policy(checks={"links": {"action": action}}) for action in (before, after))
    check = Counting()
    done = replay(old, new, HIT, check=check)
    assert check.asked == runs
    if not runs and after not in {None, "note"}:
        assert done.verdict.rule == "checks.links.action"


def test_a_check_that_is_off_says_nothing_whatever_it_said() -> None:
    done = replay(AUTO, policy(checks={"links": {"on": False}}), HIT)
    assert (done.reused, done.run) == (0, 0)


@pytest.mark.parametrize("name", ["repeats_by_author", "author_in_window", "heated_nearby", "user_agent"])
def test_what_was_counted_at_the_moment_is_not_made_up(name: str) -> None:
    new = policy(max_links=0)
    done = replay(AUTO, new, HIT, check=Counting(looks_at=name))
    assert done.missing == ("links",)
    assert done.verdict.status is Status.HELD  # by the old answer
    none_then = replay(AUTO, new, check=Counting(looks_at=name), evidence=make_evidence("calm"))
    assert (none_then.missing, none_then.verdict.status) == (("links",), Status.PUBLISHED)


def test_with_the_evidence_itself_nothing_is_missing() -> None:
    check = Counting(looks_at="heated_nearby")
    whole = make_evidence("x x", heated_nearby=4)
    done = replay(AUTO, policy(max_links=0), HIT, check=check, evidence=whole, is_whole=True)
    assert (done.missing, check.seen) == ((), [4])


def test_the_browser_is_known_until_it_is_forgotten() -> None:
    known = make_evidence("x x", user_agent="curl")
    done = replay(AUTO, policy(max_links=0), check=Counting(looks_at="user_agent"), evidence=known)
    assert done.missing == ()


ASKED = {"services": {"akismet": {"on": True}}}
SPAM = Finding("akismet", 1, Outcome.SPAM, Reason.SPAM)


def test_a_service_is_not_asked_and_what_it_said_is_used_again() -> None:
    done = replay(policy(**ASKED), policy(max_links=9, **ASKED), SPAM)
    assert (done.verdict.status, done.missing) == (Status.SPAM, ())
    off = replay(policy(**ASKED), policy(max_links=9), SPAM)
    assert (off.verdict.status, off.missing) == (Status.PUBLISHED, ())


def test_a_service_that_was_not_asked_is_missing_where_it_would_be_now() -> None:
    assert replay(AUTO, policy(max_links=9, **ASKED)).missing == ("akismet",)
    assert replay(AUTO, policy(max_links=0, **ASKED)).missing == ()  # held: nobody would ask


def test_other_thresholds_of_a_service_cannot_be_replayed() -> None:
    other = {"services": {"akismet": {"on": True, "hold_above": 0.1}}}
    done = replay(policy(**ASKED), policy(max_links=9, **other), SPAM)
    assert (done.verdict.status, done.missing) == (Status.SPAM, ("akismet",))


def test_another_promise_cannot_be_replayed() -> None:
    assert replay(AUTO, policy(promise={"publish": 0.9}), HIT).missing == ("promise",)


FOUND = Thresholds(spam_held_above=0.4, abuse_held_above=0.3, spam_above=0.9, basis="found")


@pytest.mark.parametrize(
    ("check", "score", "was", "becomes"),
    [
        (spam, 0.5, Outcome.PASS, Status.HELD),
        (spam, 0.3, Outcome.HOLD, Status.PUBLISHED),
        (spam, 0.95, Outcome.HOLD, Status.SPAM),
        (abuse, 0.5, Outcome.PASS, Status.HELD),
        (abuse, 0.2, Outcome.HOLD, Status.PUBLISHED),
    ],
)
def test_a_model_s_old_score_is_held_against_the_thresholds_of_the_candidate(
    check: Any, score: float, was: Outcome, becomes: Status
) -> None:
    reason = None if was is Outcome.PASS else Reason.SUSPICIOUS
    stored = Finding(check.NAME, check.VERSION, was, reason, score=score)
    past = Past(make_evidence("calm"), 1, {check.NAME: stored})
    done = Replayer(AUTO, {1: AUTO}, checks=(check,), thresholds=FOUND).replay(past)
    assert (done.verdict.status, done.reused) == (becomes, 1)


def test_a_model_that_failed_is_not_made_to_pass_by_other_thresholds() -> None:
    stored = Finding(spam.NAME, spam.VERSION, Outcome.UNKNOWN, Reason.CHECK_FAILED)
    past = Past(make_evidence("calm"), 1, {spam.NAME: stored})
    none_again = Replayer(AUTO, {1: AUTO}, checks=(spam,), thresholds=NEVER_ALONE).replay(past)
    assert none_again.verdict.status is Status.HELD


def test_an_action_holds_under_other_thresholds_too() -> None:
    new = policy(checks={"spam_model": {"action": "reject"}})
    stored = Finding(spam.NAME, spam.VERSION, Outcome.PASS, score=0.5)
    past = Past(make_evidence("calm"), 1, {spam.NAME: stored})
    done = Replayer(new, {1: AUTO}, checks=(spam,), thresholds=FOUND).replay(past)
    assert done.verdict.status is Status.REJECTED
