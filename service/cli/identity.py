"""`replydesk identity link|unlink|list`: who comes in through the OpenID provider, and as whom."""

import click

from service.cli.surroundings import fail, settings, with_database
from service.cli.terminal import safe
from service.storage import audit, identities, passwords
from service.storage.audit import AuditEntry
from service.storage.pool import Connection

_LONGEST = 255


@click.group("identity")
def command() -> None:
    """Say whom the OpenID provider's people are here."""


@command.command("link")
@click.argument("name")
@click.option("--subject", required=True, help="the provider's `sub` of that person, which never changes")
def link(name: str, subject: str) -> None:
    """Let whom the provider of REPLYDESK_OIDC_ISSUER knows as SUBJECT in as NAME.

    NAME has a role already: `moderator invite`, `moderator password` or `moderator access` gives one.
    """
    issuer = settings().oidc_issuer or fail("REPLYDESK_OIDC_ISSUER is not set")
    if not (subject.isascii() and subject.isprintable() and 0 < len(subject) <= _LONGEST) or "@" in subject:
        fail(f"--subject is the provider's `sub`: at most {_LONGEST} ASCII characters, and no address")

    async def keep(connection: Connection) -> None:
        moderator_id = await _find(connection, name)
        if not await passwords.has_access(connection, moderator_id):
            fail(f"{name} has no role anywhere: `replydesk moderator access` first")
        if not await identities.link(connection, moderator_id, issuer, subject):
            fail(f"{name} or this subject is linked already: `replydesk identity unlink` first")
        await _record(connection, moderator_id, "identity.linked", name)

    with_database(keep)


@command.command("unlink")
@click.argument("name")
def unlink(name: str) -> None:
    """Let NAME in by no provider any more, and end NAME's sessions."""

    async def drop(connection: Connection) -> None:
        moderator_id = await _find(connection, name)
        if not await identities.unlink(connection, moderator_id):
            fail(f"{name} is not linked")
        await passwords.end_sessions(connection, moderator_id)
        await _record(connection, moderator_id, "identity.unlinked", name)

    with_database(drop)


@command.command("list")
def list_all() -> None:
    """Show who is linked: name, issuer, subject."""
    for one in with_database(identities.list_identities):
        click.echo(f"{safe(one.name)}\t{safe(one.issuer)}\t{safe(one.subject)}")


async def _find(connection: Connection, name: str) -> int:
    found = await passwords.find_moderator(connection, name)
    return found[0] if found else fail(f"there is no moderator {name}")


async def _record(connection: Connection, moderator_id: int, action: str, name: str) -> None:
    entry = AuditEntry(action, None, None, name)
    await audit.record_at(connection, await passwords.reach_of(connection, moderator_id), entry)
