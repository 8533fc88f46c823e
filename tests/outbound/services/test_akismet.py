"""Akismet's protocol: what is sent, what each answer means, and what it is told later."""

from dataclasses import replace

import pytest

from service.domain.finding import Outcome
from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.client import Received
from service.outbound.errors import BadAnswer, NoAnswer
from service.outbound.services.akismet import REFUSED_FOR_S, VERIFIED_FOR_S, Akismet
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.akismet import BLOG, KEY, AkismetService
from tests.equipment.protocols.asking import RULES, make_question
from tests.equipment.protocols.speaking import Said

POLICY = ServicePolicy(on=True)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def client(server: AkismetService, clock: Clock | None = None) -> Akismet:
    return Akismet(server.base, KEY, RULES, clock or Clock())


async def test_what_is_sent_is_what_was_submitted_and_nothing_more() -> None:
    async with AkismetService() as server:
        await client(server).ask(make_question("Grüße vom Hafen"), POLICY)
    verify, check = server.asked
    assert (verify.path, check.path) == ("/1.1/verify-key", "/1.1/comment-check")
    assert verify.form() == {"api_key": KEY, "key": KEY, "blog": BLOG}
    assert check.headers["content-type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert check.form() == {
        "api_key": KEY,
        "blog": BLOG,
        "user_ip": "203.0.113.7",
        "user_agent": "Mozilla/5.0 (X11)",
        "referrer": "https://paper.example/mill",
        "permalink": "https://paper.example/mill",
        "comment_type": "comment",
        "comment_author": "Mara Quist",
        "comment_author_url": "https://mara.example/",
        "comment_content": "Grüße vom Hafen",
        "comment_date_gmt": "2026-11-22T10:30:00Z",
        "blog_charset": "UTF-8",
    }


async def test_a_reply_is_called_one_and_a_second_question_says_that_it_is_one() -> None:
    async with AkismetService() as server:
        parent = make_question().id
        await client(server).ask(make_question(parent_id=parent, website=None, is_again=True), POLICY)
    fields = server.asked[-1].form()
    assert fields["comment_type"] == "reply"
    assert fields["recheck_reason"] == "recheck"
    assert "comment_author_url" not in fields


@pytest.mark.parametrize(
    ("body", "headers", "outcome", "detail"),
    [
        (b"false", {}, Outcome.PASS, ""),
        (b"false\n", {}, Outcome.PASS, ""),
        (b"true", {}, Outcome.SPAM, "Akismet calls it spam"),
        (b"true", {"x-akismet-pro-tip": "discard"}, Outcome.SPAM, "Akismet calls it blatant spam"),
        (b"true", {"x-akismet-pro-tip": "something new"}, Outcome.SPAM, "Akismet calls it spam"),
        (b"true", {"x-akismet-recheck-after": "60"}, Outcome.SPAM, "Akismet calls it spam"),
        (b"false", {"x-akismet-pro-tip": "discard"}, Outcome.UNKNOWN, "Akismet contradicts itself"),
    ],
)
def test_a_verdict_becomes_a_finding(
    body: bytes, headers: dict[str, str], outcome: Outcome, detail: str
) -> None:
    finding = Akismet("https://x.example", KEY, RULES).read(Received(200, headers, body)).finding
    assert (finding.outcome, finding.detail) == (outcome, detail)
    expected = {Outcome.SPAM: Reason.SPAM, Outcome.UNKNOWN: Reason.CHECK_FAILED, Outcome.PASS: None}
    assert finding.reason is expected[outcome]


@pytest.mark.parametrize(
    "body", [b"invalid", b"", b"True", b"FALSE", b"false true", b"true false", b"0", b"null", b"<p>false</p>"]
)
def test_whatever_is_neither_true_nor_false_is_no_verdict(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        Akismet("https://x.example", KEY, RULES).read(Received(200, {}, body))


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30.0), (" 120 ", 120.0), ("soon", None), ("-1", None)]
)
def test_a_verdict_that_is_not_final_is_none_and_says_when_to_come_again(
    header: str, seconds: float | None
) -> None:
    answer = Received(200, {"x-akismet-recheck-after": header}, b"false")
    opinion = Akismet("https://x.example", KEY, RULES).read(answer)
    assert (opinion.finding.outcome, opinion.again_in_s) == (Outcome.UNKNOWN, seconds)


async def test_without_what_was_submitted_nothing_is_sent() -> None:
    async with AkismetService() as server:
        opinion = await client(server).ask(make_question(as_submitted=None), POLICY)
        assert server.seen == 0
    assert (opinion.finding.outcome, opinion.finding.reason) == (Outcome.UNKNOWN, Reason.CHECK_FAILED)


async def test_a_key_that_is_not_taken_is_seen_before_a_comment_is_sent_and_asked_about_again_later() -> None:
    clock = Clock()
    async with AkismetService() as server:
        akismet = Akismet(server.base, "another-key", RULES, clock)
        for _ in range(3):
            opinion = await akismet.ask(make_question(), POLICY)
            assert opinion.finding.outcome is Outcome.UNKNOWN
        assert [one.path for one in server.asked] == ["/1.1/verify-key"]
        clock.now += REFUSED_FOR_S
        await akismet.ask(make_question(), POLICY)
        assert [one.path for one in server.asked] == ["/1.1/verify-key"] * 2


async def test_a_key_is_asked_about_once_a_day_and_for_each_site() -> None:
    clock = Clock()
    async with AkismetService() as server:
        akismet = client(server, clock)
        for _ in range(3):
            assert (await akismet.ask(make_question(), POLICY)).finding.outcome is Outcome.PASS
        assert not await akismet.is_verified("https://other.example/")
        assert [one.path for one in server.asked].count("/1.1/verify-key") == 2
        clock.now += VERIFIED_FOR_S
        await akismet.ask(make_question(), POLICY)
        assert [one.path for one in server.asked].count("/1.1/verify-key") == 3


async def test_what_a_person_found_is_told_with_the_fields_of_the_check() -> None:
    question = make_question()
    async with AkismetService() as server:
        akismet = client(server)
        await akismet.ask(question, POLICY)
        await akismet.tell(question, "spam")
        await akismet.tell(replace(question, is_again=True), "ham")
        checked = server.asked[1].form()
        assert server.told == [("spam", checked), ("ham", checked)]


@pytest.mark.parametrize("mode", [Mode.HANG, Mode.SERVER_ERROR, Mode.EMPTY, Mode.RESET])
async def test_what_was_not_heard_was_not_told(mode: Mode) -> None:
    async with AkismetService(mode) as server:
        akismet = Akismet(server.base, KEY, replace(RULES, deadline_s=0.4))
        with pytest.raises(NoAnswer):
            await akismet.tell(make_question(), "spam")
    async with AkismetService() as server:
        server.says = Said(b"Invalid", content_type="text/plain")
        with pytest.raises(BadAnswer):
            await client(server).tell(make_question(), "spam")
