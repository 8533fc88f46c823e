"""Nobody is sent to a page that is not the site's."""

import gzip
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from service.domain.page_url import safe_redirect

ORIGINS = frozenset({"https://good.example", "http://127.0.0.1:8080"})
CORPUS = Path(__file__).parents[4] / "shared/data/corpora/redirect_fuzzdb.jsonl.gz"


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("https://good.example/a", "https://good.example/a"),
        ("https://GOOD.example:443/a?b=1#c", "https://good.example/a?b=1#c"),
        ("https://good.example", "https://good.example/"),
        ("http://127.0.0.1:8080/demo", "http://127.0.0.1:8080/demo"),
        ("https://good.example/é?q=ü#ö", "https://good.example/%C3%A9?q=%C3%BC#%C3%B6"),
        ("https://good.example/a%20b%zz", "https://good.example/a%20b%zz"),
        ("https://good.example/<'\">", "https://good.example/%3C%27%22%3E"),
        ("https://good.example//evil.example", "https://good.example//evil.example"),
        ("https://good.example/@evil.example", "https://good.example/@evil.example"),
    ],
)
def test_a_page_of_the_site_is_written_anew(typed: str, target: str) -> None:
    assert safe_redirect(typed, ORIGINS) == target


@pytest.mark.parametrize(
    "typed",
    [
        "", "/", "/a", "a", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https:evil.example", "https:/evil.example", "https:good.example", "https:///evil.example",
        "https://evil.example", "https://good.example@evil.example", "https://good@evil.example",
        "https://evil.example@good.example", "https://good.example.evil.example", "https://good.example.",
        "https://evilgood.example", "https://good.example\\@evil.example", "https://good.example\\.evil.example",
        "https://evil.example#@good.example", "https://evil.example?https://good.example",
        "https://good.example:8443/", "http://good.example/", "http://127.0.0.1:8081/", "http://127.0.0.1/",
        "http://127.1:8080/", "http://0x7f000001:8080/", "http://localhost:8080/",
        " https://good.example/", "https://good.example/\r\nSet-Cookie: a=b", "https://good.example/\n",
        "ht\ttps://good.example/", "https://good.example\t.evil.example", "https://good.example\x00.evil.example",
        "https://ｇood.example。evil.example/", "https://gооd.example/", "https://good.example%2eevil.example/",
        "javascript://good.example/%0aalert(1)", "data:text/html,x", "https://[good.example]/",
        "https://good.example/\ud800", "https://good.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_anything_else_leads_nowhere(typed: str) -> None:
    assert safe_redirect(typed, ORIGINS) is None


def test_a_fullwidth_host_is_the_host_that_browsers_make_of_it() -> None:
    assert safe_redirect("https://ｇood.example/", ORIGINS) == "https://good.example/"


def assert_is_good(target: str | None) -> None:
    """By two other parsers, and safe as a header."""
    if target is None:
        return
    assert target.isascii()
    assert target.isprintable()
    assert not set(target) & set(" \"'<>\\")
    assert f"{urlsplit(target).scheme}://{urlsplit(target).netloc}" in ORIGINS
    assert str(URL(target).origin()) in ORIGINS


@given(
    st.text(max_size=40)
    | st.text(max_size=20).map("https://good.example{}".format)
    | st.text("/\\:@.#?%evil\t\r\n", max_size=20).map("https://good.example{}".format)
    | st.text("/\\:@.good", max_size=12).map("https:{}good.example/".format)
)
def test_no_text_leads_elsewhere(typed: str) -> None:
    assert_is_good(safe_redirect(typed, ORIGINS))


@pytest.mark.corpora
@pytest.mark.skipif(not CORPUS.exists(), reason="the hostile inputs are not here")
@pytest.mark.parametrize("stem", ["", "https://good.example", "https://good.example/", "https:"])
def test_the_known_tricks_lead_nowhere_else(stem: str) -> None:
    with gzip.open(CORPUS, "rt") as rows:
        inputs = [json.loads(row)["input"] for row in rows]
    for typed in inputs:
        target = safe_redirect(stem + typed, ORIGINS)
        assert_is_good(target)
        assert stem.startswith("https://") or target is None
