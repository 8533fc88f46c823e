"""Every place where what a reader wrote comes out as HTML; a new one is one function and one line here."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from aiohttp import ClientSession

from tests.corpora.hostile_rows import active_content
from tests.web.harness import PAGE
from tests.web.sending import get


@dataclass
class Scene:
    """What was written: on the page `PAGE` of the site `paper`; the client is signed in as its moderator."""

    client: ClientSession
    receipts: list[str] = field(default_factory=list)  # paths


Rendering = Callable[[Scene], AsyncIterator[str]]
"""Gives every page of it, and fails where one cannot be had."""


async def page_of(scene: Scene, path: str, **params: str) -> str:
    """One page, which must be there."""
    answer = await get(scene.client, path, params)
    assert answer.status == 200, path
    return answer.text


async def lists(scene: Scene) -> AsyncIterator[dict[str, str]]:
    """The parameters of each page of the thread."""
    cursor: dict[str, str] = {}
    while True:
        params = {"page_url": PAGE, "limit": "200"} | cursor
        yield params
        listed = (await get(scene.client, "/api/v1/sites/paper/comments", params)).json
        if not listed["next_cursor"]:
            return
        cursor = {"cursor": listed["next_cursor"]}


async def api(scene: Scene) -> AsyncIterator[str]:
    """The `html` of the API, as a page would put it in."""
    async for params in lists(scene):
        listed = (await get(scene.client, "/api/v1/sites/paper/comments", params)).json["comments"]
        addresses = [one["website"] or "https://" for one in listed if "website" in one]
        assert all(address.startswith(("http://", "https://")) for address in addresses)
        yield "".join(f"<div>{one['html']}</div>" for one in listed if "html" in one)


async def thread(scene: Scene) -> AsyncIterator[str]:
    """The thread page."""
    async for params in lists(scene):
        yield await page_of(scene, "/sites/paper/thread", **params)


async def fragment(scene: Scene) -> AsyncIterator[str]:
    """The list alone, for includes."""
    async for params in lists(scene):
        yield await page_of(scene, "/sites/paper/thread", fragment="1", **params)


async def feed(scene: Scene) -> AsyncIterator[str]:
    """The Atom feed, which must be well-formed; what feed readers show of it."""
    xml = await page_of(scene, "/sites/paper/feed")
    yield "".join(one.text or "" for one in ET.fromstring(xml).iter("{http://www.w3.org/2005/Atom}content"))  # noqa: S314


async def dashboard(scene: Scene) -> AsyncIterator[str]:
    """The moderators' queue, in every status."""
    for status in ("held", "published", "rejected", "spam"):
        path: str | None = f"/dashboard?status={status}"
        while path:
            html = await page_of(scene, path)
            yield html
            path = next_of(html)


async def receipts(scene: Scene) -> AsyncIterator[str]:
    """The author's own page."""
    for path in scene.receipts:
        yield await page_of(scene, path)


RENDERINGS: dict[str, Rendering] = {
    "api": api,
    "thread": thread,
    "fragment": fragment,
    "feed": feed,
    "dashboard": dashboard,
    "receipt": receipts,
}


async def all_are_inert(scene: Scene) -> None:
    """Read every page of every rendering as a browser does."""
    for name, rendering in RENDERINGS.items():
        async for html in rendering(scene):
            found = active_content(html)
            assert not found, f"{name}: {found[:5]}"


def next_of(html: str) -> str | None:
    """The address of the next page, null on the last one."""
    before, found, _ = html.partition('" rel="next"')
    return before.rpartition('href="')[2].replace("&amp;", "&") if found else None
