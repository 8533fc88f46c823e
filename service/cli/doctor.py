"""`replydesk doctor`: what is wrong with the configuration, in one line each."""

import asyncio
import sys

import asyncpg
import click
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError

from migrations.files import newest_known
from migrations.runner import MigrationError, pending_migrations
from service.cli.alerts import wrong_alerts, wrong_mail, wrong_reader_mail
from service.cli.services import incomplete
from service.cli.surroundings import settings, surroundings
from service.settings import Settings, ignored_names
from service.storage.learning import list_alarming
from service.storage.pool import Connection
from service.storage.samples import list_unmeasured
from service.storage.schema import find_schema_state, find_server_setting
from service.storage.sites import list_sites
from service.storage.webhooks import list_ill
from workers.mail import recipients_of

TIMEOUT_S = 5
OLDEST_POSTGRES = 15

_LOSES = "an accepted reply could be lost"
POSTGRES_SETTINGS = {
    "synchronous_commit": ({"on", "remote_apply", "remote_write", "local"}, _LOSES),
    "fsync": ({"on"}, _LOSES),
    "full_page_writes": ({"on"}, _LOSES),
    "log_parameter_max_length": ({"0"}, "the log of slow statements could quote what readers wrote"),
    "log_parameter_max_length_on_error": ({"0"}, "the log could quote what readers wrote"),
    "log_statement": ({"none", "ddl"}, "the log would name every statement"),
}
"""What Postgres must be set to, and what happens otherwise."""


@click.command("doctor")
def command() -> None:
    """Check settings, Postgres and Redis; exit code 1 if anything is wrong."""
    known = settings()
    wrong = asyncio.run(_examine(known))
    for line in wrong:
        click.echo(f"wrong: {line}")
    if not known.smtp_host:
        click.echo(
            "note: REPLYDESK_SMTP_HOST is not set: alerts are not mailed, and readers are told nothing"
        )
    for name in ignored_names(surroundings()):
        click.echo(f"note: {name} comes from Kubernetes and is ignored")
    if not wrong:
        click.echo("nothing is wrong")
    sys.exit(1 if wrong else 0)


async def _examine(known: Settings) -> list[str]:
    servers = [*await _postgres(known), *await _redis(known), *await wrong_mail(known)]
    return [*servers, *_keys(known), *incomplete(known)]


async def _postgres(known: Settings) -> list[str]:
    try:
        connection = await asyncpg.connect(known.database_url.get_secret_value(), timeout=TIMEOUT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [f"DATABASE_URL: Postgres cannot be used ({type(error).__name__})"]
    try:
        return [*await _server(connection), *await _schema(connection, known)]
    finally:
        await connection.close()


async def _server(connection: Connection) -> list[str]:
    lines = []
    major = connection.get_server_version().major
    if major < OLDEST_POSTGRES:
        lines.append(f"Postgres {major} is too old: {OLDEST_POSTGRES} or newer is needed")
    for name, (wanted, why) in POSTGRES_SETTINGS.items():
        value = await find_server_setting(connection, name)
        if value not in wanted:
            lines.append(f"Postgres has {name} = {value}: {why}")
    return lines


async def _schema(connection: Connection, known: Settings) -> list[str]:
    state = await find_schema_state(connection)
    if state.number == 0:
        return ["the database has no tables yet: run `replydesk migrate`"]
    try:
        waiting = await pending_migrations(connection)
    except (MigrationError, asyncpg.PostgresError) as error:
        why = str(error) if isinstance(error, MigrationError) else type(error).__name__
        return [f"the migrations cannot be compared: {why}"]
    if waiting:
        return [f"{len(waiting)} migrations are not applied: run `replydesk migrate`"]
    if not state.understood_by(newest_known()):
        return [f"the schema needs newer code than this (migration {state.oldest_code})"]
    if not await list_sites(connection):
        return ["there is no site yet: run `replydesk site create`"]
    return (
        [
            f"{slug}: people agree with the checks less than promised: run `replydesk models show {slug}`"
            for slug in await list_alarming(connection)
        ]
        + [
            f"{slug}: nobody has answered the sample in a week, so nobody knows whether its promise holds"
            for slug in await list_unmeasured(connection)
        ]
        + [
            f"{slug}: webhook {webhook_id} gets nothing ({why}): see its deliveries, then switch it on"
            for slug, webhook_id, why in await list_ill(connection)
        ]
        + await wrong_alerts(connection, recipients_of(known))
        + await wrong_reader_mail(connection, known)
    )


async def _redis(known: Settings) -> list[str]:
    client: Redis = Redis.from_url(known.redis_url.get_secret_value(), socket_timeout=TIMEOUT_S)
    lines = []
    try:
        policy = (await client.info("memory")).get("maxmemory_policy", "unknown")
        if policy != "noeviction":
            lines.append(f"Redis has maxmemory-policy {policy}: it must be noeviction")
        if not (await client.info("persistence")).get("aof_enabled"):
            lines.append("Redis has appendonly off: a restart forgets rings and limits (comments are safe)")
    except AuthenticationError:
        lines.append("REDIS_URL: Redis refuses the user or password")
    except (RedisError, OSError) as error:
        lines.append(f"REDIS_URL: Redis cannot be used ({type(error).__name__})")
    finally:
        await client.aclose()
    return lines


def _keys(known: Settings) -> list[str]:
    lines = [
        f"REPLYDESK_{name.upper()} is not set: the web process will not start"
        for name in ("email_keys", "index_keys", "signing_keys")
        if not getattr(known, name).get_secret_value()
    ]
    if not known.is_https and not known.public_url.startswith(("http://127.0.0.1", "http://localhost")):
        lines.append("REPLYDESK_PUBLIC_URL is not https: readers' addresses would travel in clear")
    return lines
