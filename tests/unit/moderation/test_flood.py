"""Too many submissions by one author or from one network."""

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import flood
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


@pytest.mark.parametrize(
    ("author", "author_limit", "network", "network_limit", "detail"),
    [
        (11, 10, None, None, "submission 11 by this author, the limit is 10"),
        (1, 0, None, None, "submission 1 by this author, the limit is 0"),
        (1, 10, 31, 30, "submission 31 by this network, the limit is 30"),
        (99, None, 31, 30, "submission 31 by this network, the limit is 30"),
        (11, 10, 31, 30, "submission 11 by this author, the limit is 10"),
    ],
)
def test_above_a_limit_the_comment_is_held(
    author: int, author_limit: int | None, network: int | None, network_limit: int | None, detail: str
) -> None:
    evidence = make_evidence(
        author_in_window=author,
        author_limit=author_limit,
        network_in_window=network,
        network_limit=network_limit,
    )
    finding = flood.check(evidence, ANY_POLICY)
    assert (finding.check, finding.outcome, finding.reason) == ("flood", Outcome.HOLD, Reason.FLOOD)
    assert finding.detail == detail


@pytest.mark.parametrize(
    ("author", "author_limit", "network", "network_limit"),
    [
        (1, 10, 1, 30),
        (10, 10, 30, 30),
        (10_000, None, 10_000, None),
        (10, 10, None, 0),
        (1, None, None, None),
    ],
)
def test_at_the_limit_or_without_one_the_comment_passes(
    author: int, author_limit: int | None, network: int | None, network_limit: int | None
) -> None:
    evidence = make_evidence(
        author_in_window=author,
        author_limit=author_limit,
        network_in_window=network,
        network_limit=network_limit,
    )
    assert flood.check(evidence, ANY_POLICY).outcome is Outcome.PASS
