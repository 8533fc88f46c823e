"""The pages of a site, and one of them: its state, its comments, and all that is held in one decision."""

from datetime import UTC, datetime, timedelta

from service.domain.page_url import InvalidPageUrl, normalise_page_url
from service.storage import queue
from service.storage.pages import StandingPage, list_standing
from service.storage.pool import Connection
from service.storage.queue import QueuedComment
from service.storage.queue_filters import QueueFilter
from service.usecases.change_page import change_page
from service.web.desk_at_site import AtSite
from service.web.desk_author import decide_held
from service.web.desk_items import item_of, reasons_for
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.merging import MergeBody, merge
from service.web.moderation import status_of
from service.web.pages import PageBody, change_of
from service.web.problems import Problem

SHOWN = 50
COMMENTS = 20
HOURS = (1, 6, 24, 72, 168)
"""After how long a page may be closed by itself."""


async def read_pages(at: AtSite) -> Values:
    """A site's pages, the newest first; `before` goes on behind one."""
    before = at.query.get("before", "")
    found = await _pages(at, before=int(before[:18]) if before.isdecimal() else None) if at.site else []
    return {"pages": found[:SHOWN], "more_before": found[SHOWN - 1].id if len(found) > SHOWN else None}


async def read_page(at: AtSite) -> Values:
    """One page with its latest comments of a status; a 404 for one that is not there."""
    url = _url_of(at)
    found = await _pages(at, url=url)
    if not found:
        raise Problem(404, "not-found", "There is no such page")
    status = status_of(at.query)
    comments = await at.read(lambda held: _comments(held, at, url, status))
    return {
        "page": found[0],
        "status": status,
        "items": [item_of(one, at.caller.holder.name) for one in comments[:COMMENTS]],
        "has_more": len(comments) > COMMENTS,
        "reasons": reasons_for(at.caller, at.of.slug),
        "hours": HOURS,
        "outcome": None,
    }


async def change(at: AtSite) -> str:
    """Open or close it, now or after a while; look at everything first; give it a title."""
    at.must("moderator")
    site, after = at.of, at.form.get("after", "")
    state, title = at.form.get("state") or None, at.form.get("title", "").strip() or None
    ends = datetime.now(UTC) + timedelta(hours=int(after)) if after in map(str, HOURS) else None
    body = body_of(
        PageBody,
        {
            "site": site.slug, "page_url": _url_of(at), "title": title, "state": state,
            "closes_at": ends if state in {"open", "by_policy"} else None,
            "premoderated": at.form.get("premoderated") == "on",
        },
    )  # fmt: skip
    wanted = change_of(body)
    await at.change(lambda held: change_page(held, site, wanted, at.moderator_id))
    return "page-changed"


async def merge_into(at: AtSite) -> str:
    """Make it and another one the same page."""
    at.must("admin")
    sent = {"site": at.of.slug, "page_url": _url_of(at), "into": at.form.get("into", "").strip()}
    await merge(at.services, at.caller, body_of(MergeBody, sent))
    return "page-merged"


async def decide(at: AtSite) -> Values:
    """One decision about all that is held there."""
    return await decide_held(at, {"page_url": _url_of(at)})


async def _pages(at: AtSite, *, url: str | None = None, before: int | None = None) -> list[StandingPage]:
    site = at.of

    async def find(held: Connection) -> list[StandingPage]:
        days = site.policy.close_after_days
        return await list_standing(
            held, site.id, close_after_days=days, url=url, before=before, limit=SHOWN + 1
        )

    return await at.read(find)


async def _comments(held: Connection, at: AtSite, url: str, status: str) -> list[QueuedComment]:
    only = QueueFilter(page_url=url)
    return await queue.list_queue(
        held, [at.of.id], status=status, sort="newest", limit=COMMENTS + 1, after=None, only=only
    )


def _url_of(at: AtSite) -> str:
    try:
        return normalise_page_url(at.asked("page_url"))
    except InvalidPageUrl:
        raise Problem(404, "not-found", "There is no such page") from None


PAGES = SitePage("pages", "viewer", read_pages, {}, kept=("before",))
PAGE = SitePage(
    "page",
    "viewer",
    read_page,
    {"change": change, "decide": decide, "merge": merge_into},
    kept=("page_url", "status"),
)
