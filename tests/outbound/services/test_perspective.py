"""Perspective's protocol: attributes asked for by name, a probability for each."""

import pytest

from service.domain.finding import Outcome
from service.domain.policy_parts import ServicePolicy, Thresholds
from service.domain.reasons import Reason
from service.outbound.errors import BadAnswer
from service.outbound.services.perspective import Perspective
from tests.equipment.protocols.asking import RULES, client_of, make_question
from tests.equipment.protocols.perspective import PerspectiveService, scored

SERVER = Perspective("https://scores.example", "key", RULES)
USUAL = ServicePolicy(on=True)
STRICT = ServicePolicy(
    on=True,
    attributes={
        "TOXICITY": Thresholds(hold_above=0.8, reject_above=0.97),
        "SPAM": Thresholds(hold_above=0.5),
    },
)


async def test_what_is_asked_for_is_what_the_site_names_and_the_text_is_not_to_be_kept() -> None:
    async with PerspectiveService() as server:
        client = client_of("perspective", server.base)
        await client.ask(make_question("Grüße"), USUAL)
        await client.ask(make_question("Grüße"), STRICT)
        first, second = (asked.json() for asked in server.asked)
    assert first == {
        "comment": {"text": "Grüße", "type": "PLAIN_TEXT"},
        "requestedAttributes": {"TOXICITY": {}},
        "doNotStore": True,
    }
    assert second["requestedAttributes"] == {"TOXICITY": {}, "SPAM": {}}


@pytest.mark.parametrize(
    ("toxicity", "spam", "outcome", "reason"),
    [
        (0.79, 0.49, Outcome.PASS, None),
        (0.8, 0.1, Outcome.HOLD, Reason.ABUSIVE),
        (0.1, 0.5, Outcome.HOLD, Reason.SPAM),
        (0.97, 0.99, Outcome.REJECT, Reason.ABUSIVE),
        (0, 1, Outcome.HOLD, Reason.SPAM),
    ],
)
def test_the_strictest_attribute_decides(
    toxicity: float, spam: float, outcome: Outcome, reason: Reason | None
) -> None:
    finding = SERVER.read(scored(TOXICITY=toxicity, SPAM=spam), STRICT, tuple(STRICT.attributes)).finding
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_what_was_not_asked_for_does_not_count() -> None:
    assert SERVER.read(scored(TOXICITY=0.1, THREAT=0.99), USUAL).finding.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "answer",
    [
        None, [], {}, {"attributeScores": None}, {"attributeScores": {}}, {"attributeScores": []},
        {"attributeScores": {"TOXICITY": None}}, {"attributeScores": {"TOXICITY": {}}},
        {"attributeScores": {"TOXICITY": {"summaryScore": {}}}},
        {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.1, "type": "RAW"}}}},
        {"attributeScores": {"TOXICITY": {"spanScores": []}}},
        {"error": {"code": 400, "status": "INVALID_ARGUMENT"}},
        scored(INSULT=0.1),
        *(scored(TOXICITY=value) for value in (-0.1, 1.1, float("nan"), float("inf"), True, None, "0.1", [])),
    ],
)  # fmt: skip
def test_an_answer_without_a_probability_for_what_was_asked_is_none(answer: object) -> None:
    with pytest.raises(BadAnswer):
        SERVER.read(answer, USUAL)
