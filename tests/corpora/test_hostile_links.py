"""What is accepted as a link leads where browsers say it leads, or it is no link (WHATWG URL)."""

from collections.abc import Callable
from ipaddress import IPv6Address
from urllib.parse import urlsplit

import pytest

from service.domain.web_address import InvalidWebAddress
from service.domain.website import WebsiteTooLong, parse_website
from service.web.safe_link import safe_href
from tests.corpora.hostile_rows import every_row, needs_corpora

pytestmark = [pytest.mark.corpora, needs_corpora]


Accept = Callable[[str], str | None]


def website(typed: str) -> str | None:
    """The website as it is stored, null where it is refused."""
    try:
        return parse_website(typed)
    except (InvalidWebAddress, WebsiteTooLong):
        return None


def host_of(url: str) -> str | None:
    """The host, addresses in their shortest spelling."""
    host = urlsplit(url).hostname
    return IPv6Address(host).compressed if host and ":" in host else host


@pytest.mark.parametrize("accept", [website, safe_href])
def test_what_is_accepted_means_the_same_to_a_browser(accept: Accept) -> None:
    accepted = 0
    for row in every_row("url_wpt"):
        url = accept(row["input"])
        if url is None:
            continue
        accepted += 1
        assert not row.get("failure"), row["id"]
        assert row["protocol"] in {"http:", "https:"}, row["id"]
        assert (row["username"], row["password"]) == ("", ""), row["id"]
        assert urlsplit(url).scheme + ":" == row["protocol"], row["id"]
        assert host_of(url) in {host_of(row["href"]), row["hostname"]}, row["id"]
    assert accepted > 20


def test_no_trick_of_a_redirect_is_a_link_to_somewhere_else() -> None:
    for row in every_row("redirect_fuzzdb"):
        for url in (website(row["input"]), safe_href(row["input"])):
            assert url is None or host_of(url), row["id"]
