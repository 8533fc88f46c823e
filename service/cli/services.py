"""`replydesk services`: which outside services sites have on, and what they say."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import click

from service.cli.surroundings import settings, with_database
from service.domain.policy_parts import SERVICES, ServiceName
from service.domain.site import Site
from service.outbound.errors import NoAnswer
from service.outbound.restraint import within
from service.outbound.services.question import Question
from service.settings import Settings
from service.storage import service_use
from service.storage.pool import Connection
from service.storage.sites import list_sites
from service.usecases.ask_outside import Guarded
from service.usecases.question_of import front_page
from workers.outside import outside_desk

TRIED_ON = "A calm harbour, well described."


@click.command("services")
@click.option("--ask", is_flag=True, help="Ask each of them about a harmless comment that nobody wrote.")
def command(ask: bool) -> None:
    """Show for each site which services it has on, and how often each was asked today.

    With --ask each is asked once, as the worker does, and what it says is shown; Akismet is asked whether it
    takes the key for the site. Run it where the worker runs, with its settings.
    """
    known = settings()
    sites, used = with_database(_read)
    guarded = outside_desk(known).services
    for line in incomplete(known):
        click.echo(f"wrong: {line}")
    switched_on = [(site, name) for site in sites for name in SERVICES if site.policy.service(name).on]
    if not switched_on:
        click.echo("no site has an outside service on; how to switch one on: docs/outside-services.md")
        return
    click.echo("site\tservice\tasked today\tstate" + ("\tsays" if ask else ""))
    for site, name in switched_on:
        state = "configured" if name in guarded else "not configured"
        row = [site.slug, name, str(used.get((site.id, name), 0)), state]
        if ask and name in guarded:
            row.append(asyncio.run(_says(guarded[name], name, site)))
        click.echo("\t".join(row))


def incomplete(known: Settings) -> list[str]:
    """What is configured by half, one line each."""
    lines = []
    if known.akismet_key.get_secret_value() and not known.submitted_keys.get_secret_value():
        lines.append(
            "REPLYDESK_AKISMET_KEY is set and REPLYDESK_SUBMITTED_KEYS is not: Akismet is never asked"
        )
    if bool(known.webhook_url) is not bool(known.webhook_secrets.get_secret_value()):
        lines.append("REPLYDESK_WEBHOOK_URL and REPLYDESK_WEBHOOK_SECRETS are needed together")
    return lines


async def _read(connection: Connection) -> tuple[list[Site], dict[tuple[int, str], int]]:
    return await list_sites(connection), await service_use.asked_today(connection)


async def _says(guarded: Guarded, name: ServiceName, site: Site) -> str:
    try:
        return await within(guarded.deadline_s, _ask(guarded, name, site))
    except NoAnswer as failure:
        return f"unknown ({failure.reason})"


async def _ask(guarded: Guarded, name: ServiceName, site: Site) -> str:
    question, policy = _question(site), site.policy.service(name)
    if name == "akismet":
        takes = await guarded.service.is_verified(question.blog)  # type: ignore[attr-defined]
        return f"{'takes' if takes else 'does not take'} the key for {question.blog}"
    finding = replace((await guarded.service.ask(question, policy)).finding, rule="")
    return f"{finding.outcome} ({finding.detail})" if finding.detail else str(finding.outcome)


def _question(site: Site) -> Question:
    return Question(
        site=site.slug,
        blog=site.policy.service("akismet").blog or front_page(site),
        id=UUID(int=0),
        version=1,
        text=TRIED_ON,
        author="Replydesk",
        page_url=front_page(site),
        submitted_at=datetime.now(UTC),
    )
