"""The dashboard's pages about learning: what may be automated, and the sample of what was decided alone."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from service.domain.errors import DomainError
from service.moderation.learning.correction import TASKS
from service.moderation.learning.wording import alarm_words, automation_words, model_words, sample_words
from service.storage import samples
from service.storage.pool import Connection, connection, in_transaction
from service.usecases.decide import Ruling
from service.usecases.models import Standing, standing_of
from service.usecases.samples import Compared, answer_sample
from service.web.auth import Caller
from service.web.desk_forms import read_acting
from service.web.desk_frame import frame
from service.web.desk_items import reasons_for
from service.web.desk_session import find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_sites import chosen_site
from service.web.languages import N_
from service.web.middleware import html_page, see_other
from service.web.problems import problem_of
from service.web.rendering import render
from service.web.services import Services, in_time, services_of

T = TypeVar("T")

SHOWN = 10
"""Samples on one page."""

_ACTIONS = frozenset({"approve", "reject", "spam"})
_TOLD = {
    "same-published": N_("The checks had published it too."),
    "same-rejected": N_("The checks had rejected it too."),
    "same-spam": N_("The checks had marked it as spam too."),
    "other-published": N_("The checks had published it; now it stands as you decided."),
    "other-rejected": N_("The checks had rejected it; now it stands as you decided."),
    "other-spam": N_("The checks had marked it as spam; now it stands as you decided."),
    "sample-not-found": N_("Somebody answered this one already."),
    "stale-version": N_("Someone decided this comment meanwhile; nothing was changed."),
    "claimed-by-another": N_("Another moderator is looking at this comment; nothing was changed."),
    "missing-reason": N_("A rejection needs a reason; nothing was changed."),
    "unknown-reason": N_("The site has no such reason; nothing was changed."),
    "illegal-move": N_("An erased comment stays erased."),
    "role-too-low": N_("Your role at this site does not allow this; nothing was changed."),
    "unavailable": N_("The database does not answer; please try again in a moment."),
    "invalid": N_("That form could not be read; nothing was changed."),
}
"""Code of a notice to what the page says; the first six are told after the answer, never before."""


async def get_automation(request: web.Request) -> web.Response:
    """`GET /dashboard/automation?site=`: one site's models and promises, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    site = chosen_site(request, session.caller)

    async def read(held: Connection) -> Standing | None:
        return await standing_of(held, site) if site else None

    found = await _read(services, read)
    page = frame(services, session, chosen=site.slug if site else None)
    return html_page(render("dashboard_automation.html", **page, **(_words(found) if found else {})))


def _words(found: Standing) -> dict[str, Any]:
    policy, standing = found.site.policy, found.learning
    return {
        "alarm": alarm_words(standing),
        "automation": automation_words(policy, standing),
        "models": [model_words(task, standing, found.names) for task in TASKS],
        "sample_words": sample_words(standing),
        "waiting": found.waiting,
        "promises": standing.report.get("promises", []),
    }


async def get_samples_page(request: web.Request) -> web.Response:
    """`GET /dashboard/samples?site=`: comments without what the checks said about them, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    site = chosen_site(request, session.caller)

    async def read(held: Connection) -> list[samples.Drawn]:
        return await samples.list_waiting(held, [site.id] if site else [], limit=SHOWN)

    text = render(
        "dashboard_samples.html",
        **frame(services, session, chosen=site.slug if site else None),
        items=await _read(services, read),
        reasons=reasons_for(session.caller, site.slug if site else None),
        notice=_TOLD.get(request.query.get("notice", "")),
    )
    return html_page(text)


async def post_sample(request: web.Request) -> web.Response:
    """`POST /dashboard/answer`: one answer, then the next ones."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    notice = await _answer(services, session.caller, form)
    place = {"site": form["site"]} if form.get("site") else {}
    return see_other("/dashboard/samples?" + urlencode(place | {"notice": notice}))


async def _answer(services: Services, caller: Caller, form: dict[str, str]) -> str:
    """Answer as the form says; the code of a notice."""
    ruling = _ruling_of(form)
    if ruling is None:
        return "invalid"

    async def decide(held: Connection) -> Compared:
        return await answer_sample(held, caller.judge, ruling)

    try:
        found = await in_time(services, in_transaction(services.moderation, decide))
    except DomainError as error:
        problem = problem_of(error)
        return problem.code if problem else "invalid"
    return f"{'same' if found.agrees else 'other'}-{found.decided}"


def _ruling_of(form: dict[str, str]) -> Ruling | None:
    action, reason = form.get("action", ""), form.get("reason") or None
    try:
        comment_id, version = UUID(form.get("id", "")), int(form.get("version", ""))
    except ValueError:
        return None
    if action not in _ACTIONS:
        return None
    return Ruling(comment_id, action, version, reason if action == "reject" else None)


async def _read(services: Services, read: Callable[[Connection], Awaitable[T]]) -> T:
    async def reading() -> T:
        async with connection(services.moderation) as held:
            return await read(held)

    return await in_time(services, reading())
