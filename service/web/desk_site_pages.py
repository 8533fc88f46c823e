"""The dashboard's pages about a site: how each is shown, and what becomes of its forms."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ValidationError

from service.domain.errors import DomainError
from service.domain.fault import Fault
from service.moderation.policy_document import InvalidPolicy
from service.web.desk_at_site import AtSite
from service.web.desk_forms import read_acting
from service.web.desk_frame import frame
from service.web.desk_session import DeskSession, find_session
from service.web.desk_sign_in import sign_in_page
from service.web.desk_site_words import DONE, REFUSED, UNNAMED, places_for
from service.web.middleware import html_page, see_other
from service.web.moderation_payloads import invalid_body
from service.web.problems import Problem, problem_of
from service.web.rendering import render
from service.web.services import services_of

M = TypeVar("M", bound=BaseModel)
Values = dict[str, Any]
Act = Callable[[AtSite], Awaitable[str | Values]]
"""What a form does: the code of the notice that is told afterwards, or values to be shown this once."""

MAX_FORM_BYTES = 512 * 1024
"""Word lists are long."""


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page about a site: its name is in its path and template.

    Whoever has a lower role than `role` gets a 403. `read` is what the template needs, `acts` are the forms
    by the value of their field `action`. `kept` are parameters of the address that go along with a form.
    """

    name: str
    role: str
    read: Callable[[AtSite], Awaitable[Values]]
    acts: Mapping[str, Act]
    is_of_site: bool = True
    kept: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"/dashboard/{self.name}"

    @property
    def names_a_site(self) -> bool:
        """Whether its address can name a site, which may be none of the caller's."""
        return self.is_of_site or "site" in self.kept

    @property
    def operation_id(self) -> str:
        """Its name in the reference."""
        return f"show{self.name.title().replace('-', '')}Page"

    def address(self, at: AtSite, notice: str) -> str:
        """Where it stands, about the same thing."""
        query = {name: at.asked(name) for name in self.kept if at.asked(name)}
        if self.is_of_site and at.site:
            query = {"site": at.site.slug} | query
        return f"{self.path}?{urlencode(query | {'notice': notice})}"


async def show(request: web.Request, page: SitePage) -> web.Response:
    """The page, or the way in."""
    services = services_of(request)
    session = await find_session(request, services)
    if session is None:
        return sign_in_page(request)
    at = _at(request, session, page, request.query, {})
    return await _page(page, at, notice=DONE.get(request.query.get("notice", "")))


async def act(request: web.Request, page: SitePage) -> web.Response:
    """Carry out what `action` of the form names; a refusal shows the page with what was typed."""
    services = services_of(request)
    session, form = await read_acting(request, services, max_bytes=MAX_FORM_BYTES)
    at = _at(request, session, page, form, form)
    try:
        outcome = await _carry_out(page, at)
    except (DomainError, InvalidPolicy, Problem) as error:
        problem = problem_of(error)
        if problem is None or problem.code == "unavailable":
            raise
        return await _refused(page, at, problem)
    if isinstance(outcome, str):
        return see_other(page.address(at, outcome))
    return await _page(page, at, **outcome)


def body_of(model: type[M], fields: Mapping[str, Any]) -> M:
    """The same body as a program would send.

    Raises:
        Problem: 422 with every fault.
    """
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise invalid_body(error) from None


async def _carry_out(page: SitePage, at: AtSite) -> str | Values:
    wanted = page.acts.get(at.form.get("action", ""))
    if wanted is None:
        raise Problem(422, "invalid-decision", "The form is not valid")
    return await wanted(at)


def _at(
    request: web.Request,
    session: DeskSession,
    page: SitePage,
    asked: Mapping[str, str],
    form: Mapping[str, str],
) -> AtSite:
    """A form changes the site that it names, never one that happens to be the first."""
    services = services_of(request)
    caller = session.caller.where(page.role) if session.caller.sites else session.caller
    if not page.is_of_site:
        return AtSite(request, services, session, caller, None, asked, form)
    named = caller.sites_named(asked.get("site") or None)
    if (not named and asked.get("site")) or (form and not form.get("site")):
        raise Problem(404, "site-not-found", "There is no such site")
    site = caller.sites[named[0]] if named else None
    return AtSite(request, services, session, caller, site, asked, form)


async def _refused(page: SitePage, at: AtSite, problem: Problem) -> web.Response:
    sent = {name: at.form.get(name, "") for name in ("action", "id")}
    return await _page(
        page,
        at,
        status=problem.status,
        faults=_at_their_fields(problem.errors, at.form),
        refusal=REFUSED.get(problem.code, UNNAMED),
        sent=sent,
    )


def _at_their_fields(faults: tuple[Fault, ...], form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the field of the form that it is about; the rest under its own name."""
    found: dict[str, str] = {}
    for fault in faults:
        about = [name for name in form if fault.field == name or fault.field.startswith(name + ".")]
        name = max(about, key=len, default=fault.field)
        said = f"{_place(fault.field, name, form.get(name, ''))}{fault.detail}"
        found[name] = f"{found[name]} {said}" if name in found else said
    return found


def _place(field: str, name: str, typed: str) -> str:
    """Where in the field it is: of entries a line, the line that the eye counts, blank ones too."""
    number = field[len(name) + 1 :]
    lines = [line for line, entry in enumerate(typed.splitlines(), 1) if entry.strip()]
    if "\n" in typed and number.isdecimal() and int(number) < len(lines):
        return f"Line {lines[int(number)]}: "
    return "" if name == field else f"{field}: "


async def _page(page: SitePage, at: AtSite, *, status: int = 200, **more: Any) -> web.Response:
    """The page; `sent` names the form that was refused, whose fields show what was typed."""
    role = at.caller.role_at(at.site.id) if at.site else at.caller.holder.rights.highest()
    usual = {"notice": None, "refusal": None, "faults": {}, "sent": {"action": None, "id": None}}
    named = {"here": page.name, "places": places_for(role), "typed": at.form, "page_path": page.path}
    may = {"is_admin": at.may("admin"), "is_moderator": at.may("moderator")}
    slug = at.site.slug if at.site and page.is_of_site else None
    text = render(
        f"dashboard_{page.name.replace('-', '_')}.html",
        **frame(at.services, DeskSession(at.session.secret, at.caller), chosen=slug)
        | named
        | may
        | usual
        | await page.read(at)
        | more,
    )
    return html_page(text, status=status)
