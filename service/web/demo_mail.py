"""The demo's page of mail: it lies in a folder instead of being sent, and is shown to this machine alone."""

import asyncio
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiohttp import web

from service.outbound.mail_folder import MailFolder
from service.web.client_ip import is_loopback
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.rendering import render
from service.web.services import services_of

MOST = 50


async def get_demo_mail(request: web.Request) -> web.Response:
    """`GET /demo/mail`: the newest mails, where there is such a folder and this machine asks."""
    settings = services_of(request).settings
    forwarded = request.headers.getall("X-Forwarded-For", ())
    if not settings.mail_folder or not is_loopback(request.remote, forwarded, settings.trusted_proxies):
        raise Problem(404, "not-found", "There is nothing here")
    mails = await asyncio.to_thread(MailFolder(Path(settings.mail_folder)).newest, MOST)
    return html_page(
        render("demo_mail.html", mails=[_shown(mail) for mail in mails]),
        headers={"Cache-Control": "no-store"},
    )


def _shown(mail: EmailMessage) -> dict[str, Any]:
    body = mail.get_body(("plain",))
    return {
        "subject": mail["Subject"],
        "to": mail["To"],
        "from": mail["From"],
        "date": mail["Date"],
        "text": body.get_content() if body else "",
    }
