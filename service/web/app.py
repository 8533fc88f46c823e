"""Puts the web process together: settings in, application out."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from service.dispatch import Doorbell
from service.keyring import Keyring
from service.limits.limit import parse_limit
from service.limits.rate_limiter import RateLimiter
from service.settings import Settings
from service.storage.pool import Pool, open_pool
from service.usecases.directory import SiteDirectory
from service.usecases.submit import SubmissionDesk
from service.vault import Vault
from service.web import malformed
from service.web.cors import set_read_headers
from service.web.metrics import Metrics
from service.web.middleware import answer_errors, go_on, log_requests, set_headers
from service.web.routes import routes
from service.web.services import SERVICES, Limits, Services

PUBLIC_CONNECTIONS = 12
MODERATION_CONNECTIONS = 4
DIRECTORY_CONNECTIONS = 1  # readers and moderators both need the sites: neither may keep the other from them

SERVER_OPTIONS: dict[str, Any] = {
    "auto_decompress": False,  # coded bodies are refused, not inflated
    "access_log": None,  # log_requests writes the one line
    "keepalive_timeout": 15.0,
    "lingering_time": 2.0,
    "max_line_size": 64 * 1024,  # the counts of a hundred pages are asked for in one URL
}
"""How aiohttp's server must be run; `body.py` relies on it."""


def build_app(settings: Settings, *, schema_wanted: int) -> web.Application:
    """The application; its pools open when it starts and close when it ends."""
    malformed.install()
    app = web.Application(middlewares=[log_requests, answer_errors])
    app.add_routes(
        web.RouteDef(route.method, route.path, route.handler, {"expect_handler": go_on}) for route in routes()
    )
    app.on_response_prepare.append(set_headers)
    app.on_response_prepare.append(set_read_headers)

    async def services(app: web.Application) -> AsyncIterator[None]:
        made = app[SERVICES] = await _services(settings, schema_wanted)
        async with made.doorbell:
            yield
        await made.limiter.close()
        for pool in (made.public, made.moderation, made.directory.pool):
            pool.terminate()

    app.cleanup_ctx.append(services)
    return app


async def _services(settings: Settings, schema_wanted: int) -> Services:
    signing = Keyring.parse(settings.signing_keys.get_secret_value())
    vault = Vault(
        email_keys=Keyring.parse(settings.email_keys.get_secret_value()),
        index_keys=Keyring.parse(settings.index_keys.get_secret_value()),
    )
    public = await _pool(settings, PUBLIC_CONNECTIONS, "public")
    redis_url = settings.redis_url.get_secret_value()
    return Services(
        settings=settings,
        signing=signing,
        public=public,
        moderation=await _pool(settings, MODERATION_CONNECTIONS, "moderation"),
        directory=SiteDirectory(await _pool(settings, DIRECTORY_CONNECTIONS, "directory")),
        desk=SubmissionDesk(public, vault, signing),
        doorbell=Doorbell(redis_url),
        limiter=RateLimiter.connect(redis_url),
        limits=Limits(
            network=parse_limit(settings.limit_network),
            page=parse_limit(settings.limit_page),
            site=parse_limit(settings.limit_site),
            everyone=parse_limit(settings.limit_global),
        ),
        metrics=Metrics(),
        schema_wanted=schema_wanted,
    )


async def _pool(settings: Settings, size: int, name: str) -> Pool:
    # min_size=0: the process starts while Postgres is away, says so in /readyz, and heals by itself.
    return await open_pool(
        settings.database_url.get_secret_value(), "replydesk_web", size=size, name=name, min_size=0
    )
