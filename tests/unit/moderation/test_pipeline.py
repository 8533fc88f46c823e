"""Every check runs, in order; whatever goes wrong in one of them is a finding for a person."""

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import CheckPolicy, Policy
from service.domain.policy_parts import WordList
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.evidence import Evidence
from service.moderation.judge import judge
from service.moderation.pipeline import CHECKS, MAX_DETAIL, MOST_SPANS, Check, CheckTimedOut, run_checks
from service.moderation.weighing import is_note
from tests.unit.moderation.factories import ANY_POLICY, make_evidence

TEXT = "0123456789"


def _check(answer: Callable[[Evidence, Policy], Finding], name: str = "links", version: int = 1) -> Check:
    return cast("Check", SimpleNamespace(NAME=name, VERSION=version, READS=(), check=answer))


def make_finding(**odd: object) -> Finding:
    """A finding of `links` that may hold what no type checker would let pass."""
    usual: dict[str, Any] = {"outcome": Outcome.HOLD, "reason": Reason.LINKS}
    return Finding("links", 1, **(usual | odd))


def _run_one(finding: object, policy: Policy = ANY_POLICY) -> Finding:
    check = _check(lambda _evidence, _policy: cast("Finding", finding))
    (result,) = run_checks(make_evidence(TEXT), policy, nullcontext, [check])
    return result


def test_a_harmless_comment_passes_every_check_in_listed_order() -> None:
    findings = run_checks(make_evidence(), ANY_POLICY, nullcontext)
    assert [finding.check for finding in findings] == [
        "standing", "honeypot", "blocked_words", "word_lists", "patterns", "personal_data", "link_reputation",
        "links", "impersonation", "hidden_characters", "repeats", "near_duplicates", "flood",
        "time_to_fill", "spam_model", "abuse_model", "shouting", "empty_praise", "language",
        "author_record", "new_author", "thread_heat", "off_form",
    ]  # fmt: skip
    assert {finding.outcome for finding in findings} == {Outcome.PASS}
    assert judge(findings, Policy(publish="auto")).status is Status.PUBLISHED


def test_each_check_can_tip_the_verdict() -> None:
    policy = Policy(
        publish="first",
        blocked_words=("mill",),
        held_patterns=("m.ll",),
        reserved_names=("Anna Berg",),
        word_lists=(WordList(name="rude", words=("mill",)),),
        languages=("ko",),
    )
    bad = make_evidence(
        "THE MILL, THE MILL, THE MILL: A.COM B.COM BIT.LY/C ME@D.COM IS NOT FOR YOU NOR WH\u202eAT THEY WANT",
        honeypot_filled=True,
        repeats_by_author=1,
        author_in_window=2,
        author_limit=1,
        seconds_to_fill=0.5,
        similar_by_others=2,
        author_refused=5,
        heated_nearby=3,
        author_standing="banned",
        standing_reason="abusive",
        user_agent="none",
    )
    of_their_own = {
        "empty_praise": make_evidence("Nice post!"),
        "spam_model": make_evidence("please subscribe to my channel"),
        "abuse_model": make_evidence("You are a stupid idiot."),
    }
    findings = [check.check(of_their_own.get(check.NAME, bad), policy) for check in CHECKS]
    for finding in findings:
        is_hit = finding.outcome is not Outcome.PASS and finding.reason is not None
        assert is_hit or is_note(finding, policy), finding.check


class Odd(BaseException):
    """No `Exception`."""


@pytest.mark.parametrize(
    "failure",
    [ValueError("secret"), RecursionError(), MemoryError(), CheckTimedOut(), CancelledError(), Odd("secret")],
)
def test_a_check_that_raises_is_a_finding_that_tells_the_class_alone(failure: BaseException) -> None:
    def answer(_evidence: Evidence, _policy: Policy) -> Finding:
        raise failure

    findings = run_checks(make_evidence(), ANY_POLICY, nullcontext, [_check(answer, version=7), CHECKS[0]])
    assert findings[0] == Finding(
        "links", 7, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=type(failure).__name__
    )
    assert findings[1].outcome is Outcome.PASS
    verdict = judge(findings, Policy(publish="auto"))
    assert (verdict.status, verdict.reason) == (Status.HELD, Reason.CHECK_FAILED)


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_what_ends_the_process_is_not_swallowed(end: type[BaseException]) -> None:
    def answer(_evidence: Evidence, _policy: Policy) -> Finding:
        raise end

    with pytest.raises(end):
        run_checks(make_evidence(), ANY_POLICY, nullcontext, [_check(answer)])


def test_the_deadline_guards_each_check_and_a_late_one_is_a_finding() -> None:
    guarded: list[str] = []

    @contextmanager
    def deadline() -> Iterator[None]:
        guarded.append("in")
        yield
        guarded.append("out")
        if len(guarded) == 2:
            raise CheckTimedOut

    findings = run_checks(make_evidence(), ANY_POLICY, deadline)
    assert guarded == ["in", "out"] * len(CHECKS)
    assert [finding.detail for finding in findings if finding.outcome is Outcome.UNKNOWN] == ["CheckTimedOut"]


