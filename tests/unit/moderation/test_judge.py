"""Nothing is published unless something was checked and everything passed."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.judge import Verdict, judge
from tests.unit.moderation.factories import make_finding

AUTO = Policy(publish="auto")
REVIEW = Policy(publish="review")
LENIENT_FIRST = [Status.PUBLISHED, Status.HELD, Status.REJECTED, Status.SPAM]

findings = st.builds(
    make_finding,
    st.sampled_from(Outcome),
    check=st.sampled_from(["honeypot", "links", "repeats"]),
    reason=st.sampled_from(Reason),
)
policies = st.sampled_from([AUTO, REVIEW])


@pytest.mark.parametrize(
    ("outcomes", "status", "decided_by"),
    [
        ("pass pass", Status.PUBLISHED, None),
        ("pass hold", Status.HELD, "check1"),
        ("hold hold", Status.HELD, "check0"),
        ("unknown hold", Status.HELD, "check1"),
        ("unknown pass", Status.HELD, "check0"),
        ("hold unknown reject", Status.REJECTED, "check2"),
        ("reject spam reject", Status.SPAM, "check1"),
        ("spam hold spam", Status.SPAM, "check0"),
        ("unknown reject", Status.REJECTED, "check1"),
    ],
)
def test_the_first_of_the_strictest_decides(outcomes: str, status: Status, decided_by: str | None) -> None:
    reasons = list(Reason)
    given_findings = [
        make_finding(Outcome(outcome), f"check{at}", reasons[at])
        for at, outcome in enumerate(outcomes.split())
    ]
    verdict = judge(given_findings, AUTO)
    reason = next((each.reason for each in given_findings if each.check == decided_by), None)
    by_check = f"checks.{decided_by}" if reason else "publish"
    failed = status is Status.HELD and outcomes.startswith("unknown pass")
    assert verdict == Verdict(status, reason, decided_by, "" if failed else by_check)


def test_where_nothing_was_checked_a_person_looks() -> None:
    assert judge([], AUTO) == Verdict(Status.HELD, Reason.CHECK_FAILED)


def test_a_clean_comment_of_a_reviewed_site_waits_for_a_person_without_a_reason() -> None:
    assert judge([make_finding(Outcome.PASS)], REVIEW) == Verdict(Status.HELD, rule="publish")


@pytest.mark.parametrize(
    ("outcome", "rule", "action", "named"),
    [
        (Outcome.HOLD, "blocked_words.3", None, "blocked_words.3"),
        (Outcome.HOLD, "", None, "checks.links"),
        (Outcome.SPAM, "max_links", Outcome.SPAM, "checks.links.action"),
        (Outcome.UNKNOWN, "", Outcome.SPAM, ""),
        (Outcome.UNKNOWN, "max_links", None, ""),
    ],
)
def test_the_verdict_names_the_line_of_the_policy(
    outcome: Outcome, rule: str, action: Outcome | None, named: str
) -> None:
    policy = Policy.model_validate({"publish": "auto", "checks": {"links": {"action": action}}})
    hit = replace(make_finding(outcome), rule=rule)
    verdict = judge([make_finding(Outcome.PASS, "honeypot"), hit], policy)
    assert (verdict.decided_by, verdict.rule) == ("links", named)


def test_an_outcome_from_nowhere_is_held() -> None:
    strange = Finding("links", 1, "strange")  # type: ignore[arg-type]
    assert judge([strange], AUTO) == Verdict(Status.HELD, Reason.CHECK_FAILED)


@given(st.lists(findings), policies)
def test_nothing_is_published_unless_everything_passed(given_findings: list[Finding], policy: Policy) -> None:
    all_passed = bool(given_findings) and all(each.outcome is Outcome.PASS for each in given_findings)
    is_published = judge(given_findings, policy).status is Status.PUBLISHED
    assert is_published == (all_passed and policy.publish == "auto")


@given(st.lists(findings, min_size=1), findings, st.data(), policies)
def test_one_more_finding_never_makes_it_more_lenient(
    given_findings: list[Finding], extra: Finding, data: st.DataObject, policy: Policy
) -> None:
    at = data.draw(st.integers(0, len(given_findings)))
    with_extra = [*given_findings[:at], extra, *given_findings[at:]]
    before, after = (judge(each, policy).status for each in (given_findings, with_extra))
    assert LENIENT_FIRST.index(after) >= LENIENT_FIRST.index(before)


def test_the_status_does_not_depend_on_the_order() -> None:
    for outcomes in itertools.product(Outcome, repeat=3):
        statuses = {
            judge([make_finding(outcome) for outcome in order], AUTO).status
            for order in itertools.permutations(outcomes)
        }
        assert len(statuses) == 1
