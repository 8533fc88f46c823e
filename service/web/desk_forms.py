"""The dashboard's forms: whether one of our own pages sent them, and who."""

from aiohttp import web

from service.web.auth import is_csrf_token
from service.web.body import read_body
from service.web.body_error import unsupported
from service.web.desk_session import DeskSession, find_session
from service.web.problems import Problem
from service.web.services import Services

_MAX_FORM_BYTES = 16 * 1024

# Where a request comes from is asked of the browser: Sec-Fetch-Site first, which no page can set or leave
# out, else Origin, which every browser sends with a POST. A program that is no browser sends neither and
# carries nobody's cookies. So:
#
# - A form that acts for a session needs one of the two, and it must be right. Whoever has a session came by a
#   browser, and a request with a session and without either header has lost them on its way.
# - The sign-in needs neither, but none may be wrong. There is no session yet to ride on. What has to be kept
#   out is another site's page that signs a moderator in as somebody else, and such a page has a browser
#   around it, which says so. A token tied to a cookie would add nothing to that, and would refuse whoever
#   opened the page before the cookie was lost.
#
# The form's own token comes on top for everything that a session does.


async def read_desk_form(
    request: web.Request, services: Services, *, of_session: bool, max_bytes: int = _MAX_FORM_BYTES
) -> dict[str, str]:
    """The fields of a form that one of our own pages sent.

    Raises:
        Problem: 403 for a form from elsewhere.
        BodyError: the body cannot be read.
    """
    if not _is_ours(request, services, unless_said=not of_session):
        raise foreign_form()
    body = await read_body(request, max_bytes=max_bytes)
    if body.kind != "form":  # JSON can carry half characters, which no page can show and no password has
        raise unsupported("Send it as a form does.")
    return {name: value for name, value in body.fields.items() if isinstance(value, str)}


async def read_acting(
    request: web.Request, services: Services, *, max_bytes: int | None = None
) -> tuple[DeskSession, dict[str, str]]:
    """Whoever acts through one of our own forms, and what the form says; `max_bytes` is for long ones.

    Raises:
        Problem: 401 without a session, 403 for a form that is not ours.
    """
    form = await read_desk_form(request, services, of_session=True, max_bytes=max_bytes or _MAX_FORM_BYTES)
    session = await find_session(request, services)
    if session is None:
        raise Problem(401, "signed-out", "Please sign in again", "Your session has ended.")
    if not is_csrf_token(services, session.secret, form.get("csrf", "")):
        raise foreign_form()
    return session, form


def foreign_form() -> Problem:
    """A form from elsewhere, or of an earlier session."""
    return Problem(403, "foreign-form", "This form is not ours", "Load the page again.")


def _is_ours(request: web.Request, services: Services, *, unless_said: bool) -> bool:
    sites, origins = request.headers.getall("Sec-Fetch-Site", []), request.headers.getall("Origin", [])
    if sites:
        return sites == ["same-origin"]
    if origins:
        return len(origins) == 1 and origins[0] in _own_origins(request, services)
    return unless_said


def _own_origins(request: web.Request, services: Services) -> set[str]:
    # The address that the browser has in its bar, where that is not the public one: `make run` on localhost.
    return {services.settings.public_url, f"{request.scheme}://{request.host}"}
