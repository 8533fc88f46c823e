"""Reveals one reader's address to an operator, after it is on record who answers for it and why."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag

from service.domain.email import EmailAddress
from service.storage import audit, passwords, people, reveals, sealed_emails, sites
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.vault import Vault

Kind = Literal["threat", "court-order"]
KINDS: tuple[Kind, ...] = ("threat", "court-order")
LONGEST_REASON = 500


class RevealRefused(Exception):
    """It is not done; the sentence says why, and quotes neither the reason nor an address."""


@dataclass(frozen=True, slots=True)
class Request:
    """Whose address: of which comment at which site; `by` answers for it, with a `reason` of that kind."""

    site: str
    comment_id: UUID
    by: str
    kind: Kind
    reason: str


async def put_on_record(connection: Connection, asked: Request) -> int:
    """Write into the audit log that this address is revealed; the id of its site.

    The transaction has to be committed before `open_address` is called: what cannot be put on record is not
    shown.

    Raises:
        RevealRefused: the site has it switched off, nobody of that name is admin there, the comment has no
            address any more, or the reason is none.
    """
    reason = _reason_of(asked.reason)
    site = await sites.find_site(connection, asked.site)
    if site is None:
        raise RevealRefused(f"there is no site {asked.site}")
    if not await reveals.is_switched_on(connection, site.id):
        raise RevealRefused(
            f"{asked.site} has this switched off; `replydesk site update {asked.site} --reveal on` allows it"
        )
    moderator_id = await _admin_at(connection, asked.by, site.id)
    await _refuse_without_address(connection, site.id, asked.comment_id)
    details = {"kind": asked.kind, "reason": reason}
    entry = AuditEntry("address.revealed", site.id, moderator_id, f"comment {asked.comment_id}", details)
    await audit.record(connection, entry)
    return site.id


async def open_address(connection: Connection, vault: Vault, site_id: int, comment_id: UUID) -> EmailAddress:
    """The address, as `replydesk_private`.

    Raises:
        RevealRefused: it went in this moment, or no key opens it.
    """
    kept = await sealed_emails.find_sealed(connection, site_id, comment_id)
    if kept is None:
        raise RevealRefused("the address went in this moment: it was erased, or has expired")
    try:
        return vault.open(kept.sealed, site_id, comment_id)
    except (InvalidTag, KeyError):
        raise RevealRefused(
            "no key in REPLYDESK_EMAIL_KEYS opens this address; the audit log has that it was asked for"
        ) from None


def _reason_of(typed: str) -> str:
    reason = typed.strip()
    if not reason or not reason.isprintable() or len(reason) > LONGEST_REASON:
        raise RevealRefused(
            f"--reason is one line of at most {LONGEST_REASON} characters, such as a file number"
        )
    if "@" in reason:
        raise RevealRefused("--reason is kept in the audit log: leave addresses out of it")
    return reason


async def _admin_at(connection: Connection, name: str, site_id: int) -> int:
    """The id of whoever has that name, may sign in or call, and is an admin there."""
    found = await passwords.find_moderator(connection, name)
    if found is not None and found[1] is None:
        rights = [await passwords.rights_of(connection, found[0])]
        if rights == [None]:
            rights = [*await people.list_admin_rights_of_tokens(connection, found[0])]
        if any(one is not None and one.role_at(site_id) == "admin" for one in rights):
            return found[0]
    raise RevealRefused("--by names nobody who is an admin of this site")


async def _refuse_without_address(connection: Connection, site_id: int, comment_id: UUID) -> None:
    found = await reveals.find_addressed(connection, site_id, comment_id)
    if found is None:
        raise RevealRefused("there is no such comment at this site")
    if found.status == "erased":
        raise RevealRefused("the comment was erased, and its address with it")
    if not found.has_address:
        raise RevealRefused("no address is kept of this comment: none was given, or it has expired")
