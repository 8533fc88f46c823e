"""The thread as pages: standing alone, as a fragment for includes, and under the demo article."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from service.domain.page_url import origin_of
from service.domain.site import Site
from service.storage.pages import Page
from service.storage.pool import connection
from service.storage.threads import PublishedComment, find_published
from service.usecases.read_thread import ThreadPart, Window, find_page, read_thread
from service.web.conditional import conditional_response, etag
from service.web.cors import anyone_may_read
from service.web.desk_choices import current_language, spoken_language
from service.web.markdown_html import shown_html
from service.web.middleware import page_policy
from service.web.published import FORMAT, window_of
from service.web.queries import page_url_of, write_cursor
from service.web.rendering import pages_digest, render
from service.web.reply_form import reply_form
from service.web.services import in_time, services_of
from service.web.thread_order import thread_order

DEMO = "demo"
REPLY_FORM = "#reply-form"


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a thread and the comment that is being replied to, if any."""

    site: Site
    page: Page
    part: ThreadPart
    replying_to: PublishedComment | None
    offers_mail: bool
    asked_language: str


@anyone_may_read
async def get_thread(request: web.Request) -> web.Response:
    """`GET /sites/{site}/thread`, with `&fragment=1` the list alone."""
    window = window_of(request)
    shown = await _shown(request, page_url_of(request.query), window)
    is_fragment = request.query.get("fragment") == "1"
    # The fragment is included into pages of other origins: its links must lead here from there.
    here = services_of(request).settings.public_url if is_fragment else ""
    address = f"{here}/sites/{shown.site.slug}/thread"

    def body() -> bytes:
        template = "thread_fragment.html" if is_fragment else "thread.html"
        return render(template, **_context(shown, window, address, here)).encode()

    return await _answer(request, shown, window, body, kind=f"fragment {here}" if is_fragment else "page")


async def get_demo(request: web.Request) -> web.Response:
    """`GET /demo`: an article of an invented paper, with its thread and form."""
    services, window = services_of(request), window_of(request)
    shown = await _shown(request, f"{services.settings.public_url}/demo", window, slug=DEMO)

    def body() -> bytes:
        return render("demo.html", **_context(shown, window, "/demo")).encode()

    return await _answer(request, shown, window, body, kind="demo")


async def _shown(request: web.Request, url: str, window: Window, *, slug: str | None = None) -> Shown:
    services = services_of(request)
    reply_to = _reply_to(request)
    language = spoken_language(request.query)

    async def read() -> Shown:
        site = await services.directory.of_slug(slug or request.match_info["site"])
        async with connection(services.readers) as held:
            page = await find_page(held, site, url)
            part = await read_thread(held, site, page, window)
            replying_to = await find_published(held, site.id, reply_to) if reply_to else None
        return Shown(site, page, part, replying_to, services.desk.mail is not None, language)

    return await in_time(services, read())


def _reply_to(request: web.Request) -> UUID | None:
    try:
        return UUID(request.query.get("reply_to", ""))
    except ValueError:
        return None  # an outdated link still shows the thread


async def _answer(
    request: web.Request, shown: Shown, window: Window, body: Any, *, kind: str
) -> web.Response:
    site, page, answered = shown.site, shown.page, shown.replying_to
    tag = etag(
        FORMAT, kind, page.url, page.id, page.revision, page.title, page.is_open, window,
        site.name, sorted(site.origins), site.policy,
        answered.id if answered else "", shown.offers_mail, pages_digest(),
        current_language(), shown.asked_language,
    )  # fmt: skip
    headers = {
        "Content-Security-Policy": page_policy(*site.origins),
        "Vary": "Accept-Encoding, Accept-Language",
    }
    return await conditional_response(request, tag, body, content_type="text/html", headers=headers)


def _context(shown: Shown, window: Window, address: str, here: str = "") -> dict[str, Any]:
    page = shown.page
    standing = {} if address == "/demo" else {"page_url": page.url}
    if shown.asked_language:
        standing["lang"] = shown.asked_language
    if window.sort != "oldest":
        standing["sort"] = window.sort

    def link(**more: str) -> str:
        query = urlencode(standing | more)
        return f"{address}?{query}" if query else address

    part, report = shown.part, _report_href(shown, here)
    ordered = thread_order(map(_listed, part.comments), replies_reversed=window.sort == "newest")
    return {
        "site": {"slug": shown.site.slug, "name": shown.site.name},
        "page": {
            "url": page.url,
            "href": _href(shown),
            "title": page.title,
            "open": page.is_open,
            "count": page.count,
        },
        "sort": window.sort,
        "comments": [
            entry.context(
                shown.site, depth, link(reply_to=entry.id) + REPLY_FORM if page.is_open else None, report
            )
            for entry, depth in ordered
        ],
        "next_url": link(cursor=write_cursor(part.next)) if part.next else None,
        "form": _form(shown, link() + REPLY_FORM),
    }


def _report_href(shown: Shown, here: str) -> str:
    """Where a comment is reported, but for its id at the end."""
    asked = f"lang={shown.asked_language}&" if shown.asked_language else ""
    return f"{here}/sites/{shown.site.slug}/report?{asked}comment="


def _href(shown: Shown) -> str | None:
    """The page's address if it is one of the site's: anyone can ask for the thread of any address."""
    return shown.page.url if origin_of(shown.page.url) in shown.site.origins else None


def _form(shown: Shown, cancel_href: str) -> dict[str, Any]:
    to = shown.replying_to
    values = {
        "page_url": shown.page.url,
        "parent_id": str(to.id) if to else "",
        "lang": shown.asked_language,
    }
    return reply_form(
        shown.site,
        values,
        replying_to={"author": to.author} if to else None,
        cancel_href=cancel_href if to else None,
        offers_mail=shown.offers_mail,
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    id: str
    parent_id: str | None
    comment: PublishedComment

    def context(self, site: Site, depth: int, reply_href: str | None, report: str) -> dict[str, Any]:
        comment = self.comment
        return {
            "id": self.id,
            "parent_id": self.parent_id,
            "author": comment.author,
            "website": comment.website,
            "text": comment.text,
            "html": shown_html(site, comment.text),
            "published_at": comment.published_at,
            "edited_at": comment.edited_at,
            "removed": comment.removed,
            "is_staff": comment.is_staff,
            "is_picked": comment.is_picked,
            "depth": depth,
            "reply_href": reply_href,
            "report_href": report + self.id,
        }


def _listed(comment: PublishedComment) -> _Listed:
    return _Listed(str(comment.id), str(comment.parent_id) if comment.parent_id else None, comment)
