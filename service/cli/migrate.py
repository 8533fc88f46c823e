"""`replydesk migrate`."""

import asyncio

import asyncpg
import click

from migrations.runner import MigrationError, migrate
from service.cli.surroundings import fail, settings
from service.storage.logins import give_login
from service.storage.retention import set_retention


@click.command("migrate")
def command() -> None:
    """Bring the database up to date; safe to run from several machines at once.

    Where REPLYDESK_WEB_PASSWORD and REPLYDESK_WORKER_PASSWORD are set, the two roles may log in with them.
    What REPLYDESK_RETENTION_… say holds from then on.
    """
    known = settings()
    url = known.database_url.get_secret_value()
    try:
        done = asyncio.run(migrate(url, say=lambda line: click.echo(line, err=True)))
        asyncio.run(_settings_of_the_database(url))
    except MigrationError as error:
        fail(str(error))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        fail(f"the database cannot be migrated ({type(error).__name__})")
    click.echo(f"{len(done)} migrations applied, the schema is up to date", err=True)


async def _settings_of_the_database(url: str) -> None:
    """What processes must not be able to change: how they log in, and how long things stay."""
    known = settings()
    connection = await asyncpg.connect(url, timeout=5, command_timeout=30)
    try:
        for role, password in (
            ("replydesk_web", known.web_password),
            ("replydesk_worker", known.worker_password),
        ):
            if password.get_secret_value():
                await give_login(connection, role, password.get_secret_value())
        for kind in await set_retention(connection, known.retention_days):
            days = known.retention_days[kind]
            stays = "for ever" if days is None else f"{days} days"
            click.echo(f"retention: {kind} now stays {stays}", err=True)
    finally:
        await connection.close()
