"""Every page keeps the content policy and can be used by everyone."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from jinja2 import UndefinedError

from service.web.rendering import STATIC, asset, render
from tests.unit.web.page_contexts import PAGES, page, thread


def tree(html: str) -> Any:
    return html5lib.parse(html, namespaceHTMLElements=False)


@pytest.fixture(params=PAGES)
def document(request: pytest.FixtureRequest) -> Any:
    return tree(PAGES[request.param]())


def test_nothing_inline_that_the_content_policy_forbids(document: Any) -> None:
    for node in document.iter():
        assert node.tag != "style"
        assert not [name for name in node.attrib if name == "style" or name.startswith("on")]
        if node.tag == "script":
            assert node.attrib["src"].startswith("/static/")
            assert not node.text


def test_nothing_is_loaded_from_elsewhere(document: Any) -> None:
    loaded = [node.attrib.get("src") for node in document.iter() if "src" in node.attrib]
    loaded += [
        node.attrib["href"]
        for node in document.iter("link")
        if node.attrib["rel"] not in {"canonical", "alternate"}
    ]
    assert all(address.startswith("/static/") for address in loaded)


def test_the_language_a_title_and_one_main_heading_are_there(document: Any) -> None:
    assert document.attrib["lang"] == "en"
    assert document.findtext(".//title").strip()
    assert len(document.findall(".//h1")) == 1
    assert len(document.findall(".//main")) == 1


def test_headings_do_not_skip_a_level(document: Any) -> None:
    levels = [int(node.tag[1]) for node in document.iter() if re.fullmatch(r"h[1-6]", str(node.tag))]
    in_main = [int(n.tag[1]) for n in document.find(".//main").iter() if re.fullmatch(r"h[1-6]", str(n.tag))]
    assert in_main[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(in_main)), levels


def test_no_id_is_used_twice_and_every_reference_leads_somewhere(document: Any) -> None:
    ids = Counter(node.attrib["id"] for node in document.iter() if "id" in node.attrib)
    assert max(ids.values(), default=1) == 1
    for node in document.iter():
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set(node.attrib.get(name, "").split()) <= set(ids)


def test_every_control_has_a_label(document: Any) -> None:
    labelled = {node.attrib.get("for") for node in document.iter("label")}
    for tag in ("input", "select", "textarea"):
        for node in document.iter(tag):
            assert node.attrib.get("type") == "hidden" or node.attrib["id"] in labelled


def test_a_page_that_lacks_what_it_needs_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        render("thread.html", site={"slug": "s", "name": "S"}, page=page())


def test_a_static_file_is_named_with_the_digest_of_its_content() -> None:
    assert re.fullmatch(r"/static/site\.css\?v=[0-9a-f]{12}", asset("site.css"))
    assert asset("site.css") != asset("paper.css").replace("paper", "site")


def test_the_script_of_the_form_stays_under_four_kilobytes() -> None:
    assert (STATIC / "reply.js").stat().st_size < 4096


def test_a_search_engine_indexes_the_thread_as_the_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<link rel="canonical" href="https://paper.example/news/call?p=1">' in thread()
    assert "canonical" not in thread(page=page(url="javascript:alert(1)"))
