"""The moderators' page: plain forms over the same use cases, complete without JavaScript."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from service.domain.errors import DomainError, StorageUnavailable
from service.domain.finding import Span
from service.domain.reason_texts import reasons_of
from service.domain.status import Status
from service.storage import figures, moderators, queue
from service.storage.pool import connection, in_transaction
from service.storage.queue import QueuedComment
from service.storage.threads import Position
from service.tokens import new_secret, secret_digest
from service.usecases.decide import MOVES, Ruling, rule
from service.web.auth import (
    SESSION_LASTS,
    Caller,
    caller_of_secret,
    caller_of_session,
    csrf_token,
    is_csrf_token,
)
from service.web.body import read_body
from service.web.marked_text import marked_html
from service.web.middleware import html_page
from service.web.problems import Problem, problem_of
from service.web.queries import cursor_of, write_cursor
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

PAGE_SIZE = 25
_MAX_FORM_BYTES = 16 * 1024
_COUNTS_S = 1.0
_PRIVATE = {"Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin"}
_TABS = (Status.HELD, Status.PENDING, Status.PUBLISHED, Status.REJECTED, Status.SPAM)
_DONE = {
    "approve": "Approved: it is on the page.",
    "reject": "Rejected.",
    "spam": "Marked as spam.",
    "hold": "Back in review.",
}


async def get_dashboard(request: web.Request) -> web.Response:
    """`GET /dashboard`: the queue, or the way in."""
    services = services_of(request)
    session, caller = await _session(request, services)
    if caller is None or session is None:
        return _login()
    return await _queue_page(request, services, caller, session)


async def sign_in(request: web.Request) -> web.Response:
    """`POST /dashboard/sign-in`: exchanges a pasted token for a session."""
    services = services_of(request)
    form = await _form(request, services)
    caller = await caller_of_secret(request, services, form.get("token", "").strip())
    if caller is None:
        return _login(error="This token is not known here, or no longer valid.", status=401)
    session = new_secret()

    async def open_session() -> None:
        async with connection(services.moderation) as held:
            await moderators.insert_session(
                held, secret_digest(session), caller.holder.token_id, SESSION_LASTS
            )

    await in_time(services, open_session())
    response = _see_other("/dashboard")
    response.set_cookie(
        cookie_name(services),
        session,
        path="/" if services.settings.is_https else "/dashboard",
        secure=services.settings.is_https,
        httponly=True,
        samesite="Strict",
        max_age=int(SESSION_LASTS.total_seconds()),
    )
    return response


async def sign_out(request: web.Request) -> web.Response:
    """`POST /dashboard/sign-out`: ends the session here and on the server."""
    services = services_of(request)
    session, _caller, _form_fields = await _acting(request, services)

    async def end() -> None:
        async with connection(services.moderation) as held:
            await moderators.delete_session(held, secret_digest(session))

    await in_time(services, end())
    response = _see_other("/dashboard")
    response.del_cookie(cookie_name(services), path="/" if services.settings.is_https else "/dashboard")
    return response


async def decide(request: web.Request) -> web.Response:
    """`POST /dashboard/decide`: one decision, then the queue again."""
    services = services_of(request)
    _session_secret, caller, form = await _acting(request, services)
    caller.must_be("moderator")
    notice = await _carry_out(services, caller, form)
    status = form.get("status", "held") if form.get("status") in set(Status) else "held"
    place = {name: form[name] for name in ("site", "cursor") if form.get(name)}
    return _see_other("/dashboard?" + urlencode({"status": status, "notice": notice} | place))


def cookie_name(services: Services) -> str:
    """`__Host-` binds a cookie to this host over TLS; browsers refuse that prefix without TLS."""
    return "__Host-replydesk" if services.settings.is_https else "replydesk_session"


async def _carry_out(services: Services, caller: Caller, form: dict[str, str]) -> str:
    """Decide as the form says; the code of a notice."""
    action, reason = form.get("action", ""), form.get("reason") or None
    try:
        ruling = Ruling(
            UUID(form.get("id", "")),
            action,
            int(form.get("version", "")),
            reason if action == "reject" else None,
        )
    except ValueError:
        return "invalid"
    if action not in MOVES:
        return "invalid"
    try:
        await in_time(
            services, in_transaction(services.moderation, lambda held: rule(held, caller.judge, ruling))
        )
    except DomainError as error:
        problem = problem_of(error)
        return problem.code if problem else "invalid"
    return action


_NOTICES = {
    **_DONE,
    "stale-version": "Someone decided this comment meanwhile; nothing was changed.",
    "claimed-by-another": "Another moderator is looking at this comment; nothing was changed.",
    "missing-reason": "A rejection needs a reason; nothing was changed.",
    "unknown-reason": "The site has no such reason; nothing was changed.",
    "comment-not-found": "This comment is not there any more.",
    "illegal-move": "An erased comment stays erased.",
    "unavailable": "The database does not answer; please try again in a moment.",
    "invalid": "That form could not be read; nothing was changed.",
}


async def _queue_page(request: web.Request, services: Services, caller: Caller, session: str) -> web.Response:
    status = request.query.get("status", "held")
    status = status if status in {str(tab) for tab in _TABS} else "held"
    slug = request.query.get("site") or None
    after = cursor_of(request.query)

    async def read() -> list[QueuedComment]:
        async with connection(services.moderation) as held:
            return await queue.list_queue(
                held,
                caller.sites_named(slug),
                status=status,
                sort="oldest",
                limit=PAGE_SIZE + 1,
                after=after,
            )

    found = await in_time(services, read())
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    standing = {"status": status} | ({"site": slug} if slug else {})
    if after and not found:  # the last one of the last page was decided: the first may have some
        return _see_other("/dashboard?" + urlencode(standing | {"notice": request.query.get("notice", "")}))
    return html_page(
        render(
            "dashboard_queue.html",
            site=None,
            moderator={"name": caller.holder.name, "role": caller.holder.role},
            site_filter=slug,
            sites=[{"slug": site.slug, "name": site.name} for site in caller.sites.values()],
            status=status,
            counts=await _counts(services, caller, slug),
            items=[_item(comment) for comment in found[:PAGE_SIZE]],
            reasons=_reasons(caller, slug),
            cursor=request.query.get("cursor"),
            next_url="/dashboard?"
            + urlencode(standing | {"cursor": write_cursor(Position(last.submitted_at, last.id))})
            if last
            else None,
            csrf=csrf_token(services, session),
            notice=_NOTICES.get(request.query.get("notice", "")),
        ),
        headers=_PRIVATE,
    )


async def _counts(services: Services, caller: Caller, slug: str | None) -> dict[str, str]:
    """What stands beside the tabs; nothing, rather than no queue, where it cannot be had in time."""

    async def read() -> list[figures.SiteFigures]:
        async with connection(services.moderation) as held:
            return await figures.list_site_figures(held, caller.sites_named(slug))

    try:
        counted = await in_time(services, read(), seconds=_COUNTS_S)
    except StorageUnavailable:
        return {}
    return {str(tab): _count([one.counts[tab] for one in counted], tab) for tab in _TABS}


def _count(numbers: list[int], tab: Status) -> str:
    is_cut_off = tab in {Status.REJECTED, Status.SPAM} and max(numbers, default=0) >= figures.COUNTED_UP_TO
    return f"{sum(numbers)}+" if is_cut_off else str(sum(numbers))


def _item(comment: QueuedComment) -> dict[str, Any]:
    spans = [
        Span(*span)
        for finding in comment.findings
        if finding["outcome"] != "pass"
        for span in finding["spans"]
    ]
    parent = {"author": comment.parent_author or "", "text": comment.parent_text or ""}
    return {
        "id": str(comment.id),
        "site": comment.site,
        "page_url": comment.page_url,
        "page_title": comment.page_title,
        "parent": parent if comment.parent_id else None,
        "status": comment.status,
        "version": comment.version,
        "reason": comment.reason,
        "author": comment.author,
        "website": comment.website,
        "text": comment.text,
        "submitted_at": comment.submitted_at,
        "findings": comment.findings,
        "author_key": comment.author_key or "",
        "author_history": comment.author_history,
        "marked_html": marked_html(comment.text, spans),
    }


def _reasons(caller: Caller, slug: str | None) -> list[dict[str, str]]:
    """The reasons of the chosen site; over several sites those that all of them know."""
    own = [caller.sites[site_id].own_reasons for site_id in caller.sites_named(slug)]
    chosen = reasons_of(own[0] if len(own) == 1 else ())
    return [{"code": reason.code, "label": reason.label} for reason in chosen]


async def _session(request: web.Request, services: Services) -> tuple[str | None, Caller | None]:
    session = request.cookies.get(cookie_name(services))
    return session, await caller_of_session(request, services, session) if session else None


async def _acting(request: web.Request, services: Services) -> tuple[str, Caller, dict[str, str]]:
    """Whoever acts through one of our own forms.

    Raises:
        Problem: 401 without a session, 403 for a form that is not ours.
    """
    form = await _form(request, services)
    session, caller = await _session(request, services)
    if session is None or caller is None:
        raise Problem(401, "signed-out", "Please sign in again", "Your session has ended.")
    if not is_csrf_token(services, session, form.get("csrf", "")):
        raise Problem(403, "foreign-form", "This form is not ours", "Load the page again.")
    return session, caller, form


async def _form(request: web.Request, services: Services) -> dict[str, str]:
    """The fields of a form that one of our own pages sent (Fetch Metadata, else the Origin)."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = {services.settings.public_url, f"{request.scheme}://{request.host}"}
    if site not in {None, "same-origin", "none"} or (
        site is None and origin is not None and origin not in own
    ):
        raise Problem(403, "foreign-form", "This form is not ours", "Load the page again.")
    body = await read_body(request, max_bytes=_MAX_FORM_BYTES)
    return {name: value for name, value in body.fields.items() if isinstance(value, str)}


def _login(*, error: str | None = None, status: int = 200) -> web.Response:
    text = render("dashboard_login.html", site=None, error=error)
    return html_page(text, status=status, headers=_PRIVATE)


def _see_other(location: str) -> web.Response:
    return web.Response(status=303, headers={"Location": location, **_PRIVATE})
