"""A comment's page for moderators: the card of the queue, and every decision that was ever made about it."""

from aiohttp import web

from service.domain.status import Status
from service.storage.pool import connection
from service.web.desk_frame import frame
from service.web.desk_items import item_of, reasons_for
from service.web.desk_place import TABS, Place
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.middleware import html_page
from service.web.moderation import Told, read_told
from service.web.queries import comment_id_of
from service.web.rendering import render
from service.web.services import in_time, services_of


async def get_comment_page(request: web.Request) -> web.Response:
    """`GET /dashboard/comments/{id}`: a comment and its history, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page()
    caller = session.caller

    async def read() -> Told:
        async with connection(services.moderation) as held:
            return await read_told(held, caller, comment_id_of(request))

    told = await in_time(services, read())
    comment = told.comment
    deciding = {one.slug for one in caller.judge.sites.values()} if comment.status != Status.ERASED else set()
    text = render(
        "dashboard_comment.html",
        **frame(services, session, chosen=comment.site),
        item=item_of(comment, caller.holder.name),
        place=Place(comment.status if comment.status in TABS else "held", comment.site),
        deciding=deciding,
        reasons=reasons_for(caller, comment.site),
        history=told.history,
        why=told.why,
    )
    return html_page(text)
