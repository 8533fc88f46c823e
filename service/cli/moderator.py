"""`replydesk moderator password|invite|access|list|disable|enable|reset-code`."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import click

from service.cli.surroundings import fail, settings, with_database
from service.cli.token import site_ids_of
from service.passwords import MAX_LENGTH, MIN_LENGTH, PasswordHash, complaint_about, stable
from service.storage import audit, moderators, passwords, second_factors
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.tokens import ROLES
from service.usecases import invitations

_MAX_BYTES = MAX_LENGTH * 16

site_option = click.option("--site", "slugs", multiple=True, help="a site that it opens; may be repeated")
all_option = click.option("--all-sites", is_flag=True, help="every site, also later ones")


@click.group("moderator")
def command() -> None:
    """Let people sign in at the dashboard with a name and a password, and shut them out again."""


@command.command("password")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help="needed for someone new")
@site_option
@all_option
def password(name: str, role: str | None, slugs: tuple[str, ...], all_sites: bool) -> None:
    """Give NAME a password, read from standard input, and end the sessions that NAME has.

    It has at least 12 characters of any kind. Role and sites stay as they are where none are named.
    """
    name = _named(name)
    if role is None and (slugs or all_sites):
        fail("say which --role it is on those sites")
    if role is not None and bool(slugs) == all_sites:
        fail("say which --site the password opens, or --all-sites")
    new = _read_password()
    complaint = complaint_about(new, name)
    if complaint:
        fail(complaint)
    new_hash = PasswordHash().make(new)

    async def keep(connection: Connection) -> None:
        moderator_id = await moderators.ensure_moderator(connection, name)
        await _refuse_disabled(connection, name)
        if role is not None:
            site_ids = None if all_sites else await site_ids_of(connection, slugs)
            await passwords.set_access(connection, moderator_id, role, site_ids)
        elif not await passwords.has_access(connection, moderator_id):
            fail(f"say which --role {name} has, and where: --site or --all-sites")
        await passwords.set_password(connection, moderator_id, new_hash)
        await _record(connection, moderator_id, "moderator.password_set", name)

    with_database(keep)


@command.command("access")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@site_option
@all_option
@click.option("--keep", is_flag=True, help="leave the role at other sites as it is")
def access(name: str, role: str, slugs: tuple[str, ...], all_sites: bool, keep: bool) -> None:
    """Change what NAME may do where; it holds from the next request on.

    The role at a site that was named goes before the one at --all-sites. No token of NAME opens more.
    """
    if bool(slugs) == all_sites:
        fail("say which --site the password opens, or --all-sites")

    async def change(connection: Connection, moderator_id: int) -> None:
        site_ids = None if all_sites else await site_ids_of(connection, slugs)
        before = await passwords.reach_of(connection, moderator_id)
        change = passwords.set_role_at if keep else passwords.set_access
        await change(connection, moderator_id, role, site_ids)
        touched = None if before is None or site_ids is None else [*before, *site_ids]
        entry = AuditEntry("moderator.access_changed", None, None, _named(name), {"role": role})
        await audit.record_at(connection, touched, entry)

    _with_moderator(name, change)


@command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Shut NAME out at once: sessions end, tokens are revoked, the password opens nothing."""

    async def shut_out(connection: Connection, moderator_id: int) -> None:
        await _record(connection, moderator_id, "moderator.disabled", name)
        await passwords.disable(connection, moderator_id)

    _with_moderator(name, shut_out)


@command.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME in again by the same password. Tokens stay revoked: make a new one."""

    async def let_in(connection: Connection, moderator_id: int) -> None:
        await passwords.enable(connection, moderator_id)
        await _record(connection, moderator_id, "moderator.enabled", name)

    _with_moderator(name, let_in)


@command.command("invite")
@click.option("--role", type=click.Choice(ROLES), required=True)
@site_option
@all_option
def invite(role: str, slugs: tuple[str, ...], all_sites: bool) -> None:
    """Print a link by which somebody new chooses a name and a password, once, within 72 hours."""
    if bool(slugs) == all_sites:
        fail("say which --site the invitation is for, or --all-sites")

    async def make(connection: Connection) -> str:
        site_ids = None if all_sites else await site_ids_of(connection, slugs)
        secret, _made = await invitations.invite(connection, None, role, site_ids)
        return secret

    secret = with_database(make)
    click.echo(f"{settings().public_url}/dashboard/invitations/{secret}")


@command.command("reset-code")
@click.argument("name")
def reset_code(name: str) -> None:
    """Ask NAME for no code any more, whose app and recovery codes are lost, and end NAME's sessions."""

    async def reset(connection: Connection, moderator_id: int) -> None:
        if not await second_factors.remove(connection, moderator_id):
            fail(f"{name} has set up no second factor")
        await passwords.end_sessions(connection, moderator_id)
        await _record(connection, moderator_id, "second_factor.reset", name)

    _with_moderator(name, reset)


@command.command("list")
def list_all() -> None:
    """Show everybody: what the password opens, how many tokens are valid, whether NAME is shut out."""
    for entry in with_database(passwords.list_moderators):
        reach = "every site" if entry.sites is None else ", ".join(entry.sites)
        opens = f"{entry.role}\t{reach}" if entry.role and entry.has_password else "no password\t-"
        tokens = f"{entry.tokens} token{'' if entry.tokens == 1 else 's'}"
        state = f"disabled since {entry.disabled_at:%Y-%m-%d}" if entry.disabled_at else "may sign in"
        click.echo(f"{entry.name}\t{opens}\t{tokens}\t{state}")


async def _record(connection: Connection, moderator_id: int, action: str, name: str, **details: Any) -> None:
    """An entry at each site that the person reaches at this moment."""
    entry = AuditEntry(action, None, None, _named(name), details)
    await audit.record_at(connection, await passwords.reach_of(connection, moderator_id), entry)


def _named(name: str) -> str:
    name = stable(name).strip()
    if not (name and name.isprintable()):
        fail("NAME must be one printable line")
    return name


def _with_moderator(name: str, work: Callable[[Connection, int], Awaitable[Any]]) -> None:
    async def find_and_work(connection: Connection) -> None:
        found = await passwords.find_moderator(connection, _named(name))
        if found is None:
            fail(f"there is no moderator {name}")
        await work(connection, found[0])

    with_database(find_and_work)


async def _refuse_disabled(connection: Connection, name: str) -> None:
    found = await passwords.find_moderator(connection, name)
    if found and found[1]:
        fail(f"{name} is disabled: `replydesk moderator enable` first")


def _read_password() -> str:
    """One line of standard input; where a person types, it is asked for twice and not shown."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        fail(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    try:
        return raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        fail("the password on standard input is not UTF-8")
