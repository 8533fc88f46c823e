"""What admins do about people: their role at a site, shutting them out and letting them in."""

from service.domain.errors import EverySite, OwnRights, PersonNotFound, RoleTooLow
from service.domain.people import Admin, Person
from service.storage import audit, passwords, people, second_factors
from service.storage.audit import AuditEntry
from service.storage.pool import Connection


async def set_role(
    connection: Connection, admin: Admin, moderator_id: int, site_id: int, role: str
) -> Person:
    """Say what the person's role at that site is from now on.

    Raises:
        PersonNotFound: nobody of that id does anything where the admin is one.
        OwnRights: that is the admin.
        RoleTooLow: it would change what the person may do elsewhere.
    """
    person = await _lock(connection, admin, moderator_id)
    if not admin.may_place(person, site_id):
        raise RoleTooLow
    await passwords.set_role_at(connection, moderator_id, role, [site_id])
    await _record(connection, admin, person, "moderator.access_changed", [site_id], role=role)
    return await _again(connection, moderator_id)


async def remove_role(connection: Connection, admin: Admin, moderator_id: int, site_id: int) -> Person:
    """Take a person off a site, with all tokens; who has no site left is out altogether.

    Raises:
        PersonNotFound, OwnRights, RoleTooLow: as `set_role`.
        EverySite: the person has a role at every site.
    """
    person = await _lock(connection, admin, moderator_id)
    if not admin.may_place(person, site_id):
        raise RoleTooLow
    if person.reach.everywhere:
        raise EverySite
    if site_id not in person.reach.at:
        raise PersonNotFound
    await people.remove_role_at(connection, moderator_id, site_id)
    if person.rights is not None and not await passwords.has_access(connection, moderator_id):
        # Without a role of the person's own, a token's role would count by itself.
        await people.revoke_tokens_of(connection, moderator_id)
        await passwords.end_sessions(connection, moderator_id)
    await _record(connection, admin, person, "moderator.removed", [site_id])
    return await _again(connection, moderator_id)


async def disable(connection: Connection, admin: Admin, moderator_id: int) -> Person:
    """Shut a person out everywhere, at once.

    Raises:
        PersonNotFound, OwnRights, RoleTooLow: as `set_role`; it takes an admin of all the person's sites.
    """
    person = await _lock_whole(connection, admin, moderator_id)
    await passwords.disable(connection, moderator_id)
    await _record(connection, admin, person, "moderator.disabled", _sites_of(person))
    return await _again(connection, moderator_id)


async def enable(connection: Connection, admin: Admin, moderator_id: int) -> Person:
    """Let a person in again; tokens stay revoked.

    Raises:
        PersonNotFound, OwnRights, RoleTooLow: as `disable`.
    """
    person = await _lock_whole(connection, admin, moderator_id)
    await passwords.enable(connection, moderator_id)
    await _record(connection, admin, person, "moderator.enabled", _sites_of(person))
    return await _again(connection, moderator_id)


async def reset_second_factor(connection: Connection, admin: Admin, moderator_id: int) -> Person:
    """Ask a person for no code any more, whose app and recovery codes are lost; every session ends.

    Of whoever has set none up nothing changes.

    Raises:
        PersonNotFound, OwnRights, RoleTooLow: as `disable`.
    """
    person = await _lock_whole(connection, admin, moderator_id)
    if await second_factors.remove(connection, moderator_id):
        await passwords.end_sessions(connection, moderator_id)
        await _record(connection, admin, person, "second_factor.reset", _sites_of(person))
    return await _again(connection, moderator_id)


async def _lock(connection: Connection, admin: Admin, moderator_id: int) -> Person:
    person = await people.lock_person(connection, moderator_id)
    if person is None or not (admin.knows(person) or admin.sees(person.reach)):
        raise PersonNotFound
    if not admin.knows(person):
        raise RoleTooLow
    if person.id == admin.moderator_id:
        raise OwnRights
    return person


async def _lock_whole(connection: Connection, admin: Admin, moderator_id: int) -> Person:
    person = await _lock(connection, admin, moderator_id)
    if not admin.is_admin_of(person.reach):
        raise RoleTooLow
    return person


async def _again(connection: Connection, moderator_id: int) -> Person:
    person = await people.lock_person(connection, moderator_id)
    if person is None:
        raise PersonNotFound
    return person


async def _record(
    connection: Connection,
    admin: Admin,
    person: Person,
    action: str,
    site_ids: list[int] | None,
    **details: str,
) -> None:
    entry = AuditEntry(action, None, admin.moderator_id, person.name, details)
    await audit.record_at(connection, site_ids, entry)


def _sites_of(person: Person) -> list[int] | None:
    reach = person.reach
    return None if reach.everywhere or not reach.at else list(reach.at)
