"""What happens around a comment: texts like it, a quarrel on its page, a client that is no browser."""

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import near_duplicates, off_form, thread_heat
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


@pytest.mark.parametrize(
    ("others", "own", "text", "website", "outcome", "score"),
    [
        (0, 0, "See https://a.example", None, Outcome.PASS, None),
        (1, 0, "See https://a.example", None, Outcome.PASS, 0.03),
        (2, 0, "See https://a.example", None, Outcome.HOLD, 0.06),
        (2, 0, "Write to me@a.example", None, Outcome.HOLD, 0.06),
        (2, 0, "Call +44 20 7946 0958", None, Outcome.HOLD, 0.06),
        (2, 0, "See hxxps://a[.]com", None, Outcome.HOLD, 0.06),
        (2, 0, "Well said, @ada", None, Outcome.PASS, 0.06),
        (2, 0, "Signed by many", "https://a.example/", Outcome.HOLD, 0.06),
        (2, 0, "Signed by many", None, Outcome.PASS, 0.06),
        (100, 0, "Signed by many", None, Outcome.PASS, 0.3),
        (0, 3, "See https://a.example", None, Outcome.PASS, 0.09),
    ],
)
def test_what_is_spread_and_leads_somewhere_is_held(
    others: int, own: int, text: str, website: str | None, outcome: Outcome, score: float | None
) -> None:
    evidence = make_evidence(text, website=website, similar_by_others=others, similar_by_author=own)
    finding = near_duplicates.check(evidence, ANY_POLICY)
    assert (finding.outcome, finding.score) == (outcome, score)
    assert finding.reason is (Reason.DUPLICATE if outcome is Outcome.HOLD else None)


def test_the_detail_says_where_the_others_are() -> None:
    evidence = make_evidence(similar_by_others=3, similar_elsewhere=2, similar_by_author=1)
    detail = near_duplicates.check(evidence, ANY_POLICY).detail
    assert detail == (
        "nearly the same text within a week: 3 comments by others (2 on other sites) and 1 by the same author"
    )


@pytest.mark.parametrize(("nearby", "score"), [(0, None), (2, None), (3, 0.112), (8, 0.3), (100, 0.3)])
def test_a_quarrel_is_noted_and_never_more(nearby: int, score: float | None) -> None:
    finding = thread_heat.check(make_evidence(heated_nearby=nearby), ANY_POLICY)
    assert (finding.outcome, finding.score) == (Outcome.PASS, score)


@pytest.mark.parametrize(
    ("family", "noted"),
    [
        ("none", True),
        ("bot", True),
        ("curl", True),
        ("python", True),
        ("firefox", False),
        ("other", False),
        (None, False),
    ],
)
def test_a_client_that_is_no_browser_is_noted(family: str | None, noted: bool) -> None:
    finding = off_form.check(make_evidence(user_agent=family), ANY_POLICY)
    assert (finding.outcome, finding.score) == (Outcome.PASS, 0.1 if noted else None)
