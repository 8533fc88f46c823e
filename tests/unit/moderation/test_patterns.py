"""A site's patterns, hits and near misses."""

import pytest

from service.domain.finding import Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.checks.patterns import check
from tests.unit.moderation.factories import make_evidence

SITE = Policy(blocked_patterns=(r"\bcas[i1]no\b",), held_patterns=(r"\d{4} ?\d{4}", "傻.逼", r"\.bad\b"))


@pytest.mark.parametrize(
    ("text", "outcome", "spans"),
    [
        ("The ferry was late.", Outcome.PASS, ()),
        ("Best CAS1NO in town", Outcome.REJECT, (Span(5, 11),)),
        ("Best casinos in town", Outcome.PASS, ()),
        ("Call 1234 5678", Outcome.HOLD, (Span(5, 14),)),
        ("Call 123 5678", Outcome.PASS, ()),
        ("𝔘 casino 1234 5678", Outcome.REJECT, (Span(2, 8),)),
        ("你傻x逼", Outcome.HOLD, (Span(1, 4),)),
        ("你傻逼", Outcome.PASS, ()),
        ("", Outcome.PASS, ()),
    ],
)
def test_a_text_is_judged_by_the_strictest_pattern_that_matches(
    text: str, outcome: Outcome, spans: tuple[Span, ...]
) -> None:
    finding = check(make_evidence(text), SITE)
    assert (finding.outcome, finding.spans) == (outcome, spans)
    assert (finding.reason is Reason.BLOCKED_WORD) == (outcome is not Outcome.PASS)


def test_name_and_website_are_searched_and_have_no_spans() -> None:
    named = check(make_evidence("Hello", author="Casino"), SITE)
    assert (named.outcome, named.spans) == (Outcome.REJECT, ())
    linked = check(make_evidence("Hello", website="https://a.example/x.bad"), SITE)
    assert (linked.outcome, linked.spans) == (Outcome.HOLD, ())


def test_the_detail_tells_the_place_in_the_policy_and_quotes_nothing() -> None:
    finding = check(make_evidence("1234 5678 and x.bad"), SITE)
    assert finding.detail == "held_patterns: 0, 2"
    assert finding.spans == (Span(0, 9), Span(15, 19))


def test_spans_and_detail_have_an_end() -> None:
    finding = check(make_evidence("x" * 20_000), Policy(held_patterns=tuple("x" * n for n in range(1, 101))))
    assert len(finding.spans) == 50
    assert finding.detail == "held_patterns: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 90 more"


def test_without_patterns_everything_passes() -> None:
    assert check(make_evidence("casino 1234 5678"), Policy()).outcome is Outcome.PASS
