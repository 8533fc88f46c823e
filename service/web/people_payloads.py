"""Bodies and documents about people, tokens, sessions and invitations."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.domain.fault import Fault
from service.domain.people import Admin, Person
from service.domain.site import Site
from service.passwords import stable
from service.storage.invitations import Invitation
from service.storage.sessions import OwnSession
from service.storage.tokens import KeptToken
from service.web.auth import Caller
from service.web.problems import Problem

RoleName = Literal["viewer", "moderator", "admin"]
Slug = Annotated[str, StringConstraints(max_length=100)]
LONGEST_NAME = 100


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, strict=True)


class RoleBody(_Body):
    """What a person's role at a site is from now on."""

    role: RoleName


class InvitationBody(_Body):
    """Which role somebody new gets, and where; without `sites` at every site, later ones too."""

    role: RoleName
    sites: list[Slug] | None = Field(default=None, min_length=1, max_length=200)


class TokenBody(InvitationBody):
    """A token: for whom, and how long; without a name it is somebody's of its own."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)] | None = None
    days: int = Field(default=365, ge=1, le=3650)


def admin_of(caller: Caller) -> Admin:
    """The caller as the use cases about people know it."""
    return Admin(caller.holder.moderator_id, caller.holder.rights)


def id_in(request: web.Request, name: str) -> int | None:
    """The number in the path; None for what no row can have."""
    return number_of(request.match_info[name])


def number_of(raw: str) -> int | None:
    """The number of a row; None for what none can have."""
    is_number = raw.isascii() and raw.isdigit() and len(raw) <= 10
    return int(raw) if is_number and 0 < int(raw) < 2**31 else None


def site_ids_of(caller: Caller, slugs: list[str] | None) -> list[int] | None:
    """The ids of the sites that a body names; None for every site.

    Raises:
        Problem: 404 for a site that is not the caller's, 403 for one at which the role is too low.
    """
    if slugs is None:
        return None
    named = [caller.sites_named(slug) for slug in slugs]
    if not all(named):
        raise Problem(404, "site-not-found", "There is no such site")
    return sorted({one for found in named for one in found})


def name_of(raw: str) -> str:
    """A name as names are kept.

    Raises:
        Problem: 422 for one that is not a printable line.
    """
    name = stable(raw).strip()
    if not (name and name.isprintable() and len(name) <= LONGEST_NAME):
        fault = Fault("name", "invalid", f"A name is one line of at most {LONGEST_NAME} characters.")
        raise Problem(422, "invalid-decision", "The body is not valid", errors=(fault,))
    return name


def person_document(person: Person, caller: Caller) -> dict[str, Any]:
    """A person, with the roles at the caller's sites and nothing about others but that there are some."""
    admin, known = admin_of(caller), caller.sites
    rights, reach = person.rights, person.reach
    return {
        "id": str(person.id),
        "name": person.name,
        "is_you": person.id == caller.holder.moderator_id,
        "roles": _by_slug({one: rights.role_at(one) if rights else None for one in known}, known),
        "is_everywhere": reach.everywhere is not None,
        "has_other_sites": reach.everywhere is not None or bool(set(reach.at) - set(known)),
        "may_be_disabled": admin.is_admin_of(reach) and person.id != caller.holder.moderator_id,
        "has_password": person.has_password,
        "tokens": person.tokens,
        "disabled_at": person.disabled_at,
    }


def token_document(token: KeptToken, caller: Caller) -> dict[str, Any]:
    """A token without its secret; of its sites those of the caller."""
    return {
        "id": str(token.id),
        "prefix": token.prefix,
        "moderator": token.moderator,
        "role": token.role,
        "sites": _slugs(token.site_ids, caller.sites),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def invitation_document(invitation: Invitation, caller: Caller) -> dict[str, Any]:
    """An invitation without its secret."""
    return {
        "id": str(invitation.id),
        "role": invitation.role,
        "sites": _slugs(invitation.site_ids, caller.sites),
        "invited_by": invitation.inviter,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }


def session_document(session: OwnSession) -> dict[str, Any]:
    """A session of the caller."""
    return {
        "id": session.id,
        "by": "token" if session.prefix else "person",
        "token": session.prefix,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "expires_at": session.expires_at,
    }


def _slugs(site_ids: list[int] | None, known: Mapping[int, Site]) -> list[str] | None:
    return None if site_ids is None else sorted(known[one].slug for one in site_ids if one in known)


def _by_slug(roles: Mapping[int, str | None], known: Mapping[int, Site]) -> dict[str, str]:
    return {known[one].slug: role for one, role in roles.items() if role}
