"""The author's web address: http(s), and the same host to us and to browsers."""

import gzip
import json
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.web_address import InvalidWebAddress, parse_web_address
from service.domain.website import WebsiteTooLong, parse_website

CORPORA = Path(__file__).parents[4] / "shared/data/corpora"


@pytest.mark.parametrize(
    ("typed", "website"),
    [
        ("https://blog.example", "https://blog.example"),
        ("https://blog.example/", "https://blog.example/"),
        ("HTTP://Blog.Example:80/Me?a=b#c", "http://blog.example/Me?a=b#c"),
        ("https://blog.example:8443/~me/", "https://blog.example:8443/~me/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://my_blog.example/", "https://my_blog.example/"),
        ("https://a--b.example/", "https://a--b.example/"),
        ("http://localhost/", "http://localhost/"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
        ("blog.example", "https://blog.example"),
        ("www.blog.example/me?a=1", "https://www.blog.example/me?a=1"),
        ("Bücher.Example", "https://xn--bcher-kva.example"),
        ("blog.example/index.html", "https://blog.example/index.html"),
        ("javascript.example", "https://javascript.example"),
    ],
)
def test_an_address_is_written_anew(typed: str, website: str) -> None:
    assert parse_website(typed) == website
    assert parse_website(website) == website


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
        "\u2028javascript:alert(1)", "\u00a0javascript:alert(1)", "vbscript:x", "data:text/html,x",
        "mailto:me@blog.example", "ftp://blog.example/", "file:///etc/passwd", "//blog.example/", "/me", "me",
        "http:blog.example", "http:/blog.example", "http://", "http:///blog.example", "http://?",
        "localhost:80", "blog.example:8080", "me@blog.example", "https://me@blog.example/", "https://me:pw@blog.example/",
        "http://x.example/?'onmouseover='alert(document.domain)'x='", 'https://a/"onmouseover="alert(1)',
        "https://a.example/<script>", "https://a.example/`", "https://a.example/a b", "https://a.example\\b",
        "https://a.example/\n", "https://a.example/\x7f", "https://a.example/\ud800", "test.html",
        "readme.txt", "1.2.3", "127.1", ".example", "a..example", "example.", "not a url", "none", "-",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidWebAddress):
        parse_website(typed)


def test_an_address_has_at_most_five_hundred_characters_typed_and_written() -> None:
    stem = "https://blog.example/"
    assert len(parse_website(stem + "a" * (500 - len(stem)))) == 500
    for too_long in (stem + "a" * (501 - len(stem)), stem + "ä" * 200):
        with pytest.raises(WebsiteTooLong):
            parse_website(too_long)


@given(st.text(max_size=60) | st.text(max_size=40).map("http://{}".format))
def test_whatever_is_accepted_is_plain_in_an_attribute(typed: str) -> None:
    try:
        website = parse_website(typed)
    except (InvalidWebAddress, WebsiteTooLong):
        return
    assert website.startswith(("http://", "https://"))
    assert website.isascii()
    assert escape(website).replace("&amp;", "&") == website
    assert not set(website) & set(" \"'<>\\`")
    assert "@" not in urlsplit(website).netloc


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA.exists(), reason="the hostile inputs are not here")
def test_an_accepted_address_has_the_host_that_browsers_see() -> None:
    accepted = 0
    with gzip.open(CORPORA / "url_wpt.jsonl.gz", "rt") as rows:
        for row in map(json.loads, rows):
            try:
                website = parse_website(row["input"])
            except (InvalidWebAddress, WebsiteTooLong):
                continue
            accepted += 1
            assert not row.get("failure"), row["id"]
            assert row["protocol"] in {"http:", "https:"}, row["id"]
            assert parse_web_address(website).host == row["hostname"], row["id"]
    assert accepted >= 40
