"""Where the command line finds its database: in the environment, else in the home of a running `make run`."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import asyncpg
import click

from service.domain.errors import StorageUnavailable
from service.domain.site import Site
from service.embedded.layout import Home
from service.keyring import Keyring
from service.settings import Settings, SettingsError
from service.storage import sites
from service.storage.pool import PATIENT_COMMAND_S, Connection, Pool, open_pool
from service.vault import Vault

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


async def find_site(connection: Connection, slug: str) -> Site:
    """The site of that slug, or an end that says there is none."""
    found = await sites.find_site(connection, slug)
    return found or fail(f"there is no site {slug}")


def with_private_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    """Run `work` on connections of the one role that may read addresses; it owns its transactions."""

    async def run() -> T:
        pool = await open_pool(
            settings().database_url.get_secret_value(),
            "replydesk_private",
            size=2,
            name="command-line",
            command_s=PATIENT_COMMAND_S,
        )
        try:
            return await work(pool)
        finally:
            pool.terminate()

    try:
        return asyncio.run(run())
    except StorageUnavailable as error:
        fail(f"the database is away or busy ({error}); do it again, what is done is done")
    except asyncpg.InvalidParameterValueError:
        fail("the database is not up to date: run `replydesk migrate`")
    except asyncpg.InsufficientPrivilegeError:
        fail("DATABASE_URL's user may not act as replydesk_private: use the owner of the tables")


def keyrings() -> Vault:
    """The keys of addresses and of their indexes, or an end that says which are missing."""
    known = settings()
    missing = [name for name in ("email_keys", "index_keys") if not getattr(known, name).get_secret_value()]
    if missing:
        fail(*(f"REPLYDESK_{name.upper()} is not set: it is needed here" for name in missing))
    return Vault(
        email_keys=Keyring.parse(known.email_keys.get_secret_value()),
        index_keys=Keyring.parse(known.index_keys.get_secret_value()),
    )


async def connect() -> "asyncpg.Connection[asyncpg.Record]":
    """A connection as the owner of the tables; the caller closes it."""
    return await asyncpg.connect(settings().database_url.get_secret_value(), timeout=5, command_timeout=60)


def with_database(work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run `work` in one transaction as the owner of the tables."""

    async def run() -> T:
        connection = await connect()
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
