"""The field that only programs fill in."""

from service.domain.finding import Finding, Outcome
from service.domain.reasons import Reason
from service.moderation.checks import honeypot
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


def test_a_filled_hidden_field_is_spam() -> None:
    finding = honeypot.check(make_evidence(honeypot_filled=True), ANY_POLICY)
    assert finding == Finding(
        "honeypot", 1, Outcome.SPAM, Reason.SPAM, score=1.0, detail="the hidden field was filled in"
    )


def test_an_empty_hidden_field_passes() -> None:
    assert honeypot.check(make_evidence(), ANY_POLICY) == Finding("honeypot", 1, Outcome.PASS)
