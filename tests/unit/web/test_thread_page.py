"""The thread: who said what, to whom, and nothing that acts."""

from typing import Any

import html5lib
import pytest

from tests.unit.web.hostile import active_content, elements, needs_corpora, rows, storable
from tests.unit.web.page_contexts import comment, page, thread

FRAGMENT = "thread_fragment.html"


def fragment(*comments: dict[str, Any]) -> Any:
    html = thread(*comments, template=FRAGMENT)
    return html5lib.parseFragment(html, namespaceHTMLElements=False)


def words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def test_a_comment_is_marked_up_for_machines() -> None:
    node = fragment(comment()).find(".//li[@id='comment-c1']")
    assert node.attrib["itemtype"] == "https://schema.org/Comment"
    assert words(node.find(".//bdi[@itemprop='name']")) == "Hob"
    assert node.find(".//time[@itemprop='datePublished']").attrib["datetime"] == "2026-10-14T09:12:00Z"
    assert words(node.find(".//div[@itemprop='text']")) == "Same on our side."


def test_a_comment_can_be_linked_to_and_answered_without_a_script() -> None:
    links = [node.attrib["href"] for node in fragment(comment()).iter("a")]
    assert links == ["#comment-c1", "/sites/paper/thread?reply_to=c1#reply-form"]


def test_a_reply_says_whom_it_answers() -> None:
    node = fragment(comment(author="Mina"), comment(id="c2", parent_id="c1", depth=1)).find(
        ".//li[@id='comment-c2']"
    )
    assert "depth-1" in node.attrib["class"]
    assert words(node.find("./p[@class='in-reply-to']")) == "In reply to Mina"
    assert node.find("./p[@class='in-reply-to']/a").attrib["href"] == "#comment-c1"


def test_a_removed_comment_is_only_a_line() -> None:
    removed = {"id": "c9", "parent_id": None, "removed": True, "depth": 0}
    node = fragment(removed).find(".//li[@id='comment-c9']")
    assert words(node) == "This comment was removed."
    assert node.find(".//a") is None


def test_an_edit_is_shown() -> None:
    assert "edited" not in thread(comment(), template=FRAGMENT)
    assert "edited" in thread(comment(edited_at=comment()["published_at"]), template=FRAGMENT)


def test_the_papers_own_answer_has_a_badge_and_no_readers_has() -> None:
    badge = '<span class="comment-staff">'
    assert badge in thread(comment(is_staff=True), template=FRAGMENT)
    assert badge not in thread(comment(author="Staff"), template=FRAGMENT)


@pytest.mark.parametrize(
    ("website", "linked"),
    [
        ("https://hob.example/", True),
        (None, False),
        ("javascript:alert(1)", False),
        ("https://user@hob.example/", False),
        ("https://hob.example/\"onmouseover=\"alert(1)", False),
    ],
)  # fmt: skip
def test_a_website_is_checked_again_before_it_is_linked(website: str | None, linked: bool) -> None:
    link = fragment(comment(website=website)).find(".//span[@itemprop='author']/a")
    assert (link is not None) is linked
    if link is not None:
        assert link.attrib["rel"] == "nofollow ugc noopener noreferrer"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "No comments yet"), (1, "One comment"), (1200, "1,200 comments")]
)
def test_the_heading_counts(count: int, said: str) -> None:
    document = html5lib.parse(thread(page=page(count=count)), namespaceHTMLElements=False)
    assert words(document.find(".//h2[@id='comments-title']")) == said


def test_the_page_address_survives_as_a_parameter() -> None:
    document = html5lib.parse(
        thread(page=page(url="https://p.example/a b/?x=1&y=2#z")), namespaceHTMLElements=False
    )
    link = document.find(".//p[@class='sorting']/a").attrib["href"]
    assert (
        link
        == "/sites/paper/thread?page_url=https%3A%2F%2Fp.example%2Fa%20b%2F%3Fx%3D1%26y%3D2%23z&sort=newest"
    )


def test_the_fragment_is_the_list_alone() -> None:
    assert {node.tag for node in elements(thread(comment(), template=FRAGMENT))} <= {
        "ol", "li", "div", "span", "bdi", "a", "time", "p",
    }  # fmt: skip


@needs_corpora
@pytest.mark.corpora
@pytest.mark.parametrize("pattern", ["xss_fuzzdb", "html_*", "blns", "url_*", "redirect_*"])
def test_no_row_of_the_corpora_acts_from_a_name_a_website_or_a_title(pattern: str) -> None:
    texts = [storable(row) for row in rows(pattern)]
    for start in range(0, len(texts), 50):
        listed = [
            comment(id=f"c{n}", author=text, website=text, text=text, parent_id="c0")
            for n, text in enumerate(texts[start : start + 50])
        ]
        assert active_content(thread(*listed, template=FRAGMENT)) == []
