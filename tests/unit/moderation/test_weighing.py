"""Notes hold nobody back alone; together they may, and the sum is explained."""

import pytest

from service.domain.finding import Finding, Outcome
from service.domain.policy import CheckPolicy, Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.checks import near_duplicates, new_author, off_form, thread_heat
from service.moderation.judge import Verdict, judge
from service.moderation.weighing import NOTING, weigh, with_sum

AUTO = Policy(publish="auto")


def note(check: str, score: float | None) -> Finding:
    return Finding(check, 1, Outcome.PASS, score=score)


@pytest.mark.parametrize(
    ("notes", "weights", "hold_from", "held"),
    [
        ([("new_author", 0.1)], {}, 1.0, False),
        ([("new_author", 0.6), ("thread_heat", 0.4)], {}, 1.0, True),
        ([("new_author", 0.6), ("thread_heat", 0.39)], {}, 1.0, False),
        ([("new_author", 0.1)], {"new_author": 10}, 1.0, True),
        ([("new_author", 0.9), ("thread_heat", 0.9)], {"thread_heat": 0}, 1.0, False),
        ([("new_author", 0.1), ("thread_heat", 0.2)], {}, 0.3, True),
        ([("spam_model", 0.9), ("abuse_model", 0.9), ("akismet", 1.0)], {}, 1.0, False),
        ([("new_author", None), ("thread_heat", None)], {}, 0.1, False),
    ],
)
def test_notes_hold_together_from_the_sites_number_on(
    notes: list[tuple[str, float | None]], weights: dict[str, float], hold_from: float, held: bool
) -> None:
    checks = {name: CheckPolicy(weight=weight) for name, weight in weights.items()}
    policy = Policy(publish="auto", hold_from=hold_from, checks=checks)
    findings = [note(*each) for each in notes]
    verdict = judge(findings, policy)
    expected = Verdict(Status.HELD, Reason.SUSPICIOUS, "weighed", "hold_from")
    assert verdict == (expected if held else Verdict(Status.PUBLISHED, rule="publish"))
    assert len(with_sum(findings, policy)) == len(findings) + held


def test_a_hit_whose_action_is_note_counts_whatever_the_check() -> None:
    policy = Policy(publish="auto", checks={"links": CheckPolicy(action="note")})
    assert judge([note("links", 1.0)], policy).decided_by == "weighed"
    assert judge([note("links", 1.0)], AUTO).status is Status.PUBLISHED


def test_the_sum_is_explained_heaviest_first() -> None:
    found = weigh([note("new_author", 0.1), note("links", 0.9), note("thread_heat", 0.3)], AUTO)
    assert found is not None
    assert (found.outcome, found.score) == (Outcome.PASS, 0.4)
    assert found.detail == "notes weigh 0.40, 1.00 is held: thread_heat 0.30, new_author 0.10"


def test_a_sum_that_was_stored_is_weighed_anew() -> None:
    findings = [note("new_author", 0.7), note("thread_heat", 0.7)]
    stored = with_sum(findings, AUTO)
    lenient = Policy(publish="auto", hold_from=5)
    assert judge([each for each in stored if each.check != "weighed"], lenient).status is Status.PUBLISHED
    assert weigh(stored, AUTO) == weigh(findings, AUTO)


def test_a_hit_decides_before_any_note() -> None:
    hit = Finding("links", 1, Outcome.SPAM, Reason.LINKS)
    assert judge([note("new_author", 1.0), hit], AUTO).status is Status.SPAM


def test_the_most_that_an_ordinary_newcomer_collects_stays_below_what_holds() -> None:
    assert {check.NAME for check in (new_author, off_form, near_duplicates, thread_heat)} <= NOTING
    most = new_author.SCORE + off_form.SCORE + near_duplicates.MOST + thread_heat.MOST
    assert most < 0.9
