"""`replydesk checks SITE`: what each check decided lately, and how often people agreed."""

import json

import click

from service.cli.surroundings import find_site, with_database
from service.domain.finding import Outcome
from service.moderation.backtest.tally import NOBODY
from service.moderation.check_record import CheckRecord
from service.storage.pool import Connection
from service.usecases.check_report import CheckReport, check_report

MOST = 100_000


@click.command("checks")
@click.argument("slug")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="print it as JSON")
def command(slug: str, days: int, as_json: bool) -> None:
    """Show decisions by check: the share of each outcome, what it decided, how many of these people approved.

    A check whose holds people approve holds too much. At most the latest 100,000 comments are looked at.
    """

    async def read(connection: Connection) -> CheckReport:
        site = await find_site(connection, slug)
        return await check_report(connection, site.id, days=days, limit=MOST)

    report = with_database(read)
    if as_json:
        click.echo(json.dumps(report.document(), indent=1))
    else:
        _print(report)


def _print(report: CheckReport) -> None:
    days = "day" if report.days == 1 else f"{report.days} days"
    click.echo(f"{report.comments} comments checked in the last {days}\n")
    click.echo(
        "check                comments    pass    hold  reject    spam unknown  decided  approved  confirmed"
    )
    for check in report.checks:
        click.echo(_line(check))
    if report.rules:
        click.echo("\nline of the policy           made it     comments  approved")
    for rule in report.rules:
        name, people = rule["rule"] or "(a check failed)", rule["people"]
        click.echo(f"{name:<28} {rule['status']:<10} {rule['count']:>9} {people['approved']:>9}")


def _line(check: CheckRecord) -> str:
    total = check.outcomes.total()
    shares = " ".join(f"{check.outcomes[outcome] / total:>7.1%}" for outcome in Outcome)
    people = check.people
    approved = f"{people['approved']}" if people.total() else ""
    confirmed = f"{check.agreed}" if people.total() else ""
    waiting = f"  ({people[NOBODY]} not decided by people)" if people[NOBODY] else ""
    decided = check.decided.total() or ""
    return f"{check.check:<20} {total:>8} {shares} {decided:>8} {approved:>9} {confirmed:>10}{waiting}"
