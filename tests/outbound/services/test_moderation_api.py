"""The moderation API's protocol: categories, their scores, and the site's thresholds over them."""

from typing import Any

import pytest

from service.domain.finding import Outcome
from service.domain.policy_parts import ServicePolicy, Thresholds
from service.domain.reasons import Reason
from service.outbound.errors import BadAnswer
from service.outbound.services.moderation_api import ModerationApi
from tests.equipment.protocols.asking import RULES, client_of, make_question
from tests.equipment.protocols.moderation_api import ModerationService, answer_of, result_of

API = ModerationApi("https://api.example/v1", "key", "model", RULES)
USUAL = ServicePolicy(on=True)


def by(policy: ServicePolicy = USUAL, **scores: float) -> Any:
    return API.read(answer_of(result_of(**scores)), policy).finding


async def test_the_text_and_the_model_are_sent_and_nothing_else() -> None:
    async with ModerationService() as server:
        await client_of("openai_moderation", server.base).ask(make_question("Grüße"), USUAL)
        (asked,) = server.asked
    assert (asked.path, asked.json()) == (
        "/moderations",
        {"model": "omni-moderation-latest", "input": "Grüße"},
    )


@pytest.mark.parametrize(
    ("scores", "outcome", "reason"),
    [
        ({}, Outcome.PASS, None),
        ({"hate": 0.49}, Outcome.PASS, None),
        ({"hate": 0.5}, Outcome.HOLD, Reason.HATE),  # flagged, though below the threshold
        ({"violence": 0.7}, Outcome.HOLD, Reason.ABUSIVE),
        ({"illicit": 0.99}, Outcome.HOLD, Reason.ILLEGAL),
        ({"harassment": 0.8, "hate__threatening": 0.9}, Outcome.HOLD, Reason.HATE),
        ({"new-category": 0.9}, Outcome.HOLD, Reason.SUSPICIOUS),
    ],
)
def test_what_is_flagged_or_above_the_threshold_is_held(
    scores: dict[str, float], outcome: Outcome, reason: Reason | None
) -> None:
    finding = by(**scores)
    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_each_attribute_has_thresholds_of_its_own() -> None:
    policy = ServicePolicy(
        on=True,
        attributes={
            "hate": Thresholds(hold_above=0.3, reject_above=0.9),
            "violence": Thresholds(hold_above=None, reject_above=None),
        },
    )
    assert by(policy, hate=0.29).outcome is Outcome.PASS
    assert by(policy, hate=0.3).outcome is Outcome.HOLD
    assert by(policy, hate=0.9).outcome is Outcome.REJECT
    assert by(policy, violence=0.99).outcome is Outcome.PASS  # never, says the site
    assert by(policy, sexual=0.99).outcome is Outcome.PASS  # does not count here
    assert by(policy, hate=0.31, violence=0.99).reason is Reason.HATE


def test_the_highest_scores_are_told_in_words() -> None:
    finding = by(hate=0.93, harassment=0.41, violence=0.2)
    assert (finding.score, finding.detail) == (0.93, "hate 0.93, harassment 0.41, violence 0.20")


def test_a_category_that_the_model_does_not_know_is_null_in_both() -> None:
    result: Any = result_of()
    result["categories"]["illicit/violent"] = result["category_scores"]["illicit/violent"] = None
    assert API.read(answer_of(result), USUAL).finding.outcome is Outcome.PASS


def broken(**changes: Any) -> dict[str, object]:
    return answer_of(result_of() | changes)


NAN = float("nan")


@pytest.mark.parametrize(
    "answer",
    [
        None, [], "clean", {}, {"results": []}, {"results": {}}, {"results": [None]}, {"results": ["clean"]},
        answer_of(result_of(), result_of()),
        broken(flagged=None), broken(flagged="false"), broken(flagged=0), broken(flagged=True),
        broken(categories=None), broken(categories={}), broken(categories=[]), broken(category_scores=None),
        broken(category_scores={}), broken(category_scores={"hate": 0.1}),
        answer_of(result_of(hate=0.9) | {"flagged": False}),  # contradictory
        *(
            broken(categories={"hate": False}, category_scores={"hate": score})
            for score in (-0.01, 1.01, NAN, float("inf"), True, "0.1", None, [0.1])
        ),
        broken(categories={"hate": "no"}, category_scores={"hate": 0.1}),
        broken(categories={"<b>": False}, category_scores={"<b>": 0.1}),
        broken(categories={"a" * 61: False}, category_scores={"a" * 61: 0.1}),
        {"error": {"message": "overloaded"}},
    ],
)  # fmt: skip
def test_an_answer_with_a_part_missing_wrong_or_contradicted_is_none(answer: object) -> None:
    with pytest.raises(BadAnswer):
        API.read(answer, USUAL)


def test_an_attribute_that_the_site_wants_and_the_service_does_not_tell_is_no_answer() -> None:
    policy = ServicePolicy(on=True, attributes={"insult": Thresholds()})
    with pytest.raises(BadAnswer):
        by(policy, hate=0.01)
