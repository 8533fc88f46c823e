"""The reply form: complete without a script, and honest about what was wrong."""

from typing import Any

import html5lib
import pytest

from tests.unit.web.hostile import active_content, elements
from tests.unit.web.page_contexts import URL, form, page, refused, thread

HOSTILE = "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }}"


def parsed(html: str) -> Any:
    return html5lib.parse(html, namespaceHTMLElements=False)


def words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def the_form(html: str) -> Any:
    return parsed(html).find(".//form[@id='reply-form']")


def named(node: Any) -> dict[str, Any]:
    return {n.attrib["name"]: n for n in node.iter() if "name" in n.attrib}


def test_the_form_says_what_readers_know() -> None:
    said = words(the_form(thread()))
    for part in (
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Comment *",
        "Name *",
        "Email *",
        "Website",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Post Comment",
    ):
        assert part in said


def test_it_posts_as_utf8_and_browsers_check_it_first() -> None:
    node = the_form(thread())
    assert node.attrib["method"] == "post"
    assert node.attrib["accept-charset"] == "utf-8"
    assert node.attrib["action"] == "/api/v1/sites/paper/comments"
    assert "novalidate" not in node.attrib


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("comment", {"required": "", "maxlength": "5000"}),
        ("author", {"required": "", "maxlength": "100", "autocomplete": "name"}),
        ("email", {"required": "", "maxlength": "254", "autocomplete": "email", "type": "email"}),
        ("website", {"maxlength": "500", "autocomplete": "url", "type": "url"}),
        ("page_url", {"type": "hidden", "value": URL}),
        ("subject_line", {"tabindex": "-1", "autocomplete": "off"}),
    ],
)
def test_fields_carry_their_rules(name: str, attributes: dict[str, str]) -> None:
    given = named(the_form(thread()))[name].attrib
    assert {key: given.get(key) for key in attributes} == attributes


def test_what_the_site_does_not_ask_for_is_not_marked_as_required() -> None:
    node = the_form(thread(form=form(author_required=False, email_required=False)))
    assert "required" not in named(node)["author"].attrib
    assert "required" not in named(node)["email"].attrib
    assert "Name *" not in words(node)


def test_a_cacheable_form_holds_no_value_of_its_own_reader() -> None:
    assert not {"form_token", "submission_key"} & set(named(the_form(thread())))


def test_the_trap_is_out_of_the_way_of_people_and_their_screen_readers() -> None:
    wrapper = parsed(thread()).find(".//div[@class='not-for-people']")
    assert wrapper.attrib["aria-hidden"] == "true"
    assert "Leave this field empty" in words(wrapper)


def test_the_box_that_needs_a_script_is_hidden_without_one_and_never_sent() -> None:
    box = parsed(thread()).find(".//p[@class='remember']")
    assert "hidden" in box.attrib
    assert "name" not in box.find("input").attrib


def test_every_fault_stands_beside_its_field_and_in_the_summary() -> None:
    faults = {"comment": "Write something.", "email": "Not an address.", "page_url": "Name the page."}
    document = parsed(refused(form(errors=faults)))
    summary = document.find(".//div[@role='alert']")
    assert summary.attrib["tabindex"] == "-1"
    assert all(message in words(summary) for message in faults.values())
    for name in ("comment", "email"):
        field = named(document)[name]
        assert field.attrib["aria-invalid"] == "true"
        beside = document.find(f".//*[@id='{field.attrib['aria-describedby']}']")
        assert words(beside) == faults[name]
        assert summary.find(f".//a[@href='#{field.attrib['id']}']") is not None
    assert "aria-invalid" not in named(document)["author"].attrib


@pytest.mark.parametrize("text", ["plain", "\n\n starts with lines", "ends\n", HOSTILE, "a\u202eb", "&amp;"])
def test_what_was_typed_is_handed_back_exactly(text: str) -> None:
    values = {"comment": text, "author": HOSTILE, "email": HOSTILE, "website": HOSTILE, "page_url": URL}
    document = parsed(refused(form(values=values, errors={"email": "No."})))
    assert named(document)["comment"].text == text
    for name in ("author", "email", "website"):
        assert named(document)[name].attrib["value"] == HOSTILE


def test_hostile_values_add_no_element_to_the_page() -> None:
    values = dict.fromkeys(("comment", "author", "email", "website", "page_title", "redirect_to"), "plain")
    hostile = dict.fromkeys(values, HOSTILE)
    plain, attacked = (
        refused(form(values=given, errors={"email": given["email"]})) for given in (values, hostile)
    )
    assert [node.tag for node in elements(plain)] == [node.tag for node in elements(attacked)]
    assert not [found for found in active_content(attacked) if "[" in found]


def test_replying_names_whom_and_can_be_cancelled() -> None:
    document = parsed(
        thread(form=form(replying_to={"author": "\u202eHob"}, cancel_href="/sites/paper/thread#reply-form"))
    )
    assert words(document.find(".//h2[@id='reply-title']")) == "Leave a Reply to Hob"
    assert document.find(".//p[@class='cancel-reply']/a").attrib["href"] == "/sites/paper/thread#reply-form"


def test_a_closed_page_has_no_form() -> None:
    html = thread(page=page(open=False), form=form())
    assert the_form(html) is None
    assert "closed" in html


def test_a_notice_keeps_the_text() -> None:
    html = refused(form(notice="Again in 40 seconds.", values={"comment": "kept"}))
    assert "Again in 40 seconds." in words(parsed(html).find(".//div[@role='alert']"))
    assert named(parsed(html))["comment"].text == "kept"
