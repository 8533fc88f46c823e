"""Only plain web addresses may stand in an href."""

import gzip
import json

import pytest

from service.web.safe_link import MAX_LENGTH, safe_href
from tests.unit.web.hostile import CORPORA, needs_corpora


@pytest.mark.parametrize(
    "url",
    [
        "http://paper.example",
        "https://paper.example:8443/a/b?c=d&e=f#g",
        "HTTPS://Paper.Example/",
        "http://127.0.0.1:8080/demo",
        "http://[::1]:8080/",
        "https://zeitung.example/straße/ü",
        "https://हिन्दी.example/हिन्दी",
        "https://paper.example/it's",
        "https://paper.example/@name",
    ],
)
def test_a_plain_web_address_is_kept_as_it_is(url: str) -> None:
    assert safe_href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//http://x",
        " http://paper.example",
        "http://paper.example\n",
        "http://paper.example/a b",
        "http://paper.example/\u00a0",
        'http://paper.example/"onclick=',
        "http://paper.example/<b>",
        "http://paper.example\\@evil.example",
        "http://user@paper.example",
        "http://user:pass@paper.example",
        "http://@paper.example",
        "http://",
        "http:///x",
        "http:paper.example",
        "https:/paper.example",
        "//paper.example",
        "/relative",
        "data:text/html,x",
        "vbscript:x",
        "ftp://paper.example",
        "http://paper.example:port/",
        "http://[::1/",
        "http://paper.example/\u202e",
        "http://pa\u00adper.example/",
        "http://paper.example\uff20evil.example/",
        "http://paper.example/" + "a" * MAX_LENGTH,
    ],
)
def test_anything_else_is_dropped(url: str | None) -> None:
    assert safe_href(url) is None


@needs_corpora
@pytest.mark.corpora
def test_browsers_agree_about_every_address_that_is_kept() -> None:
    kept = 0
    with gzip.open(CORPORA / "url_wpt.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if safe_href(row["input"]) is None or row.get("failure"):
                continue
            kept += 1
            assert row["protocol"] in {"http:", "https:"}, row
            assert row["hostname"], row
            assert not row["username"], row
            assert not row["password"], row
    assert kept > 10
