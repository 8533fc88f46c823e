"""Addresses that everybody would read."""

import pytest

from service.domain.finding import Outcome, Span
from service.domain.reasons import Reason
from service.moderation.checks import personal_data
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to ann@example.org please", ["ann@example.org"]),
        ("(ann.b+c@mail.example.co.uk)", ["ann.b+c@mail.example.co.uk"]),
        ("a@example.org,b@example.org.", ["a@example.org", "b@example.org"]),
        ("<ANN@EXAMPLE.ORG>", ["ANN@EXAMPLE.ORG"]),
        ("ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", ["ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ"]),
        ("an\u200bn@example.org", ["an\u200bn@example.org"]),
        ("jörg@müller.example", ["jörg@müller.example"]),
        ("mailto:ann@example.org?subject=x", ["ann@example.org"]),
        ("ann (at) paper.com or bob at paper dot com", ["ann (at) paper.com", "bob at paper dot com"]),
    ],
)
def test_an_address_in_the_text_is_held_and_shown(text: str, found: list[str]) -> None:
    finding = personal_data.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.reason) == (Outcome.HOLD, Reason.PERSONAL_DATA)
    assert [text[span.start : span.end] for span in finding.spans] == found
    assert finding.detail == "an email address in the text"


@pytest.mark.parametrize(
    "text",
    [
        "@ann said so", "meet me @ the ferry", "5 @ 3.50", "ann@localhost", "ann@", "@example.org",
        "a @ b.example",
        "me@home", "x@1.2", "https://social.example/@ann", "",
    ],
)  # fmt: skip
def test_a_handle_a_price_and_a_sign_alone_pass(text: str) -> None:
    assert personal_data.check(make_evidence(text), ANY_POLICY).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("author", "website", "detail"),
    [
        ("ann@example.org", None, "an email address in the name"),
        ("Ann", "https://paper.example/?to=ann@example.org", "an email address in the website"),
        (
            "ann@example.org",
            "https://paper.example/ann@example.org",
            "an email address in the name and the website",
        ),
    ],
)
def test_an_address_beside_the_text_is_held(author: str, website: str | None, detail: str) -> None:
    finding = personal_data.check(make_evidence("Plain.", author=author, website=website), ANY_POLICY)
    assert (finding.outcome, finding.spans, finding.detail) == (Outcome.HOLD, (), detail)


def test_two_addresses_in_a_row_do_not_overlap() -> None:
    text = "a@example.org@example.net"
    finding = personal_data.check(make_evidence(text), ANY_POLICY)
    assert finding.spans == (Span(0, 13),)
