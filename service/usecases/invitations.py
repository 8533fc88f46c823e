"""Somebody new is invited, comes in, or is not wanted any more."""

from collections.abc import Sequence
from datetime import timedelta

from service.domain.errors import InvitationNotFound, NameTaken, RoleTooLow
from service.domain.people import Admin
from service.domain.rights import Rights
from service.storage import audit, invitations, passwords, people
from service.storage.audit import AuditEntry
from service.storage.invitations import Invitation
from service.storage.pool import Connection
from service.tokens import new_secret, secret_digest

LASTS = timedelta(hours=72)


async def invite(
    connection: Connection, admin: Admin | None, role: str, site_ids: Sequence[int] | None
) -> tuple[str, Invitation]:
    """A new invitation and its secret, which is nowhere else; `admin` is None for the command line.

    Raises:
        RoleTooLow: the admin is not one at all of these sites.
    """
    if admin is not None and not admin.is_admin_of(Rights.of_one_role(role, site_ids)):
        raise RoleTooLow
    secret, by = new_secret(), admin.moderator_id if admin else None
    digest = secret_digest(secret)
    await invitations.insert(connection, digest, role=role, site_ids=site_ids, invited_by=by, lasts=LASTS)
    made = await invitations.find_open(connection, digest)
    if made is None:
        raise InvitationNotFound
    entry = AuditEntry("invitation.created", None, by, f"invitation {made.id}", {"role": role})
    await audit.record_at(connection, site_ids, entry)
    return secret, made


async def revoke(connection: Connection, admin: Admin | None, invitation_id: int) -> None:
    """Nobody comes by it any more.

    Raises:
        InvitationNotFound: there is none of that id at the admin's sites.
        RoleTooLow: it also concerns sites at which the admin is none.
    """
    found = await invitations.find_by_id(connection, invitation_id)
    if found is None or (admin is not None and not admin.sees(_rights(found))):
        raise InvitationNotFound
    if admin is not None and not admin.is_admin_of(_rights(found)):
        raise RoleTooLow
    if not await invitations.revoke(connection, invitation_id):
        raise InvitationNotFound
    by = admin.moderator_id if admin else None
    entry = AuditEntry("invitation.revoked", None, by, f"invitation {invitation_id}")
    await audit.record_at(connection, found.site_ids, entry)


async def accept(connection: Connection, secret: str, name: str, password_hash: str | None) -> int:
    """Somebody comes by it under that name; the new person's id. The invitation is used up.

    Without a hash there is no password: the same transaction has to make another way to sign in.

    Raises:
        InvitationNotFound: unknown, used, revoked or expired, or whoever invited may not do so any more.
        NameTaken: somebody has that name.
    """
    found = await invitations.lock_open(connection, secret_digest(secret))
    if found is None or not await holds(connection, found):
        raise InvitationNotFound
    moderator_id = await people.insert_person(connection, name)
    if moderator_id is None:
        raise NameTaken
    await passwords.set_access(connection, moderator_id, found.role, found.site_ids)
    if password_hash is not None:
        await passwords.set_password(connection, moderator_id, password_hash)
    await invitations.mark_used(connection, found.id, moderator_id)
    details = {"name": name, "role": found.role, "invited_by": found.inviter}
    entry = AuditEntry("invitation.accepted", None, moderator_id, f"invitation {found.id}", details)
    await audit.record_at(connection, found.site_ids, entry)
    return moderator_id


async def holds(connection: Connection, invitation: Invitation) -> bool:
    """Whether whoever invited could still do so: an invitation gives no more than its maker has."""
    if invitation.invited_by is None:
        return True
    person = await people.lock_person(connection, invitation.invited_by)
    if person is None or person.disabled_at is not None:
        return False
    wanted = _rights(invitation)
    if person.rights is not None:
        return Admin(person.id, person.rights).is_admin_of(wanted)
    admin_of = await people.list_admin_rights_of_tokens(connection, person.id)
    return any(Admin(person.id, rights).is_admin_of(wanted) for rights in admin_of)


def _rights(invitation: Invitation) -> Rights:
    return Rights.of_one_role(invitation.role, invitation.site_ids)
