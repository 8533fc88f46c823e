"""`replydesk site create|update|list`."""

from typing import Any

import asyncpg
import click

from service.cli.surroundings import fail, with_database
from service.domain.page_url import InvalidPageUrl, normalise_page_url, origin_of, parse_origin
from service.domain.policy import Policy
from service.storage import audit, reveals, sites
from service.storage.audit import AuditEntry
from service.storage.pool import Connection

_ORIGIN_HELP = "an origin whose pages may carry comments, such as https://paper.example; may be repeated"
_POST_URL_HELP = "template of an article's URL for WordPress forms, such as https://paper.example/?p={id}"


@click.group("site")
def command() -> None:
    """Make, change and list sites."""


@command.command("create")
@click.argument("slug")
@click.option("--name", help="the publication's name; the slug by default")
@click.option("--origin", "origins", multiple=True, required=True, help=_ORIGIN_HELP)
@click.option("--post-url", help=_POST_URL_HELP)
@click.option("--publish", type=click.Choice(["review", "auto"]), default="review", show_default=True)
def create(slug: str, name: str | None, origins: tuple[str, ...], post_url: str | None, publish: Any) -> None:
    """Make a site. Its comments wait for a person unless --publish auto is given."""
    registered = _origins(origins)
    _check_post_url(post_url, registered)

    async def make(connection: Connection) -> None:
        site_id = await sites.insert_site(
            connection, slug=slug, name=name or slug, post_url=post_url, policy=Policy(publish=publish)
        )
        await sites.replace_origins(connection, site_id, registered)
        details = {"origins": registered, "publish": publish}
        await audit.record(connection, AuditEntry("site.created", site_id, None, slug, details))

    try:
        with_database(make)
    except asyncpg.UniqueViolationError:
        fail(f"there is a site {slug} already")
    except asyncpg.CheckViolationError:
        fail("a slug is lower-case letters, digits and hyphens, at most 63 of them")
    click.echo(slug)


@command.command("update")
@click.argument("slug")
@click.option("--name")
@click.option("--origin", "origins", multiple=True, help=_ORIGIN_HELP + "; replaces all of them")
@click.option("--post-url", help=_POST_URL_HELP + "; empty removes it")
@click.option("--publish", type=click.Choice(["review", "auto"]))
@click.option(
    "--reveal", type=click.Choice(["on", "off"]), help="whether `replydesk reveal` may open an address"
)
def update(
    slug: str,
    name: str | None,
    origins: tuple[str, ...],
    post_url: str | None,
    publish: Any,
    reveal: str | None,
) -> None:
    """Change a site; what is not named stays."""

    async def change(connection: Connection) -> None:
        site = await sites.find_site(connection, slug)
        if site is None:
            fail(f"there is no site {slug}")
        registered = _origins(origins) if origins else sorted(site.origins)
        template = site.post_url if post_url is None else post_url or None
        _check_post_url(template, registered)
        await sites.update_site(connection, site.id, name=name or site.name, post_url=template)
        await sites.replace_origins(connection, site.id, registered)
        details = {"origins": registered, "publish": publish or site.policy.publish}
        if reveal is not None:
            await reveals.switch(connection, site.id, is_on=reveal == "on")
            details["reveal"] = reveal
        await audit.record(connection, AuditEntry("site.changed", site.id, None, slug, details))
        if publish and publish != site.policy.publish:
            await sites.insert_policy(
                connection, site.id, site.policy.model_copy(update={"publish": publish})
            )

    with_database(change)


@command.command("list")
def list_all() -> None:
    """Show every site."""
    for site in with_database(sites.list_sites):
        origins = ", ".join(sorted(site.origins))
        click.echo(f"{site.slug}\t{site.name}\tpublish: {site.policy.publish}\t{origins}")


def _origins(given: tuple[str, ...]) -> list[str]:
    origins = []
    for raw in given:
        origin = parse_origin(raw.rstrip("/"))
        if not origin:
            fail(f"{raw} is not an origin such as https://paper.example")
        origins.append(origin)
    return origins


def _check_post_url(template: str | None, origins: list[str]) -> None:
    if template is None:
        return
    if "{id}" not in template:
        fail("--post-url must contain {id}")
    try:
        example = normalise_page_url(template.replace("{id}", "1"))
    except InvalidPageUrl:
        fail("--post-url is not the address of a page")
    if origin_of(example) not in origins:
        fail("--post-url must lie inside a registered origin")
