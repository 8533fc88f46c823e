"""`replydesk token create|revoke|list`."""

from datetime import timedelta

import click

from service.cli.surroundings import fail, with_database
from service.domain.rights import Rights
from service.passwords import stable
from service.storage import audit, moderators, passwords, sites
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.tokens import ROLES, new_secret, secret_digest, secret_prefix


@click.group("token")
def command() -> None:
    """Make, revoke and list moderators' tokens."""


@command.command("create")
@click.option("--site", "slugs", multiple=True, help="a site that the token reaches; may be repeated")
@click.option("--all-sites", is_flag=True, help="every site, also later ones")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", help="who it is for, shown in the history; by default someone new")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="until it expires")
def create(slugs: tuple[str, ...], all_sites: bool, role: str, name: str | None, days: int) -> None:
    """Make a token and print it, and nothing else; it cannot be shown again."""
    if bool(slugs) == all_sites:
        fail("say which --site the token is for, or --all-sites")
    if name is not None and not (name.strip() and name.isprintable()):
        fail("--name must be one printable line")
    secret = new_secret()

    async def make(connection: Connection) -> None:
        site_ids = None if all_sites else await site_ids_of(connection, slugs)
        person = stable(name).strip() if name else f"moderator {secret_prefix(secret)}"
        found = await passwords.find_moderator(connection, person)
        if found and found[1]:
            fail(f"{person} is disabled: `replydesk moderator enable` first")
        moderator_id = await moderators.ensure_moderator(connection, person)
        own = await passwords.rights_of(connection, moderator_id)
        if own and not Rights.of_one_role(role, site_ids).is_within(own):
            fail(f"{person} may do less than that there: `replydesk moderator access` first")
        await moderators.insert_token(
            connection,
            moderator_id,
            digest=secret_digest(secret),
            prefix=secret_prefix(secret),
            role=role,
            site_ids=site_ids,
            lasts=timedelta(days=days),
        )
        details = {"role": role, "moderator": person}
        entry = AuditEntry("token.created", None, None, secret_prefix(secret), details)
        await audit.record_at(connection, site_ids, entry)

    with_database(make)
    click.echo(secret)


@command.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Make a token useless at once; PREFIX is what `token list` shows of it."""

    async def end(connection: Connection) -> int:
        revoked = await moderators.revoke_token(connection, secret_prefix(prefix))
        for site_ids in revoked:
            entry = AuditEntry("token.revoked", None, None, secret_prefix(prefix))
            await audit.record_at(connection, site_ids, entry)
        return len(revoked)

    if not with_database(end):
        fail("there is no valid token that begins like this")


@command.command("list")
def list_all() -> None:
    """Show every token, without its secret."""
    for token in with_database(moderators.list_tokens):
        state = _state(token)
        used = f"last used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
        reach = ", ".join(token.sites) if token.sites is not None else "every site"
        click.echo(f"{token.prefix}…\t{token.moderator}\t{token.role}\t{reach}\t{state}\t{used}")


async def site_ids_of(connection: Connection, slugs: tuple[str, ...]) -> list[int]:
    """The ids of these sites; ends with a line about the first that does not exist."""
    known = {site.slug: site.id for site in await sites.list_sites(connection)}
    missing = [slug for slug in slugs if slug not in known]
    if missing:
        fail(f"there is no site {missing[0]}")
    return [known[slug] for slug in slugs]


def _state(token: moderators.TokenEntry) -> str:
    if token.revoked_at:
        return "revoked"
    return f"until {token.expires_at:%Y-%m-%d}" if token.expires_at else "no end"
