"""Counting links against what the site allows."""

import pytest

from service.domain.finding import Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.checks import links
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked


def _text(count: int) -> str:
    return " ".join(f"site{number}.com" for number in range(count))


@pytest.mark.parametrize(
    ("allowed", "count", "outcome"),
    [
        (2, 0, Outcome.PASS),
        (2, 2, Outcome.PASS),
        (2, 3, Outcome.HOLD),
        (2, 11, Outcome.HOLD),
        (2, 12, Outcome.SPAM),
        (0, 0, Outcome.PASS),
        (0, 1, Outcome.HOLD),
        (0, 5, Outcome.HOLD),
        (0, 6, Outcome.SPAM),
        (20, 20, Outcome.PASS),
        (20, 65, Outcome.HOLD),
        (20, 66, Outcome.SPAM),
    ],
)
def test_more_links_than_allowed_are_held_and_far_more_are_spam(
    allowed: int, count: int, outcome: Outcome
) -> None:
    finding = links.check(make_evidence(_text(count)), Policy(max_links=allowed))
    assert (finding.check, finding.outcome) == ("links", outcome)
    assert finding.reason == (None if outcome is Outcome.PASS else Reason.LINKS)
    assert len(finding.spans) == (0 if outcome is Outcome.PASS else count)


@pytest.mark.parametrize(
    ("allowed", "count", "detail"),
    [
        (2, 5, "5 links, at most 2 are allowed"),
        (1, 2, "2 links, at most 1 is allowed"),
        (0, 1, "1 link, at most 0 are allowed"),
    ],
)
def test_the_detail_counts_and_never_quotes(allowed: int, count: int, detail: str) -> None:
    assert links.check(make_evidence(_text(count)), Policy(max_links=allowed)).detail == detail


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("buy at pills dot com", ["pills dot com"]),
        ("hxxp://pills.example/x and a.com", ["hxxp://pills.example/x", "a.com"]),
        ("hxxp://pills.com", ["hxxp://pills.com"]),
        ("w w w . p i l l s . c o m", ["w w w . p i l l s . c o m"]),
        ("a.com, pills[.]com b.com", ["a.com", "pills[.]com", "b.com"]),
    ],
)
def test_a_link_that_is_hidden_counts(text: str, found: list[str]) -> None:
    assert marked(links.check(make_evidence(text), Policy(max_links=0)), text) == found


def test_each_link_is_marked() -> None:
    text = "Here: http://a.com, <a href='/b'>b</a> and c.com."
    finding = links.check(make_evidence(text), ANY_POLICY)
    assert marked(finding, text) == ["http://a.com", "<a href='/b'>b</a>", "c.com"]
    assert finding.spans[0] == Span(6, 18)


@pytest.mark.parametrize(
    "author", ["Cheap Loans https://loans.example", "bestloans.com", "Anna (www.shop.de)"]
)
def test_a_link_in_the_name_is_held_without_a_span(author: str) -> None:
    finding = links.check(make_evidence(author=author), Policy(max_links=100))
    assert (finding.outcome, finding.reason) == (Outcome.HOLD, Reason.LINKS)
    assert finding.detail == "a link in the author's name"
    assert finding.spans == ()


def test_too_many_links_in_the_text_are_told_before_the_one_in_the_name() -> None:
    finding = links.check(make_evidence(_text(12), author="shop.com"), ANY_POLICY)
    assert finding.outcome is Outcome.SPAM


@pytest.mark.parametrize(
    "author", ["Anna Berg", "J.R.R. Tolkien", "St.John", "Dr. No", "", "M.A.", "山田 太郎"]
)
def test_a_name_with_dots_is_a_name(author: str) -> None:
    assert links.check(make_evidence(author=author), ANY_POLICY).outcome is Outcome.PASS


def test_the_website_field_is_not_counted() -> None:
    evidence = make_evidence("a.com b.com", website="https://c.com")
    assert links.check(evidence, ANY_POLICY).outcome is Outcome.PASS


def test_links_to_trusted_domains_are_not_counted() -> None:
    policy = Policy(max_links=1, trusted_domains=("paper.com",))
    ours = "https://paper.com/a www.paper.com/b <a href='https://blog.paper.com'>c</a>"
    assert links.check(make_evidence(ours), policy).outcome is Outcome.PASS
    assert links.check(make_evidence(f"{ours} https://a.com"), policy).outcome is Outcome.PASS
    for text in (
        f"{ours} https://a.com https://b.com",
        "https://a.com <a href='https://b.com'>https://paper.com</a>",
        "https://a.com https://paper.com@b.com",
        "https://a.com https://notpaper.com",
    ):
        finding = links.check(make_evidence(text), policy)
        assert (finding.outcome, len(finding.spans)) == (Outcome.HOLD, 2)
