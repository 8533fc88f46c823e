"""`replydesk policy …`: what a site wants of the checks, how it came about, and what another one would do."""

import json
from typing import TextIO

import click

from service.cli.policy_file import read_file
from service.cli.policy_shadow import shadow
from service.cli.policy_try import try_
from service.cli.policy_wordpress import import_wordpress
from service.cli.surroundings import fail, find_site, with_database
from service.domain.errors import PolicyChanged
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.policy_document import differences, policy_schema
from service.storage import policies
from service.storage.policies import PolicyVersion
from service.storage.pool import Connection
from service.usecases.change_policy import LONGEST_NOTE, Change, change_policy

_FILE = click.File(encoding="utf-8")


@click.group("policy")
def command() -> None:
    """Show, try and change what a site wants. Every version is kept; a decision names its own.

    Files are JSON or YAML; `-` is standard input. What a file does not name gets the default of a new site.
    """


@command.command("get")
@click.argument("slug")
@click.option("--version", type=int, help="an earlier one")
def get(slug: str, version: int | None) -> None:
    """Print a site's policy as JSON."""

    async def read(connection: Connection) -> Policy:
        site = await find_site(connection, slug)
        if version is None:
            return site.policy
        found = await policies.find_version(connection, site.id, version)
        return found.policy if found else fail(f"there is no version {version} of it")

    click.echo(with_database(read).model_dump_json(indent=1))


@command.command("set")
@click.argument("slug")
@click.argument("file", type=_FILE, default="-")
@click.option("--note", help="why, for whoever reads the history")
@click.option("--version", type=int, help="refuse unless this is the version that holds")
def set_(slug: str, file: TextIO, note: str | None, version: int | None) -> None:
    """Make FILE the site's policy and print its version."""
    if note and len(note) > LONGEST_NOTE:
        fail(f"--note has at most {LONGEST_NOTE} characters")
    policy = read_file(file)

    async def change(connection: Connection) -> int:
        site = await find_site(connection, slug)
        return await change_policy(connection, site.id, Change(policy, seen=version, note=note))

    try:
        click.echo(with_database(change))
    except PolicyChanged as error:
        fail(f"version {error.version} holds: somebody changed it; look at `policy history {slug}`")


@command.command("check")
@click.argument("file", type=_FILE, default="-")
@click.option("--site", "slug", help="say what it would change there")
def check(file: TextIO, slug: str | None) -> None:
    """Say everything that is wrong with FILE; nothing is changed."""
    policy = read_file(file)
    if slug is None:
        click.echo("nothing is wrong with it")
        return

    async def read(connection: Connection) -> Site:
        return await find_site(connection, slug)

    site = with_database(read)
    lines = differences(site.policy, policy)
    click.echo("\n".join(lines) if lines else f"it says what version {site.policy_version} says")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of a policy."""
    click.echo(json.dumps(policy_schema(), indent=1))


@command.command("history")
@click.argument("slug")
@click.option("--last", type=click.IntRange(1, 1000), default=20, show_default=True, help="versions")
def history(slug: str, last: int) -> None:
    """Show the versions, the newest first: when, by whom, why, and what each changed."""

    async def read(connection: Connection) -> list[PolicyVersion]:
        site = await find_site(connection, slug)
        return await policies.list_versions(connection, site.id, limit=last + 1)

    found = with_database(read)
    for number, one in enumerate(found[:last]):
        by = one.made_by or "the command line"
        click.echo(f"{one.version}\t{one.made_at:%Y-%m-%d %H:%M} UTC\t{by}\t{one.note or ''}".rstrip())
        before = found[number + 1].policy if number + 1 < len(found) else Policy()
        for line in differences(before, one.policy):
            click.echo(f"\t{line}")


command.add_command(try_)
command.add_command(shadow)
command.add_command(import_wordpress)
