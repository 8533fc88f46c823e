"""What was published last as an Atom feed: well-formed whatever was written, and without an address."""

from xml.etree import ElementTree as ET

import pytest
from aiohttp import ClientSession

from tests.web.harness import PAGE, CheckAll, MakeSite, Submit
from tests.web.sending import get, page_of

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/sites/paper/feed"
OTHER = PAGE + "/other"


@pytest.fixture
async def site(make_site: MakeSite) -> None:
    await make_site("paper", publish="auto")


def entries(xml: str) -> list[ET.Element]:
    """Of a feed that has what RFC 4287 4.1.1 and 4.1.2 ask for."""
    feed = ET.fromstring(xml)  # noqa: S314  (ours)
    assert feed.tag == ATOM + "feed"
    for element in (feed, *feed.findall(ATOM + "entry")):
        assert all(element.findtext(ATOM + name) for name in ("id", "title", "updated"))
    for entry in feed.findall(ATOM + "entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(ATOM + "link[@rel='alternate']") is not None
    return feed.findall(ATOM + "entry")


async def test_a_feed_has_the_newest_comments_of_a_page_or_of_the_site(
    client: ClientSession, site: None, submit: Submit, check_all: CheckAll
) -> None:
    made = [
        await submit(comment=f"Number {n} <b>& more</b>.", page_url=url)
        for n, url in enumerate((PAGE, OTHER))
    ]
    await submit(comment="Waits http://a.example http://b.example http://c.example")
    await check_all()
    of_site = await get(client, FEED)
    assert of_site.headers["Content-Type"].startswith("application/atom+xml")
    assert [one.findtext(ATOM + "id") for one in entries(of_site.text)] == [
        f"urn:uuid:{one['id']}" for one in reversed(made)
    ]
    [one] = entries((await get(client, FEED, {"page_url": PAGE})).text)
    assert one.findtext(ATOM + "content") == '<p dir="auto">Number 0 &lt;b&gt;&amp; more&lt;/b&gt;.</p>'
    link = one.find(ATOM + "link")
    assert link is not None
    assert link.get("href") == f"{PAGE}#comment-{made[0]['id']}"
    assert "@" not in of_site.text
    again = await get(client, FEED, **{"If-None-Match": of_site.headers["ETag"]})
    assert again.status == 304
    assert entries((await get(client, FEED, {"page_url": PAGE + "/nobody"})).text) == []
    thread = page_of(await get(client, "/sites/paper/thread", {"page_url": PAGE}))
    [found] = [node for node in thread.all("link") if node.get("rel") == "alternate"]
    assert (await get(client, str(found.get("href")))).status == 200