@pytest.mark.parametrize(
    "finding",
    [
        Finding("links", 1, Outcome.HOLD, Reason.LINKS, score=1.01),
        Finding("links", 1, Outcome.HOLD, Reason.LINKS, score=-0.01),
        Finding("links", 1, Outcome.PASS, score=float("nan")),
        Finding("links", 1, Outcome.PASS, spans=(Span(0, 11),)),
        Finding("links", 1, Outcome.PASS, spans=(Span(0, 1), Span(-1, 3))),
        Finding("links", 1, Outcome.PASS, spans=(Span(3, 3),)),
        Finding("links", 1, Outcome.PASS, spans=(Span(4, 3),)),
        Finding("links", 2, Outcome.PASS),
        Finding("flood", 1, Outcome.PASS),
        Finding("links", 1, Outcome.HOLD),
        make_finding(outcome="hold"),
        make_finding(reason="links"),
        make_finding(score="0.5"),
        make_finding(score=True),
        make_finding(detail=b"bytes"),
        make_finding(detail="a zero \0"),
        make_finding(detail="half a pair \ud800"),
        make_finding(detail="x" * (MAX_DETAIL + 1)),
        make_finding(spans=[Span(0, 1)]),
        make_finding(spans=(Span(0, cast("int", 1.5)),)),
        make_finding(spans=(Span(0, 1),) * 11),
        make_finding(rule="held_words: the word itself"),
        make_finding(rule="x" * 101),
        make_finding(rule=None),
        None,
        True,
        "pass",
    ],
)
def test_an_answer_that_makes_no_sense_is_a_failed_check(finding: object) -> None:
    result = _run_one(finding)
    assert (result.check, result.outcome, result.reason) == ("links", Outcome.UNKNOWN, Reason.CHECK_FAILED)
    assert result.detail in {"InvalidFinding", "AttributeError"}


@pytest.mark.parametrize(
    "finding",
    [
        Finding("links", 1, Outcome.PASS),
        Finding("links", 1, Outcome.HOLD, Reason.LINKS, score=0.0, spans=(Span(0, 1), Span(9, 10))),
        Finding("links", 1, Outcome.HOLD, Reason.LINKS, score=1.0, spans=(Span(0, 10),)),
        Finding("links", 1, Outcome.PASS, score=1, detail="x" * MAX_DETAIL, spans=(Span(0, 1),) * 10),
    ],
)
def test_an_answer_at_the_edge_of_sense_is_kept(finding: Finding) -> None:
    assert _run_one(finding) == finding


@pytest.mark.parametrize("name", [check.NAME for check in CHECKS])
def test_a_check_that_is_switched_off_says_nothing(name: str) -> None:
    policy = Policy(checks={name: CheckPolicy(on=False)})
    findings = run_checks(make_evidence(), policy, nullcontext)
    assert [finding.check for finding in findings] == [check.NAME for check in CHECKS if name != check.NAME]


def test_with_every_check_off_nothing_is_published() -> None:
    policy = Policy(publish="auto", checks={check.NAME: CheckPolicy(on=False) for check in CHECKS})
    assert judge(run_checks(make_evidence(), policy, nullcontext), policy).status is Status.HELD


@pytest.mark.parametrize(
    ("says", "action", "result"),
    [
        (Outcome.HOLD, Outcome.SPAM, Outcome.SPAM),
        (Outcome.HOLD, Outcome.REJECT, Outcome.REJECT),
        (Outcome.SPAM, Outcome.HOLD, Outcome.HOLD),
        (Outcome.PASS, Outcome.SPAM, Outcome.PASS),
        (Outcome.UNKNOWN, Outcome.SPAM, Outcome.UNKNOWN),
        (Outcome.HOLD, None, Outcome.HOLD),
    ],
)
def test_a_sites_action_replaces_what_a_hit_leads_to(
    says: Outcome, action: Outcome | None, result: Outcome
) -> None:
    policy = Policy.model_validate({"checks": {"links": {"action": action}, "flood": {"action": "reject"}}})
    reason = None if says is Outcome.PASS else Reason.LINKS
    finding = Finding("links", 1, says, reason, score=0.5, detail="five", spans=(Span(1, 2),))
    assert _run_one(finding, policy) == Finding(
        "links", 1, result, reason, score=0.5, detail="five", spans=(Span(1, 2),)
    )


def test_a_failed_check_is_not_turned_into_an_action() -> None:
    policy = Policy(checks={"links": CheckPolicy(action=Outcome.SPAM)})
    assert _run_one(None, policy).outcome is Outcome.UNKNOWN


def test_evidence_prints_none_of_the_readers_words() -> None:
    printed = repr(make_evidence("my words", author="Anna", website="https://anna.example"))
    assert "words" not in printed
    assert "nna" not in printed


def test_a_hit_that_is_only_a_note_passes_with_its_score_and_keeps_why() -> None:
    policy = Policy(checks={"links": CheckPolicy(action="note")})
    noted = _run_one(make_finding(), policy)
    assert (noted.outcome, noted.score, noted.reason) == (Outcome.PASS, 1.0, Reason.LINKS)
    assert _run_one(make_finding(score=0.25), policy).score == 0.25


def test_of_a_text_full_of_hits_the_first_hundred_places_are_kept() -> None:
    """They are stored with the decision, sent to the desk, and would be many times the text."""
    policy = Policy(blocked_words=("a",))
    for text in ("a." * 2500, "\u202e" * 5000):
        for finding in run_checks(make_evidence(text), policy, nullcontext):
            assert len(finding.spans) <= MOST_SPANS
            assert list(finding.spans) == sorted(finding.spans, key=lambda span: span.start)
