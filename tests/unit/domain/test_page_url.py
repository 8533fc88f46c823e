"""One page, one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.page_url import InvalidPageUrl, normalise_page_url, origin_of, parse_origin


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://paper.example/a", "https://paper.example/a"),
        ("HTTPS://Paper.EXAMPLE/A", "https://paper.example/A"),
        ("https://paper.example", "https://paper.example/"),
        ("https://paper.example?b=1", "https://paper.example/?b=1"),
        ("https://paper.example:443/a", "https://paper.example/a"),
        ("http://paper.example:80/a", "http://paper.example/a"),
        ("http://paper.example:443/a", "http://paper.example:443/a"),
        ("https://paper.example:/a", "https://paper.example/a"),
        ("https://paper.example:0443/a", "https://paper.example/a"),
        ("https://paper.example/a#comments", "https://paper.example/a"),
        ("https://paper.example/a?", "https://paper.example/a"),
        ("https://paper.example/a?b=2&a=1", "https://paper.example/a?a=1&b=2"),
        ("https://paper.example/a?a=2&a=1", "https://paper.example/a?a=1&a=2"),
        ("https://paper.example/a?a-b=1&a=2", "https://paper.example/a?a=2&a-b=1"),
        ("https://paper.example/a?q=%C3%A9&p=%2F", "https://paper.example/a?p=%2F&q=%C3%A9"),
        ("https://paper.example/a?utm_source=x&id=1&utm_=y", "https://paper.example/a?id=1"),
        ("https://paper.example/a?fbclid=1&gclid=2&mc_cid=3&mc_eid=4&ref=5", "https://paper.example/a"),
        ("https://paper.example/a?ref", "https://paper.example/a"),
        ("https://paper.example/a?reference=1&xref=2", "https://paper.example/a?reference=1&xref=2"),
        ("https://paper.example/a?utm=1&mc=2&Ref=3", "https://paper.example/a?Ref=3&mc=2&utm=1"),
        ("https://paper.example/a/../b//c/", "https://paper.example/a/../b//c/"),
        ("https://paper.example/%7Ea/é", "https://paper.example/%7Ea/é"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("http://127.0.0.1:8080/demo", "http://127.0.0.1:8080/demo"),
        ("http://localhost:8080/demo", "http://localhost:8080/demo"),
        ("http://[0:0::1]:8080/demo", "http://[::1]:8080/demo"),
        ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"),
        ("https://paper.example/?p=12", "https://paper.example/?p=12"),
    ],
)
def test_a_page_has_one_spelling(typed: str, url: str) -> None:
    assert normalise_page_url(typed) == url
    assert normalise_page_url(url) == url


@pytest.mark.parametrize(
    "typed",
    [
        "", "/a", "//paper.example/a", "paper.example/a", "ftp://paper.example/a", "javascript:alert(1)",
        "https:paper.example/a", "https:/paper.example/a", "https:///paper.example/a", "https://", "https:///",
        "https://?a", "https://#", "https://:80/",
        "https://user@paper.example/", "https://user:pass@paper.example/", "https://@paper.example/",
        "https://paper.example\\@evil.example/", "https:\\\\paper.example/", "https://paper.example/\\a",
        " https://paper.example/", "https://paper.example/a b", "https://paper.example/a\n",
        "https://pa\tper.example/", "https://paper.example/\u00a0", "https://paper.example/\u2028",
        "https://paper.example/\x00", "https://paper.example/\x85", "https://paper.example/\ud800",
        "https://paper.example:65536/", "https://paper.example:-1/", "https://paper.example:٣/",
        "https://paper.example:8080:80/", "https://paper..example/", "https://paper.example./", "https://./",
        "https://pa%70er.example/", "https://paper,example/", "https://xn--/", "https://xn--a-ecp.ru/",
        "https://0x7f.1/", "https://127.1/", "https://2130706433/", "https://0177.0.0.1/", "https://1.2.3.256/",
        "https://[::1/", "https://[::1%25eth0]/", "https://[1.2.3.4]/", "https://[]/", "https://::1/",
        "https://" + "a" * 64 + ".example/", "https://" + "a." * 130 + "example/",
        "https://" + "ü" * 300 + ".example/",
    ],
)  # fmt: skip
def test_what_two_readers_could_read_differently_is_no_page(typed: str) -> None:
    with pytest.raises(InvalidPageUrl):
        normalise_page_url(typed)


def test_a_page_has_at_most_two_thousand_characters() -> None:
    stem = "https://paper.example/"
    longest = stem + "a" * (2000 - len(stem))
    assert normalise_page_url(longest) == longest
    with pytest.raises(InvalidPageUrl):
        normalise_page_url(longest + "a")
    with pytest.raises(InvalidPageUrl):
        normalise_page_url("https://bücher.example/" + "a" * (2000 - len("https://bücher.example/")))


urls = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "HTTPS"]),
    st.one_of(
        st.sampled_from(["Paper.example", "bücher.example", "127.0.0.1", "[::1]"]), st.text(max_size=20)
    ),
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.text("/a.%é;'{", max_size=8).map(lambda path: "/" + path if path else ""),
    st.text("?&=#abéutm_%20+", max_size=30).map(lambda query: "?" + query if query else ""),
)


@given(urls)
def test_twice_is_the_same_as_once(typed: str) -> None:
    try:
        once = normalise_page_url(typed)
    except InvalidPageUrl:
        return
    assert normalise_page_url(once) == once
    assert once.startswith(origin_of(typed) + "/")


@given(st.text() | st.text(max_size=20).map("https://{}".format))
def test_any_text_is_a_page_or_refused(typed: str) -> None:
    try:
        url = normalise_page_url(typed)
    except InvalidPageUrl:
        return
    assert parse_origin(origin_of(url)) == origin_of(url)


@pytest.mark.parametrize(
    ("header", "origin"),
    [
        ("https://paper.example", "https://paper.example"),
        ("HTTPS://Paper.example:443", "https://paper.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("null", None),
        ("", None),
        ("  ", None),
        ("https://paper.example/", ""),
        ("https://paper.example?", ""),
        ("https://paper.example#", ""),
        ("https://paper.example https://evil.example", ""),
        ("https://user@paper.example", ""),
        ("chrome-extension://abc", ""),
        ("file://", ""),
        ("Null", ""),
        ("paper.example", ""),
    ],
)
def test_an_origin_is_unknown_or_told_or_foreign(header: str, origin: str | None) -> None:
    assert parse_origin(header) == origin
