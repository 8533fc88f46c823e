"""The newsroom's own service: what it is sent, how it knows that we sent it, and what it may answer."""

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID

import pytest

from service.domain.finding import Finding, Outcome
from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.errors import BadAnswer, NoAnswer
from service.outbound.services.newsroom_webhook import NewsroomWebhook
from tests.equipment.protocols.asking import RULES, make_question
from tests.equipment.protocols.newsroom import NewsroomService
from tests.equipment.protocols.speaking import Said

POLICY = ServicePolicy(on=True)
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
HOOK = NewsroomWebhook("https://desk.example/hook", (OLD,), RULES)


async def test_it_is_sent_the_comment_where_it_stands_and_what_our_checks_found() -> None:
    findings = (Finding("shouting", 1, Outcome.PASS), Finding("spam_model", 2, Outcome.PASS, score=0.25))
    parent = UUID("01890000-0000-7000-8000-000000000009")
    async with NewsroomService() as server:
        question = make_question(findings=findings, parent_id=parent)
        opinion = await NewsroomWebhook(server.url, (OLD,), RULES).ask(question, POLICY)
        (asked,) = server.asked
    assert opinion.finding.outcome is Outcome.PASS
    assert asked.headers["webhook-id"] == "comment_01890000-0000-7000-8000-000000000001_1"
    assert asked.json() == {
        "type": "comment.check",
        "timestamp": "2026-11-22T10:30:00+00:00",
        "data": {
            "id": "01890000-0000-7000-8000-000000000001",
            "version": 1,
            "site": "paper",
            "page_url": "https://paper.example/mill",
            "parent_id": str(parent),
            "author": "Mara Quist",
            "website": "https://mara.example/",
            "text": "I grew up beside that mill.",
            "submitted_at": "2026-11-22T10:30:00+00:00",
            "findings": [
                {"check": "shouting", "outcome": "pass", "reason": None, "score": None},
                {"check": "spam_model", "outcome": "pass", "reason": None, "score": 0.25},
            ],
        },
    }


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The published example: the id, the time and the body, with dots between, under the decoded secret."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    hook = NewsroomWebhook("https://desk.example/", (secret,), RULES, clock=lambda: 1614265330.9)
    headers = hook.signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("known", [OLD, NEW])
async def test_while_a_secret_is_changed_the_receiver_may_know_either(known: bytes) -> None:
    async with NewsroomService(secret=base64.b64encode(known).decode()) as server:
        hook = NewsroomWebhook(server.url, (NEW, OLD), RULES)
        assert (await hook.ask(make_question(), POLICY)).finding.outcome is Outcome.PASS


async def test_a_receiver_that_does_not_know_the_secret_refuses_and_that_is_no_opinion() -> None:
    async with NewsroomService(secret=base64.b64encode(NEW).decode()) as server:
        with pytest.raises(NoAnswer):
            await NewsroomWebhook(server.url, (OLD,), RULES).ask(make_question(), POLICY)


def test_another_body_or_another_time_has_another_signature() -> None:
    times = iter((1.0, 1.0, 2.0))
    hook = NewsroomWebhook("https://desk.example/", (OLD,), RULES, clock=lambda: next(times))
    made = {hook.signed("id", body)["webhook-signature"] for body in (b"one", b"two", b"one")}
    assert len(made) == 3
    mac = hmac.digest(OLD, b"id.1.one", hashlib.sha256)
    assert f"v1,{base64.b64encode(mac).decode()}" in made


@pytest.mark.parametrize(
    ("answer", "outcome", "reason", "detail"),
    [
        ({"outcome": "pass"}, Outcome.PASS, None, ""),
        ({"outcome": "pass", "score": 0.1, "reason": None}, Outcome.PASS, None, ""),
        ({"outcome": "hold"}, Outcome.HOLD, Reason.OTHER, ""),
        ({"outcome": "spam"}, Outcome.SPAM, Reason.SPAM, ""),
        ({"outcome": "unknown"}, Outcome.UNKNOWN, Reason.CHECK_FAILED, ""),
        ({"outcome": "hold", "reason": "off_topic"}, Outcome.HOLD, Reason.OFF_TOPIC, ""),
        (
            {"outcome": "reject", "reason": "hate", "label": "rule-4", "more": 1},
            Outcome.REJECT, Reason.HATE, "the newsroom's service says: rule-4",
        ),
    ],
)  # fmt: skip
def test_an_answer_becomes_a_finding(
    answer: object, outcome: Outcome, reason: Reason | None, detail: str
) -> None:
    finding = HOOK.read(answer).finding
    assert (finding.outcome, finding.reason, finding.detail) == (outcome, reason, detail)


@pytest.mark.parametrize(
    "answer",
    [
        None, [], "pass", 1, {}, {"outcome": None}, {"outcome": "publish"}, {"outcome": "approve"},
        {"outcome": "PASS"}, {"outcome": ["pass"]}, {"outcome": True}, {"status": "pass"},
        {"outcome": "hold", "reason": "because"}, {"outcome": "hold", "reason": ["spam"]},
        {"outcome": "pass", "reason": "spam"},  # contradictory
        {"outcome": "hold", "reason": "awaiting_confirmation"},  # nobody would ever see it
        {"outcome": "hold", "score": 1.5}, {"outcome": "hold", "score": "0.5"},
        {"outcome": "hold", "label": "<b>"}, {"outcome": "hold", "label": "What she wrote"},
        {"outcome": "hold", "label": 4}, {"outcome": "hold", "label": "a" * 51},
    ],
)  # fmt: skip
def test_an_unknown_word_or_a_contradiction_is_no_answer(answer: Any) -> None:
    with pytest.raises(BadAnswer):
        HOOK.read(answer)


@pytest.mark.parametrize(
    "said",
    [
        Said(b"", "200 OK"),
        Said(b"", "202 Accepted"),
        Said(b'{"outcome": "pass", "outcome": "reject"}'),
        Said(b'{"outcome": "pass"} {"outcome": "reject"}'),
        Said(b'{"outcome": "hold", "score": NaN}'),
        Said(b'{"outcome": "pass"}', content_type="text/plain"),
    ],
)
async def test_anything_but_204_and_a_clear_200_is_no_answer(said: Said) -> None:
    async with NewsroomService() as server:
        server.says = said
        with pytest.raises(NoAnswer):
            await NewsroomWebhook(server.url, (OLD,), RULES).ask(make_question(), POLICY)
