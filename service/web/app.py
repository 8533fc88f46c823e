"""Puts the web process together: settings in, application out."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from service.dispatch import Doorbell
from service.keyring import Keyring
from service.limits.limit import parse_limit
from service.limits.rate_limiter import RateLimiter
from service.outbound.client import Rules
from service.outbound.oidc import Client, Provider
from service.settings import Settings
from service.usecases.directory import SiteDirectory
from service.usecases.mail_desk import MailDesk
from service.usecases.own_data import OwnDataDesk
from service.usecases.second_factor import SecondFactors
from service.usecases.submit import SubmissionDesk
from service.vault import CodeVault, RecipientVault, SubmittedVault, Vault, WebhookVault
from service.web import connection
from service.web.body import BODY_DEADLINE_S
from service.web.connection import Patience
from service.web.cors import set_read_headers
from service.web.event_feed import EventFeed
from service.web.metrics import Metrics
from service.web.middleware import answer_errors, go_on, log_requests, set_headers
from service.web.open_connections import OpenConnections
from service.web.password_checker import PasswordChecker
from service.web.pools import Pools
from service.web.questions import Questions
from service.web.routes import routes
from service.web.services import SERVICES, Limits, Services

_SERVER_OPTIONS: dict[str, Any] = {
    "auto_decompress": False,  # coded bodies are refused, not inflated
    "access_log": None,  # log_requests writes the one line
    "keepalive_timeout": 15.0,
    "lingering_time": 2.0,
    "max_line_size": 64 * 1024,  # the counts of a hundred pages are asked for in one URL
}


def server_options(settings: Settings, patience: Patience | None = None) -> dict[str, Any]:
    """How aiohttp's server must be run; `body.py` relies on it."""
    connections = OpenConnections(settings.connections, settings.trusted_proxies)
    patience = patience or Patience(head_s=settings.request_s)
    return _SERVER_OPTIONS | {"connections": connections, "patience": patience}


def build_app(settings: Settings, *, schema_wanted: int) -> web.Application:
    """The application; its pools open when it starts and close when it ends."""
    connection.install()
    app = web.Application(middlewares=[log_requests, answer_errors])
    app.add_routes(
        web.RouteDef(route.method, route.path, route.handler, {"expect_handler": go_on}) for route in routes()
    )
    app[BODY_DEADLINE_S] = settings.request_s
    app.on_response_prepare.append(set_headers)
    app.on_response_prepare.append(set_read_headers)

    async def services(app: web.Application) -> AsyncIterator[None]:
        made = app[SERVICES] = await _services(settings, schema_wanted)
        async with made.doorbell:
            yield
        made.passwords.close()
        await made.limiter.close()
        made.pools.terminate()

    app.cleanup_ctx.append(services)
    app.on_shutdown.append(_end_streams)
    return app


async def _end_streams(app: web.Application) -> None:
    app[SERVICES].feed.close()  # before aiohttp waits for what is under way


def _submitted_vault(settings: Settings) -> SubmittedVault | None:
    keys = settings.submitted_keys.get_secret_value()
    return SubmittedVault(Keyring.parse(keys)) if keys else None


def _mail_desk(settings: Settings, signing: Keyring) -> MailDesk | None:
    keys = settings.submitted_keys.get_secret_value()
    if not settings.sends_mail or not keys:
        return None
    return MailDesk(RecipientVault(Keyring.parse(keys)), signing, settings.public_url)


def _webhook_vault(settings: Settings) -> WebhookVault | None:
    keys = settings.submitted_keys.get_secret_value()
    return WebhookVault(Keyring.parse(keys)) if keys else None


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        redirect_uri=f"{settings.public_url}/dashboard/oidc/return",
        secret=settings.oidc_client_secret.get_secret_value(),
    )
    return Provider(client, Rules(networks=settings.outbound_networks, deadline_s=2.0))


async def _services(settings: Settings, schema_wanted: int) -> Services:
    signing = Keyring.parse(settings.signing_keys.get_secret_value())
    vault = Vault(
        email_keys=Keyring.parse(settings.email_keys.get_secret_value()),
        index_keys=Keyring.parse(settings.index_keys.get_secret_value()),
    )
    pools, mail = await Pools.open(settings), _mail_desk(settings, signing)
    redis_url = settings.redis_url.get_secret_value()
    return Services(
        settings=settings,
        signing=signing,
        pools=pools,
        directory=SiteDirectory(pools.directory),
        desk=SubmissionDesk(pools.submissions, vault, signing, _submitted_vault(settings), mail),
        doorbell=Doorbell(redis_url),
        limiter=RateLimiter.connect(redis_url),
        limits=Limits(
            network=parse_limit(settings.limit_network),
            page=parse_limit(settings.limit_page),
            site=parse_limit(settings.limit_site),
            everyone=parse_limit(settings.limit_global),
            sign_in=parse_limit(settings.limit_sign_in),
            reports=parse_limit(settings.limit_reports),
        ),
        metrics=Metrics(),
        questions=Questions.about(pools.operations, redis_url),
        passwords=PasswordChecker(),
        second_factors=SecondFactors(CodeVault(signing)),
        feed=EventFeed(pools.moderation),
        webhook_vault=_webhook_vault(settings),
        provider=_provider(settings),
        own_data=OwnDataDesk(vault, mail, signing) if mail else None,
        schema_wanted=schema_wanted,
    )
