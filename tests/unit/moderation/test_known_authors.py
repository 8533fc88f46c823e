"""Who an author is here makes a verdict stricter or leaves it as it is."""

from typing import Any

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.checks import author_record, impersonation, new_author
from tests.unit.moderation.factories import ANY_POLICY, make_evidence

AUTO, FIRST = Policy(publish="auto"), Policy(publish="first")


@pytest.mark.parametrize(
    ("known", "policy", "outcome", "score"),
    [
        (False, AUTO, Outcome.PASS, 0.1),
        (True, AUTO, Outcome.PASS, None),
        (False, FIRST, Outcome.HOLD, None),
        (True, FIRST, Outcome.PASS, None),
        (False, Policy(publish="review"), Outcome.PASS, 0.1),
    ],
)
def test_a_newcomer_is_noted_and_held_where_first_comments_are(
    known: bool, policy: Policy, outcome: Outcome, score: float | None
) -> None:
    finding = new_author.check(make_evidence(author_known=known, author_published=3), policy)
    assert (finding.outcome, finding.score) == (outcome, score)


@pytest.mark.parametrize(
    ("published", "refused", "outcome", "noted"),
    [
        (0, 0, Outcome.PASS, False),
        (50, 0, Outcome.PASS, False),
        (0, 1, Outcome.PASS, False),
        (0, 4, Outcome.PASS, True),
        (0, 5, Outcome.HOLD, True),
        (2, 5, Outcome.HOLD, True),
        (3, 5, Outcome.PASS, True),
        (45, 5, Outcome.PASS, True),
    ],
)
def test_whom_others_refused_most_of_the_time_is_held(
    published: int, refused: int, outcome: Outcome, noted: bool
) -> None:
    evidence = make_evidence(author_published=published, author_refused=refused)
    finding = author_record.check(evidence, ANY_POLICY)
    assert (finding.outcome, finding.score is not None) == (outcome, noted)


RESERVED = Policy(reserved_names=("The Paper", "Redaktion", "Ирина"))


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("The Paper", "reserved_names.0"),
        ("the paper.", "reserved_names.0"),
        ("T h e  P a p e r", "reserved_names.0"),
        ("ThePaper", "reserved_names.0"),
        ("Thе Pареr", "reserved_names.0"),  # Cyrillic е, а, р
        ("The Pap3r", "reserved_names.0"),
        ("REDAKTION", "reserved_names.1"),
        ("Redakti0n", "reserved_names.1"),
        ("Ирина", "reserved_names.2"),
    ],
)
def test_a_reserved_name_is_known_by_its_looks(name: str, rule: str) -> None:
    finding = impersonation.check(make_evidence(author=name), RESERVED)
    assert (finding.outcome, finding.reason, finding.rule) == (Outcome.HOLD, Reason.IMPERSONATION, rule)


@pytest.mark.parametrize(
    "name", ["", "Paper", "The Papers", "Anna from The Paper", "Redakteur", "Irina", "!!!"]
)
def test_another_name_is_nobodys(name: str) -> None:
    assert impersonation.check(make_evidence(author=name), RESERVED).outcome is Outcome.PASS


@pytest.mark.parametrize(("published", "outcome"), [(0, Outcome.PASS), (9, Outcome.PASS), (10, Outcome.HOLD)])
def test_a_regulars_name_under_another_address_is_held(published: int, outcome: Outcome) -> None:
    finding = impersonation.check(make_evidence(name_regular=published), ANY_POLICY)
    assert finding.outcome is outcome


def test_a_drawn_name_is_told_from_a_spelt_one() -> None:
    found: dict[str, Any] = {
        name: impersonation.check(make_evidence(author=name, name_regular=10), ANY_POLICY)
        for name in ("Mara Quist", "Mаrа Quist")
    }
    assert [each.score for each in found.values()] == [0.8, 1.0]
    assert "drawn" in found["Mаrа Quist"].detail
