"""Links as readers, browsers and advertisers write them, and what merely has a dot in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moderation.link_finder import find_links
from tests.cpu_time import least_cpu_seconds


def _links(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_links(text)]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see http://a.example/b?c=d#e.", ["http://a.example/b?c=d#e"]),
        ("HTTPS://PAPER.EXAMPLE", ["HTTPS://PAPER.EXAMPLE"]),
        ("(https://a.com/x).", ["https://a.com/x"]),
        ('"https://a.com"', ["https://a.com"]),
        ("http://192.168.0.1/x http://localhost", ["http://192.168.0.1/x", "http://localhost"]),
        ("http://user@a.com/", ["http://user@a.com/"]),
        ("http://a.com,http://b.com;http://c.com", ["http://a.com", "http://b.com", "http://c.com"]),
        ("http://web.example/web/http://b.com", ["http://web.example/web/http://b.com"]),
        ("http://a.com?u=http://b.com", ["http://a.com?u=http://b.com"]),
        ("example.com", ["example.com"]),
        ("Example.Com and EXAMPLE.COM", ["Example.Com", "EXAMPLE.COM"]),
        ("example.com.", ["example.com"]),
        ("see example.com.Then write", ["example.com"]),
        ("www.example.co.uk/path", ["www.example.co.uk/path"]),
        ("example.com:8080/x?y", ["example.com:8080/x?y"]),
        ("shop.casino.top", ["shop.casino.top"]),
        ("derstandard.at b92.rs", ["derstandard.at", "b92.rs"]),
        ("163.com SHOP.DE", ["163.com", "SHOP.DE"]),
        ("пример.рф и xn--e1afmkfd.xn--p1ai", ["пример.рф", "xn--e1afmkfd.xn--p1ai"]),
        ("müller.de", ["müller.de"]),
        ("请访问example.com吧", ["example.com"]),
        ("example.com에서", ["example.com"]),
        ("amzn.to/3x", ["amzn.to/3x"]),
        ("www.foo.now", ["www.foo.now"]),
        ("exam\u200bple.com", ["exam\u200bple.com"]),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", ["ｅｘａｍｐｌｅ．ｃｏｍ"]),
        ("a.com b.com", ["a.com", "b.com"]),
        ("wait...example.com", ["example.com"]),
        ("see amalfitana.it and message.it/x", ["amalfitana.it", "message.it/x"]),
        ("-example.com-", ["example.com"]),
    ],
)
def test_an_address_is_found_where_it_stands(text: str, links: list[str]) -> None:
    assert _links(text) == links


@pytest.mark.parametrize(
    "text",
    [
        "end.Next sentence",
        "I did.No way.It was.So there",
        "Ende.Die Nachricht.De Gaulle",
        "v1.2 and 3.5.2.dev and 3.12.dev and 10.30",
        "e.g. this, i.e. that, z.B. jenes, т.е. это, a.k.a., p.m., U.S.A.",
        "wait...me and so...de",
        "ask anna@example.com or anna@a.b.c.d.e.example.com",
        "@anna.com",
        "ok.so what, wait.how",
        "run main.py, setup.sh and data.zip",
        "Node.js",
        "a message.it says, the store.like others",
        "J.R.R.Tolkien",
        "co.uk",
        "a.notatopleveldomain",
        "http:// and https://",
        "an_under_.com",
        "-.com .com com.",
        "[link] [sic](so it stands) [1]",
        "<a name='top'>",
        "price < a href of sorts",
        "",
    ],
)
def test_what_merely_has_a_dot_is_not_a_link(text: str) -> None:
    assert _links(text) == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("<a href='http://a.com'>http://a.com</a>", ["<a href='http://a.com'>http://a.com</a>"]),
        ("<a href=//a.com>x</a> <A HREF='/y'>y</A>", ["<a href=//a.com>x</a>", "<A HREF='/y'>y</A>"]),
        ("<a href='/x'>never closed", ["<a href='/x'>"]),
        ("<a href='/x'>one<a href='/y'>two</a>", ["<a href='/x'>", "<a href='/y'>two</a>"]),
        ("[url=http://a.com]x[/url] and b.com", ["[url=http://a.com]x[/url]", "b.com"]),
        ("[url]a.com[/url] [link]/x[/link]", ["[url]a.com[/url]", "[link]/x[/link]"]),
        ("[url]a.com and b.com", ["a.com", "b.com"]),
        ("[URL=/x]open", ["[URL=/x]"]),
        ("[a.com](http://a.com) b", ["[a.com](http://a.com"]),
        ("[x](http://a.com)[y](http://b.com)", ["[x](http://a.com", "[y](http://b.com"]),
        ("</a> a.com [/url]", ["a.com"]),
    ],
)
def test_an_anchor_is_one_link_with_what_it_encloses(text: str, links: list[str]) -> None:
    assert _links(text) == links


@given(st.text(st.sampled_from("ahtps:/.@-[](url=)<a hrefA.com \u200b漢\u0301")) | st.text())
def test_links_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = find_links(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize(
    "unit", ["[", "[url=", "[x](", "<a ", "<a href", "http://", "a.", "a-", "a", "@", ".", "x.com ", "a.A "]
)
def test_finding_takes_time_in_proportion_to_the_text(unit: str) -> None:
    short, long = ((unit * size)[:size] for size in (5_000, 40_000))
    most = 24 * max(least_cpu_seconds(lambda: find_links(short)), 0.001)
    assert least_cpu_seconds(lambda: find_links(long), most) <= most
