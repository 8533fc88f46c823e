"""The moderators' desk: everything needed to decide, and plain forms to do it."""

from typing import Any

import html5lib
import pytest

from service.domain.finding import Finding, Outcome
from service.domain.reasons import Reason
from tests.unit.web.hostile import elements, needs_corpora, rows, storable
from tests.unit.web.page_contexts import item, queue


def parsed(html: str) -> Any:
    return html5lib.parse(html, namespaceHTMLElements=False)


def words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def test_a_decision_carries_what_it_is_about() -> None:
    form = parsed(queue(item())).find(".//form[@class='decide']")
    sent = {n.attrib["name"]: n.attrib["value"] for n in form.iter("input")}
    assert form.attrib["method"] == "post"
    assert form.attrib["action"] == "/dashboard/decide"
    assert sent == {"csrf": "token", "id": "c1", "version": "3", "status": "held"}


def test_only_a_rejection_needs_a_reason() -> None:
    form = parsed(queue(item())).find(".//form[@class='decide']")
    assert "required" in form.find(".//select[@name='reason']").attrib
    free = {n.attrib["value"] for n in form.iter("button") if "formnovalidate" in n.attrib}
    assert free == {"approve", "spam"}


@pytest.mark.parametrize(
    ("status", "actions"),
    [
        ("held", ["approve", "reject", "spam"]),
        ("pending", ["approve", "reject", "spam"]),
        ("published", ["reject", "spam", "hold"]),
        ("rejected", ["approve", "spam", "hold"]),
        ("spam", ["approve", "reject", "hold"]),
    ],
)
def test_the_buttons_are_what_can_still_change(status: str, actions: list[str]) -> None:
    form = parsed(queue(item(status=status), status=status)).find(".//form[@class='decide']")
    assert [n.attrib["value"] for n in form.iter("button")] == actions


def test_a_viewer_looks_and_does_not_decide() -> None:
    html = queue(item(), moderator={"name": "Agnes", "role": "viewer"}, deciding=set())
    assert parsed(html).find(".//form[@class='decide']") is None


def test_findings_are_told_in_words() -> None:
    said = words(parsed(queue(item())).find(".//div[@class='item-facts']"))
    assert "Links: three links, two are allowed wants a person to look, 0.50" in said
    assert "1 check passed Pace" in said
    assert "k7Qm2f9Z" in said
    assert "k7Qm2f9Zp" not in said
    assert "2 published, 1 rejected" in said


def test_what_passed_is_folded_away_and_what_did_not_is_not() -> None:
    passed = [Finding(name, 1, Outcome.PASS) for name in ("flood", "spam_model", "language")]
    hit = Finding("links", 1, Outcome.HOLD, Reason.LINKS, detail="three links, two are allowed")
    facts = parsed(queue(item(findings=[*passed, hit]))).find(".//div[@class='item-facts']")
    folded = facts.find(".//details")
    assert "open" not in folded.attrib
    assert words(folded) == "3 checks passed Pace Spam model Language"
    assert words(facts.find(".//ul[@class='findings']")).startswith("Links: three links")
    assert facts.find(".//details//ul[@class='findings']") is None


def test_a_clean_comment_that_waits_says_why() -> None:
    said = words(
        parsed(queue(item(reason=None, findings=[Finding("links", 1, Outcome.PASS)]))).find(".//main")
    )
    assert "No check objects. The site wants a person to approve every reply." in said


def test_the_parent_is_read_in_context() -> None:
    node = parsed(queue(item(parent={"author": "Mina", "text": "<b>First</b>"}))).find(".//blockquote")
    assert words(node) == "Mina wrote <b>First</b>"
    assert node.find(".//b") is None


def test_an_empty_queue_says_so() -> None:
    assert "Nothing waits for a person." in queue()


def test_the_tab_that_is_open_is_told() -> None:
    current = parsed(queue(status="spam", chosen="a&b")).findall(".//nav//a[@aria-current='page']")
    assert [node.attrib["href"] for node in current] == ["/dashboard?status=spam&site=a%26b"]


def test_a_notice_is_announced() -> None:
    node = parsed(queue(notice="Somebody was faster.")).find(".//p[@role='status']")
    assert words(node) == "Somebody was faster."


@needs_corpora
@pytest.mark.corpora
@pytest.mark.parametrize("pattern", ["xss_fuzzdb", "html_nh3", "html_dompurify", "blns", "url_*"])
def test_no_row_of_the_corpora_adds_an_element_to_the_desk(pattern: str) -> None:
    known = {node.tag for node in elements(queue(item(parent={"author": "a", "text": "b"})))} | {"br"}
    texts = [storable(row) for row in rows(pattern)]
    for start in range(0, len(texts), 50):
        items = [
            item(id=f"c{n}", author=text, website=text, text=text, page_title=text, page_url=text,
                 parent={"author": text, "text": text})
            for n, text in enumerate(texts[start : start + 50])
        ]  # fmt: skip
        nodes = list(elements(queue(*items)))
        assert {node.tag for node in nodes} <= known
        assert sum(node.tag == "article" for node in nodes) == len(items)
        assert not [
            name for node in nodes for name in node.attrib if name.startswith("on") or name == "style"
        ]
        links = [node.attrib["href"] for node in nodes if node.tag == "a"]
        assert all(link.lower().startswith(("http://", "https://", "/dashboard", "#")) for link in links)
