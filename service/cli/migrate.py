"""`replydesk migrate`."""

import asyncio

import asyncpg
import click

from migrations.runner import MigrationError, migrate
from service.cli.surroundings import fail, settings
from service.storage.logins import give_login


@click.command("migrate")
def command() -> None:
    """Bring the database up to date; safe to run from several machines at once.

    Where REPLYDESK_WEB_PASSWORD and REPLYDESK_WORKER_PASSWORD are set, the two roles may log in with them.
    """
    known = settings()
    url = known.database_url.get_secret_value()
    try:
        done = asyncio.run(migrate(url, say=lambda line: click.echo(line, err=True)))
        asyncio.run(_logins(url))
    except MigrationError as error:
        fail(str(error))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        fail(f"the database cannot be migrated ({type(error).__name__})")
    click.echo(f"{len(done)} migrations applied, the schema is up to date", err=True)


async def _logins(url: str) -> None:
    known = settings()
    connection = await asyncpg.connect(url, timeout=5, command_timeout=30)
    try:
        for role, password in (
            ("replydesk_web", known.web_password),
            ("replydesk_worker", known.worker_password),
        ):
            if password.get_secret_value():
                await give_login(connection, role, password.get_secret_value())
    finally:
        await connection.close()
