"""`/dashboard/appeals`: appeals of authors that wait for an answer."""

from typing import Literal, cast
from urllib.parse import urlencode

from aiohttp import web

from service.domain.errors import AppealNotFound, DomainError
from service.usecases.appeal import AppealAnswer
from service.web.appeals import carry_out, open_appeals
from service.web.desk_forms import read_acting
from service.web.desk_frame import frame
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import chosen_site
from service.web.languages import N_
from service.web.middleware import html_page, see_other
from service.web.problems import Problem, problem_of
from service.web.rendering import render
from service.web.services import in_time, services_of

_TOLD = {
    "grant": N_("Granted: readers see it."),
    "uphold": N_("The decision stands; its author is told."),
    "own-decision": N_("It was your own decision: somebody else has to answer this appeal."),
    "appeal-not-found": N_("Somebody else answered it first."),
    "claimed-by-another": N_("Somebody else is looking at that comment."),
    "invalid": N_("This could not be done."),
}
LONGEST_TEXT = 2000


async def get_appeals_page(request: web.Request) -> web.Response:
    """`GET /dashboard/appeals`: each with what was written and what was decided, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    site = chosen_site(request, session.caller)
    found = await in_time(services, open_appeals(services, [site.id] if site else []))
    text = render(
        "dashboard_appeals.html",
        **frame(services, session, chosen=site.slug if site else None),
        appeals=found,
        longest=LONGEST_TEXT,
        notice=_TOLD.get(request.query.get("notice", "")),
    )
    return html_page(text)


async def post_appeal_form(request: web.Request) -> web.Response:
    """`POST /dashboard/answer-appeal`: one answer, then the next ones."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    how = form.get("answer", "")
    place = {"site": form["site"]} if form.get("site") else {}
    try:
        if how not in {"grant", "uphold"}:
            raise AppealNotFound
        text, note = (form.get(name, "").strip()[:LONGEST_TEXT] or None for name in ("text", "note"))
        given = AppealAnswer(cast("Literal['grant', 'uphold']", how), text, note)
        work = carry_out(services, session.caller, form.get("id", ""), given)
        await in_time(services, work)
    except (DomainError, Problem) as error:
        problem = problem_of(error)
        how = problem.code if problem and problem.code in _TOLD else "invalid"
    return see_other("/dashboard/appeals?" + urlencode(place | {"notice": how}))
