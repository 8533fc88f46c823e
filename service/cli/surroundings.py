"""Where the command line finds its database: in the environment, else in the home of a running `make run`."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import asyncpg
import click

from service.embedded.layout import Home
from service.settings import Settings, SettingsError
from service.storage.pool import Connection

T = TypeVar("T")


def surroundings() -> dict[str, str]:
    """The environment; what it leaves open is taken from the running home."""
    environ = dict(os.environ)
    if "DATABASE_URL" in environ or "DATABASE_URL_FILE" in environ:
        return environ
    try:
        kept: dict[str, str] = json.loads(Home.of(environ).environment_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return environ
    return kept | environ


def settings() -> Settings:
    """The settings, or an end with one line for each that is wrong."""
    try:
        return Settings.read(surroundings())
    except SettingsError as error:
        fail(*error.lines)


def fail(*lines: str) -> NoReturn:
    """End with these lines on standard error."""
    for line in lines:
        click.echo(f"replydesk: {line}", err=True)
    sys.exit(1)


def with_database(work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run `work` in one transaction as the owner of the tables."""

    async def run() -> T:
        connection = await asyncpg.connect(
            settings().database_url.get_secret_value(), timeout=5, command_timeout=60
        )
        try:
            async with connection.transaction():
                return await work(connection)
        finally:
            await connection.close()

    try:
        return asyncio.run(run())
    except (OSError, TimeoutError) as error:
        fail(f"the database cannot be reached ({type(error).__name__})")
    except asyncpg.UndefinedTableError:
        fail("the database has no tables yet: run `replydesk migrate`")
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError):
        fail("the database refuses DATABASE_URL's user, password or name")
