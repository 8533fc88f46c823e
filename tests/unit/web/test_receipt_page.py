"""The receipt tells its author in plain words where the reply stands."""

import html5lib
import pytest

from tests.unit.web.page_contexts import page, receipt, received


@pytest.mark.parametrize(
    ("state", "heading", "said"),
    [
        ({"status": "pending"}, "Your reply is awaiting moderation", "checked before they appear"),
        (
            {"status": "held", "reason": "links"},
            "Your reply is awaiting moderation",
            "checked before they appear",
        ),
        (
            {"status": "held", "reason": "awaiting_confirmation"},
            "Please confirm your reply",
            "address you gave",
        ),
        ({"status": "published"}, "Your reply is published", "#comment-c1"),
        (
            {"status": "rejected", "reason_text": "It is off topic."},
            "Your reply was not published",
            "It is off topic.",
        ),
        ({"status": "rejected"}, "Your reply was not published", "does not fit the rules"),
        ({"status": "spam"}, "Your reply was not published", "does not fit the rules"),
    ],
)
def test_each_state_is_said(state: dict[str, str], heading: str, said: str) -> None:
    html = received(receipt(**state))
    document = html5lib.parse(html, namespaceHTMLElements=False)
    assert document.findtext(".//h1") == heading
    assert heading in document.findtext(".//title")
    assert said in html


def test_what_holds_a_reply_is_not_told_to_its_author() -> None:
    pending, held = received(receipt()), received(receipt(status="held", reason="blocked_word"))
    assert held.replace("receipt-held", "receipt-pending") == pending


def test_search_engines_and_other_sites_do_not_learn_the_address() -> None:
    html = received(receipt())
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert '<meta name="referrer" content="no-referrer">' in html


def test_only_an_accepted_reply_ends_the_draft_kept_in_the_browser() -> None:
    assert "data-accepted" in received(receipt())
    assert "data-accepted" not in received(receipt(), just_posted=False)


def test_the_way_back_is_only_to_a_web_address() -> None:
    assert 'href="https://paper.example/news/call?p=1"' in received(receipt())
    assert 'href="javascript:' not in received(receipt(), page=page(url="javascript:alert(1)"))
