"""What admins do about tokens: make one, revoke one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.domain.errors import NameTaken, RoleTooLow, TokenNotFound
from service.domain.people import Admin
from service.domain.rights import Rights
from service.storage import audit, moderators, passwords, people, tokens
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.storage.tokens import KeptToken
from service.tokens import new_secret, secret_digest, secret_prefix


@dataclass(frozen=True, slots=True)
class NewToken:
    """What is wished; without a name for somebody new, without sites for every site."""

    name: str | None
    role: str
    site_ids: Sequence[int] | None
    lasts: timedelta


async def create(connection: Connection, admin: Admin, wish: NewToken) -> tuple[str, KeptToken]:
    """Make it; its secret, which is nowhere else, and what is kept of it.

    Raises:
        RoleTooLow: the admin is not one at all of these sites, or the person may do less than that there.
        NameTaken: somebody has that name whom this admin may not change.
    """
    rights = Rights.of_one_role(wish.role, wish.site_ids)
    if not admin.is_admin_of(rights):
        raise RoleTooLow
    secret = new_secret()
    name = wish.name or f"moderator {secret_prefix(secret)}"
    moderator_id = await _holder_id(connection, admin, name, rights)
    await moderators.insert_token(
        connection,
        moderator_id,
        digest=secret_digest(secret),
        prefix=secret_prefix(secret),
        role=wish.role,
        site_ids=wish.site_ids,
        lasts=wish.lasts,
    )
    details = {"role": wish.role, "moderator": name}
    entry = AuditEntry("token.created", None, admin.moderator_id, secret_prefix(secret), details)
    await audit.record_at(connection, wish.site_ids, entry)
    kept = await tokens.find_by_digest(connection, secret_digest(secret))
    if kept is None:
        raise TokenNotFound
    return secret, kept


async def revoke(connection: Connection, admin: Admin, token_id: int) -> None:
    """Make it useless at once.

    Raises:
        TokenNotFound: there is none of that id where the admin is one.
        RoleTooLow: it also opens sites at which the admin is none.
    """
    kept = await tokens.find_valid(connection, token_id)
    reach = Rights.of_one_role(kept.role, kept.site_ids) if kept else Rights()
    if kept is None or not admin.sees(reach):
        raise TokenNotFound
    if not admin.is_admin_of(reach):
        raise RoleTooLow
    if await tokens.revoke(connection, token_id):
        entry = AuditEntry("token.revoked", None, admin.moderator_id, kept.prefix)
        await audit.record_at(connection, kept.site_ids, entry)


async def _holder_id(connection: Connection, admin: Admin, name: str, rights: Rights) -> int:
    made = await people.insert_person(connection, name)
    if made is not None:
        return made
    found = await people.find_id(connection, name)
    person = await people.lock_person(connection, found) if found is not None else None
    if person is None or person.disabled_at or not admin.is_admin_of(person.reach) or not admin.knows(person):
        raise NameTaken
    own = await passwords.rights_of(connection, person.id)
    if own is not None and not rights.is_within(own):
        raise RoleTooLow
    return person.id
