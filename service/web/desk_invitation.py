"""The page of an invitation: somebody new chooses a name and a password, and is in.

The secret stands in the link alone. Nothing changes by looking at the page; logs have the route and not the
link, and no page that is gone to from here is told of it (`Referrer-Policy: no-referrer`).
"""

import structlog
from aiohttp import web

from service.domain.errors import InvitationNotFound, NameTaken
from service.passwords import complaint_about, stable
from service.storage import invitations, sessions
from service.storage.invitations import Invitation
from service.storage.pool import Connection, connection, in_transaction
from service.tokens import new_secret, secret_digest
from service.usecases.invitations import accept, holds
from service.web.desk_forms import read_desk_form
from service.web.desk_session import SESSION_LASTS, end_session, give_cookie
from service.web.languages import N_
from service.web.middleware import html_page, see_other
from service.web.password_checker import TooBusy
from service.web.people_payloads import LONGEST_NAME
from service.web.rendering import render
from service.web.services import Services, in_time, services_of
from service.web.sign_in_limits import count_sign_in
from service.web.sign_in_refused import BUSY, Refusal, SignInRefused

log = structlog.get_logger(__name__)

_LONGEST_SECRET = 200
_BAD_NAME = N_("A name is one line of at most 100 characters.")
_BAD_PASSWORD = N_("A password is one line of 12 to 200 characters.")
_COMPLAINTS = {
    "the name is no password": N_("The name is no password."),
    "this password is one of those that are tried first": N_(
        "This password is one of those that are tried first."
    ),
}
_TAKEN = N_("Somebody has this name already. Please choose another one.")
_AS = {
    "viewer": N_("You will be able to read."),
    "moderator": N_("You will be able to read and decide."),
    "admin": N_("You will be able to read and decide, and to change rules and people."),
}


async def get_invitation(request: web.Request) -> web.Response:
    """`GET /dashboard/invitations/{secret}`: the form; changes nothing."""
    services, secret = services_of(request), request.match_info["secret"]
    return _page(await _find(services, secret), secret)


async def post_invitation(request: web.Request) -> web.Response:
    """`POST /dashboard/invitation`: takes the invitation that the form names, and opens a session."""
    services = services_of(request)
    fields = await read_desk_form(request, services, of_session=False)
    invited = fields.get("invitation", "")
    found = await _find(services, invited)
    name, password = stable(fields.get("name", "")).strip(), fields.get("password", "")
    complaint = _complaint(name, password)
    if complaint:
        return _page(found, invited, Refusal("refused", 422, complaint), name)
    try:
        await count_sign_in(request, services, None)
        secret = await _come_in(services, invited, name, password)
    except SignInRefused as refused:
        return _page(found, invited, refused.refusal, name)
    except TooBusy:
        return _page(found, invited, BUSY, name)
    except NameTaken:
        return _page(found, invited, Refusal("refused", 409, _TAKEN), name)
    await end_session(request, services)
    response = see_other("/dashboard")
    give_cookie(response, services, secret)
    return response


async def _come_in(services: Services, invited: str, name: str, password: str) -> str:
    with services.passwords.turn():
        hashed = await in_time(services, services.passwords.make(password))
    session = new_secret()

    async def enter(held: Connection) -> int:
        moderator_id = await accept(held, invited, name, hashed)
        await sessions.insert_session_of_person(
            held, secret_digest(session), moderator_id, kept=hashed, lasts=SESSION_LASTS
        )
        return moderator_id

    moderator_id = await in_time(services, in_transaction(services.moderation, enter))
    log.info("came by an invitation", moderator=moderator_id)
    return session


async def _find(services: Services, secret: str) -> Invitation:
    if len(secret) > _LONGEST_SECRET:
        raise InvitationNotFound

    async def read() -> Invitation | None:
        async with connection(services.moderation) as held, held.transaction():
            found = await invitations.find_open(held, secret_digest(secret))
            return found if found is not None and await holds(held, found) else None

    found = await in_time(services, read())
    if found is None:
        raise InvitationNotFound
    return found


def _complaint(name: str, password: str) -> str | None:
    if not (name and name.isprintable() and len(name) <= LONGEST_NAME):
        return _BAD_NAME
    complaint = complaint_about(password, name)
    return _COMPLAINTS.get(complaint, _BAD_PASSWORD) if complaint else None


def _page(found: Invitation, secret: str, refusal: Refusal | None = None, name: str = "") -> web.Response:
    text = render(
        "dashboard_invitation.html",
        site=None,
        secret=secret,
        role=_AS[found.role],
        expires_at=found.expires_at,
        inviter=found.inviter,
        typed_name=name,
        error=refusal.sentence if refusal else None,
        wait_s=refusal.wait_s if refusal else 0,
    )
    wait = {"Retry-After": str(refusal.wait_s)} if refusal and refusal.wait_s else {}
    return html_page(text, status=refusal.status if refusal else 200, headers=wait)
