"""`python -m service`: the web process."""

import asyncio
import contextlib
import signal
import sys
from typing import cast

import structlog
from aiohttp import web

from migrations.files import newest_known
from service.eviction import RedisEvicts, refuse_evicting_redis
from service.keyring import Keyring, KeyringError
from service.logs import configure_logs
from service.processes import no_core_dumps
from service.settings import Settings, SettingsError, ignored_names
from service.web.app import build_app, server_options
from service.web.interpreter import interpreter_faults
from service.web.open_connections import ACCEPTED_AT_ONCE, LEAST_FILES, RESERVED_FILES, allow_more_files
from service.web.services import SERVICES

log = structlog.get_logger("service")

NOTICE_S = 0.5
"""How long a balancer has to see that we are not ready any more, before we stop listening."""

WAITING_CLIENTS = 1024
"""How many clients the kernel keeps waiting until we take them."""

LAST_WORDS_S = 0.25
"""How long who was connected last may take to say what it wants, once nobody else can connect.

aiohttp answers a request that it has begun to read. What comes on a connection that is newer than that it
drops without a word, and then waits for it as long as a drain lasts.
"""


def main() -> None:
    """Serve until SIGTERM or SIGINT; then finish what is under way."""
    no_core_dumps()
    if faults := interpreter_faults():
        sys.exit("\n".join(f"replydesk: {line}" for line in faults))
    try:
        settings = Settings.read()
        _require_keys(settings)
    except SettingsError as error:
        sys.exit("\n".join(f"replydesk: {line}" for line in error.lines))
    if allow_more_files(settings.connections + RESERVED_FILES) < LEAST_FILES:
        sys.exit(f"replydesk: the limit of open files (ulimit -n) must be {LEAST_FILES} or more")
    configure_logs(settings.log_level)
    for name in ignored_names():
        log.warning("setting ignored: it comes from Kubernetes", name=name)
    try:
        refuse_evicting_redis(settings.redis_url.get_secret_value())
        asyncio.run(_serve(settings))
    except RedisEvicts as error:
        sys.exit(f"replydesk: {error}")
    except OSError as error:
        sys.exit(f"replydesk: cannot listen on {settings.host}:{settings.port} ({error.strerror})")


def _require_keys(settings: Settings) -> None:
    lines = []
    for name in ("email_keys", "index_keys", "signing_keys"):
        try:
            Keyring.parse(getattr(settings, name).get_secret_value())
        except KeyringError as error:
            lines.append(f"REPLYDESK_{name.upper()} {error}")
    if lines:
        raise SettingsError(lines)


async def _serve(settings: Settings) -> None:
    app = build_app(settings, schema_wanted=newest_known())
    runner = web.AppRunner(app, shutdown_timeout=settings.drain_s, **server_options(settings))
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port, backlog=ACCEPTED_AT_ONCE)
    try:
        await site.start()
        _let_more_wait(site)
        log.info("listening", host=settings.host, port=settings.port)
        await _until_signalled()
        app[SERVICES].draining = True
        await asyncio.sleep(NOTICE_S)
        await site.stop()
        await asyncio.sleep(LAST_WORDS_S)
    finally:
        await runner.cleanup()
    log.info("stopped")


def _let_more_wait(site: web.TCPSite) -> None:
    """asyncio has one number for how many clients the kernel keeps waiting and how many are taken at once."""
    server = cast("asyncio.Server", site._server)  # noqa: SLF001  (aiohttp shows its sockets nowhere else)
    for listening in server.sockets:
        with listening.dup() as again:
            again.listen(WAITING_CLIENTS)


async def _until_signalled() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await stopping.wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
