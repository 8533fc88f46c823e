"""The page of the people of a site: roles, invitations, and shutting somebody out."""

from service.domain.errors import InvitationNotFound, PersonNotFound
from service.domain.people import Admin
from service.storage import invitations
from service.storage.pool import Connection
from service.usecases import invitations as inviting
from service.usecases import people as change
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.people import read_people
from service.web.people_payloads import (
    InvitationBody,
    RoleBody,
    admin_of,
    invitation_document,
    number_of,
    person_document,
)

SHOWN = 500


async def read(at: AtSite) -> Values:
    """Whoever has a role at the site, and the invitations that can still be used."""
    if at.site is None:
        return {"people": (), "open_invitations": (), "url": None}
    found = await read_people(at.services, at.caller, [at.of.id], None, SHOWN)
    everywhere = admin_of(at.caller).is_admin_everywhere

    async def waiting(held: Connection) -> list[invitations.Invitation]:
        return await invitations.list_open(held, [at.of.id], with_everywhere=everywhere)

    return {
        "people": [person_document(one, at.caller) for one in found],
        "open_invitations": [invitation_document(one, at.caller) for one in await at.read(waiting)],
        "url": None,
    }


async def invite(at: AtSite) -> Values:
    """A link for somebody new, shown this once."""
    admin, body = _admin(at), body_of(InvitationBody, {"role": at.form.get("role")})
    secret, _ = await at.change(lambda held: inviting.invite(held, admin, body.role, [at.of.id]))
    return {"url": f"{at.services.settings.public_url}/dashboard/invitations/{secret}"}


async def revoke(at: AtSite) -> str:
    """Nobody comes by that link any more."""
    admin, number = _admin(at), number_of(at.form.get("id", ""))
    if number is None:
        raise InvitationNotFound
    await at.change(lambda held: inviting.revoke(held, admin, number))
    return "invitation-revoked"


async def set_role(at: AtSite) -> str:
    """Another role at this site."""
    admin, one = _admin(at), _person(at)
    role = body_of(RoleBody, {"role": at.form.get("role")}).role
    await at.change(lambda held: change.set_role(held, admin, one, at.of.id, role))
    return "role"


async def remove(at: AtSite) -> str:
    """No role at this site."""
    admin, one = _admin(at), _person(at)
    await at.change(lambda held: change.remove_role(held, admin, one, at.of.id))
    return "removed"


async def disable(at: AtSite) -> str:
    """Shut out, with every session and token."""
    admin, one = _admin(at), _person(at)
    await at.change(lambda held: change.disable(held, admin, one))
    return "disabled"


async def enable(at: AtSite) -> str:
    """In again."""
    admin, one = _admin(at), _person(at)
    await at.change(lambda held: change.enable(held, admin, one))
    return "enabled"


def _admin(at: AtSite) -> Admin:
    at.must("admin")
    return admin_of(at.caller)


def _person(at: AtSite) -> int:
    found = number_of(at.form.get("id", ""))
    if found is None:
        raise PersonNotFound
    return found


PAGE = SitePage(
    "people",
    "admin",
    read,
    {
        "invite": invite, "revoke": revoke, "role": set_role, "remove": remove, "disable": disable,
        "enable": enable,
    },
)  # fmt: skip
