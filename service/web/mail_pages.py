"""Where links in mails lead: a page with a button. Opening one changes nothing, as mail programs do it."""

from collections.abc import Awaitable, Callable
from time import time
from typing import Any, TypeVar

from aiohttp import web

from service.domain.site import Site
from service.signed import MailPurpose, make_receipt, read_mail_link
from service.storage import mail_recipients
from service.storage.mail_recipients import Recipient
from service.storage.pool import Connection, connection, in_transaction
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

T = TypeVar("T")

_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


async def get_confirm(request: web.Request) -> web.Response:
    """`GET /mail/confirm/{link}`: whether that is one's address, with a button that says so."""
    who, site = await _find(request, "confirm")
    return _page("mail_confirm.html", site, is_done=who.is_confirmed, receipt=_receipt(request, who))


async def post_confirm(request: web.Request) -> web.Response:
    """`POST /mail/confirm/{link}`: the address is its author's; a reply that waited for that is checked."""
    who, site = await _find(request, "confirm")
    services = services_of(request)
    if who.comment_id is None:
        raise _no_such_link()
    comment_id = who.comment_id
    waited = await _write(services, lambda held: mail_recipients.confirm(held, who.site_id, comment_id))
    if waited:
        services.doorbell.ring()
    return _page("mail_confirm.html", site, is_done=True, receipt=_receipt(request, who))


async def get_stop(request: web.Request) -> web.Response:
    """`GET /mail/stop/{link}`: whether no more mail is wanted, with a button that says so."""
    who, site = await _find(request, "stop")
    services = services_of(request)

    async def look() -> bool:
        async with connection(services.readers) as held:
            return await mail_recipients.is_stopped(held, who.site_id, who.mailbox)

    return _page("mail_stop.html", site, is_done=await in_time(services, look()))


async def post_stop(request: web.Request) -> web.Response:
    """`POST /mail/stop/{link}`: no more mail of this site; also the one click of RFC 8058."""
    who, site = await _find(request, "stop")
    await _write(services_of(request), lambda held: mail_recipients.stop(held, who))
    return _page("mail_stop.html", site, is_done=True)


async def _find(request: web.Request, purpose: MailPurpose) -> tuple[Recipient, Site]:
    """Whom the link is for.

    Raises:
        Problem: 404 for a link that is wrong, too old, or about a reply that is gone.
    """
    services, text = services_of(request), request.match_info["link"]
    mail = services.desk.mail
    asks: tuple[MailPurpose, ...] = ("confirm", "own") if purpose == "confirm" else (purpose,)
    known = [read_mail_link(mail.vault.keys, one, text, now_s=time()) for one in asks] if mail else []
    recipient_id = next((one for one in known if one is not None), None)
    if recipient_id is None:
        raise _no_such_link()

    async def find() -> tuple[Recipient, Site] | None:
        async with connection(services.readers) as held:
            who = await mail_recipients.find_recipient(held, recipient_id)
        return (who, await services.directory.of_id(who.site_id)) if who else None

    found = await in_time(services, find())
    if found is None:
        raise _no_such_link()
    return found


def _no_such_link() -> Problem:
    return Problem(404, "mail-link-not-found", "There is no such link", headers=_PRIVATE)


async def _write(services: Services, work: Callable[[Connection], Awaitable[T]]) -> T:
    return await in_time(services, in_transaction(services.pools.submissions, work))


def _receipt(request: web.Request, who: Recipient) -> str | None:
    if who.comment_id is None:
        return None
    return "/receipts/" + make_receipt(services_of(request).signing, who.site_id, who.comment_id)


def _page(template: str, site: Site, **context: Any) -> web.Response:
    return html_page(
        render(template, site={"slug": site.slug, "name": site.name}, **context), headers=_PRIVATE
    )
