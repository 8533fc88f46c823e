"""What was published last, as an Atom feed (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from aiohttp import web

from service.domain.site import Site
from service.storage.feeds import FeedComment, list_newest
from service.storage.pages import Page
from service.storage.pool import connection
from service.usecases.read_thread import find_page
from service.web.conditional import conditional_response, etag
from service.web.cors import anyone_may_read
from service.web.markdown_html import shown_html
from service.web.queries import normalised
from service.web.services import in_time, services_of
from service.web.visible_characters import plain_name

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 (2.2) has no place for, however it is escaped.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@anyone_may_read
async def get_feed(request: web.Request) -> web.Response:
    """`GET /sites/{site}/feed`: of the whole site, or of one page with `page_url`."""
    services = services_of(request)
    url = normalised(request.query["page_url"]) if "page_url" in request.query else None

    async def read() -> tuple[Site, Page | None, list[FeedComment]]:
        site = await services.directory.of_slug(request.match_info["site"])
        async with connection(services.readers) as held:
            page = await find_page(held, site, url) if url else None
            return site, page, await list_newest(held, site.id, page.id if page else None)

    site, page, comments = await in_time(services, read())
    here = f"{services.settings.public_url}/sites/{site.slug}/feed"
    address = f"{here}?{urlencode({'page_url': page.url})}" if page else here
    title = f"{page.title or page.url} · {site.name}" if page else site.name
    body = _feed(site, title, address, page.url if page else None, comments)
    return await conditional_response(request, etag(body), lambda: body, content_type="application/atom+xml")


def _feed(site: Site, title: str, address: str, about: str | None, comments: Sequence[FeedComment]) -> bytes:
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _say(feed, "id", address)
    _say(feed, "title", title)
    _say(feed, "updated", max((_changed(one) for one in comments), default=_NEVER).isoformat())
    _link(feed, "self", address)
    if about:
        _link(feed, "alternate", about)
    for one in comments:
        _entry(feed, site, one)
    whole: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _entry(feed: ET.Element, site: Site, one: FeedComment) -> None:
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
    name = plain_name(one.author) or "–"
    _say(entry, "id", f"urn:uuid:{one.id}")
    _say(entry, "title", f"{name}: {one.page_title or one.page_url}")
    _say(entry, "published", one.published_at.isoformat())
    _say(entry, "updated", _changed(one).isoformat())
    _say(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", name)
    _link(entry, "alternate", f"{one.page_url}#comment-{one.id}")
    _say(entry, "content", str(shown_html(site, one.text)), type="html")


def _changed(one: FeedComment) -> datetime:
    return one.edited_at or one.published_at


def _say(above: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(above, f"{{{_ATOM}}}{name}", attributes).text = _NO_CHARACTER.sub("", text)


def _link(above: ET.Element, rel: str, href: str) -> None:
    ET.SubElement(above, f"{{{_ATOM}}}link", {"rel": rel, "href": _NO_CHARACTER.sub("", href)})
