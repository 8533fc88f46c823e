"""`replydesk policy get|set`: a site's policy as a JSON document."""

from typing import Any, TextIO

import click
from pydantic import ValidationError

from service.cli.surroundings import fail, with_database
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.pipeline import check_names
from service.storage import sites
from service.storage.pool import Connection


@click.group("policy")
def command() -> None:
    """Show and change what a site wants. Every version is kept; a decision names its own."""


@command.command("get")
@click.argument("slug")
def get(slug: str) -> None:
    """Print a site's policy."""

    async def read(connection: Connection) -> Site:
        return await _site(connection, slug)

    click.echo(with_database(read).policy.model_dump_json(indent=1))


@command.command("set")
@click.argument("slug")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
def set_(slug: str, file: TextIO) -> None:
    """Make FILE (standard input by default) the site's policy and print its version.

    What the document does not name gets the default of a new site.
    """
    try:
        policy = Policy.model_validate_json(file.read())
    except ValidationError as error:
        fail(*(_line(fault) for fault in error.errors(include_url=False)))

    unknown = sorted(set(policy.checks) - set(check_names()))
    if unknown:
        fail(f"checks: there is no check named {', '.join(unknown)}; there are {', '.join(check_names())}")

    async def change(connection: Connection) -> int:
        site = await _site(connection, slug)
        if site.policy == policy:
            return site.policy_version
        return await sites.insert_policy(connection, site.id, policy)

    click.echo(with_database(change))


def _line(fault: Any) -> str:
    """Which field, which entry of a list counted from 0, and what about it."""
    where = ".".join(map(str, fault["loc"])) or "policy"
    return f"{where}: {str(fault['msg']).removeprefix('Value error, ')}"


async def _site(connection: Connection, slug: str) -> Site:
    site = await sites.find_site(connection, slug)
    if site is None:
        fail(f"there is no site {slug}")
    return site
