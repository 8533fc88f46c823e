"""Decisions that are made on the dashboard, and how they are told there."""

from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from service.domain.errors import DomainError
from service.domain.status import Status
from service.storage.pool import in_transaction
from service.usecases.decide import MOVES, Ruling, rule
from service.web.auth import Caller
from service.web.desk_forms import read_acting
from service.web.languages import N_
from service.web.middleware import see_other
from service.web.problems import problem_of
from service.web.services import Services, in_time, services_of

_DONE = {
    "approve": N_("Approved: it is on the page."),
    "reject": N_("Rejected."),
    "spam": N_("Marked as spam."),
    "hold": N_("Back in review."),
}
NOTICES = {
    **_DONE,
    "stale-version": N_("Someone decided this comment meanwhile; nothing was changed."),
    "claimed-by-another": N_("Another moderator is looking at this comment; nothing was changed."),
    "missing-reason": N_("A rejection needs a reason; nothing was changed."),
    "unknown-reason": N_("The site has no such reason; nothing was changed."),
    "comment-not-found": N_("This comment is not there any more."),
    "illegal-move": N_("An erased comment stays erased."),
    "role-too-low": N_("Your role at this site does not allow this; nothing was changed."),
    "unavailable": N_("The database does not answer; please try again in a moment."),
    "invalid": N_("That form could not be read; nothing was changed."),
}
"""Code of a notice to what the page says."""


async def decide(request: web.Request) -> web.Response:
    """`POST /dashboard/decide`: one decision, then the queue again."""
    services = services_of(request)
    session, form = await read_acting(request, services)
    session.caller.must_be("moderator")
    notice = await _carry_out(services, session.caller, form)
    status = form.get("status", "held") if form.get("status") in set(Status) else "held"
    place = {name: form[name] for name in ("site", "cursor") if form.get(name)}
    return see_other("/dashboard?" + urlencode({"status": status, "notice": notice} | place))


async def _carry_out(services: Services, caller: Caller, form: dict[str, str]) -> str:
    """Decide as the form says; the code of a notice."""
    ruling = _ruling_of(form)
    if ruling is None:
        return "invalid"
    try:
        await in_time(
            services, in_transaction(services.moderation, lambda held: rule(held, caller.judge, ruling))
        )
    except DomainError as error:
        problem = problem_of(error)
        return problem.code if problem else "invalid"
    return ruling.action


def _ruling_of(form: dict[str, str]) -> Ruling | None:
    action, reason = form.get("action", ""), form.get("reason") or None
    if action not in MOVES:
        return None
    try:
        comment_id, version = UUID(form.get("id", "")), int(form.get("version", ""))
    except ValueError:
        return None
    return Ruling(comment_id, action, version, reason if action == "reject" else None)
