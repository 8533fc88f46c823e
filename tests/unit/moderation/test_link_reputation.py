"""Where a link leads decides more than how many there are."""

from typing import Any

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.checks import link_reputation
from service.moderation.hosts import hosts_in, is_address
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked

LISTED = Policy(
    blocked_domains=(
        "casino.example",
        "https://www.pills.example/x",
        "xn--bcher-kva.example",
        "spam.blog.example",
    ),
    trusted_domains=("paper.example", "bit.ly"),
)


def check(text: str, policy: Policy = ANY_POLICY, **evidence: Any) -> Any:
    return link_reputation.check(make_evidence(text, **evidence), policy)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("See https://casino.example/win", "blocked_domains.0"),
        ("See CASINO.COM.", "blocked_domains.0"),
        ("See https://a.b.casino.example", "blocked_domains.0"),
        ("See https://casino.example:8443/", "blocked_domains.0"),
        ("See https://user@casino.example/", "blocked_domains.0"),
        ("See https://ｃａｓｉｎｏ.example/", "blocked_domains.0"),
        ("See pills.example/y", "blocked_domains.1"),
        ("See https://bücher.example/", "blocked_domains.2"),
        ("See https://xn--bcher-kva.example/", "blocked_domains.2"),
        ("See spam.blog.example", "blocked_domains.3"),
        ('<a href="https://casino.example">read</a>', "blocked_domains.0"),
        ("[url=https://casino.example]read[/url]", "blocked_domains.0"),
        ("[read](https://casino.example)", "blocked_domains.0"),
        ("hxxp://casino.example/win", "blocked_domains.0"),
        ("casino[.]com", "blocked_domains.0"),
    ],
)
def test_a_blocked_domain_is_spam_in_any_dress(text: str, rule: str) -> None:
    text = text.replace(".example", ".com")
    policy = Policy(
        blocked_domains=tuple(each.replace(".example", ".com") for each in LISTED.blocked_domains)
    )
    finding = check(text, policy)
    assert (finding.outcome, finding.reason, finding.rule) == (Outcome.SPAM, Reason.LINKS, rule)
    assert marked(finding, text)


@pytest.mark.parametrize(
    "text",
    [
        "See https://notcasino.com/ and https://casino.com.au/ and https://example.org/casino.com",
        "See https://blog.com/spam",
        "Write to me@casino.com",
        "casino com",
    ],
)
def test_a_near_miss_of_a_blocked_domain_passes(text: str) -> None:
    assert check(text, Policy(blocked_domains=("casino.com", "spam.blog.com"))).outcome is Outcome.PASS


def test_website_and_name_are_looked_at_too() -> None:
    policy = Policy(blocked_domains=("casino.com",))
    for fields in ({"website": "https://casino.com/"}, {"author": "casino.com"}):
        finding = check("Hello", policy, **fields)
        assert (finding.outcome, finding.spans) == (Outcome.SPAM, ())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("https://bit.ly/3xYz", "shortener"),
        ("tinyurl.com/abc", "shortener"),
        ("http://192.0.2.7/x", "without a name"),
        ("http://3221225991/", "without a name"),
        ("http://0xC0.0x0.0x2.0x7/", "without a name"),
        ("https://pаypal.com/login", "look like others"),  # Cyrillic а
        ("https://xn--pypal-4ve.com/", "look like others"),
        ("https://раураӏ.com/", "look like others"),  # all Cyrillic
        ("https://paypal.com@evil.com/login", "behind an @"),
    ],
)
def test_a_host_that_hides_is_held(text: str, what: str) -> None:
    finding = check(text)
    assert (finding.outcome, what in finding.detail) == (Outcome.HOLD, True)
    assert marked(finding, text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "https://youtu.be/abc https://t.co/x https://redd.it/x https://maps.app.goo.gl/x",
        "https://münchen.de https://пример.рф https://日本語.jp https://한국어.kr",
        "https://straße.de/ https://ısparta.com.tr https://κόσμος.gr",
        "https://example.org/@user https://mastodon.social/@ada",
        "https://example.org/bit.ly",
        "Version 1.2.3.4 of the paper",
        "No link at all",
        "https://en.wikipedia.org/wiki/IP_address",
    ],
)
def test_an_ordinary_host_passes(text: str) -> None:
    assert check(text).outcome is Outcome.PASS


def test_what_is_trusted_is_not_odd_and_what_looks_like_it_is() -> None:
    trusting = Policy(trusted_domains=("paper.com", "bit.ly", "192.0.2.7"))
    assert (
        check("https://bit.ly/x http://192.0.2.7/ https://www.paper.com/a", trusting).outcome is Outcome.PASS
    )
    for text in ("https://pаper.com/", "https://papér.com", "https://p4per.com"):
        assert check(text, trusting).outcome is Outcome.HOLD
    assert check("https://papers.com https://paper.org", trusting).outcome is Outcome.PASS
    both = Policy(trusted_domains=("paper.com",), blocked_domains=("paper.com",))
    assert check("https://paper.com/", both).outcome is Outcome.SPAM


def test_hosts_are_read_as_browsers_read_them() -> None:
    text = "https://A.com/x HTTPS://b.com:80?q <a href='https://c.com'>https://d.com</a>"
    assert [host.name for host in hosts_in(text)] == ["a.com", "b.com", "c.com", "d.com"]
    assert is_address("::1")
    assert not is_address("1.example")
