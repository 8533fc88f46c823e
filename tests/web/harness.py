"""What the web tests hold in their hands: a running web process, and sites, tokens and comments in it."""

import base64
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from aiohttp import ClientSession, ClientTimeout, CookieJar, web

from migrations.files import newest_known
from service.domain.policy import Policy
from service.domain.site import ReasonText, Site
from service.limits.limit import parse_limit
from service.settings import Settings
from service.storage import moderators, sites
from service.storage.pool import open_pool
from service.tokens import new_secret, secret_digest, secret_prefix
from service.usecases.check import CheckDesk, CheckRules
from service.usecases.directory import SiteDirectory
from service.web.app import build_app, server_options
from service.web.services import SERVICES, Services

ORIGIN = "https://paper.example"
PAGE = ORIGIN + "/ferry"
COMMENT = {
    "page_url": PAGE,
    "author": "Mina",
    "email": "mina@reader.example",
    "comment": "The ferry was late again.",
}
"""A submission without a fault, for a site that `make_site` made."""


@dataclass(frozen=True, slots=True)
class WebProcess:
    """A running web process: `client` has it as its base URL and keeps cookies, also of an address."""

    app: web.Application
    settings: Settings
    client: ClientSession

    @property
    def url(self) -> str:
        """Its `public_url`, which is where it listens."""
        return self.settings.public_url

    @property
    def services(self) -> Services:
        """What its handlers share."""
        return self.app[SERVICES]

    def forget_sites(self) -> None:
        """Read the sites again with the next request, not within a second."""
        self.services.directory._read_at = float("-inf")


# The fixtures of conftest.py that are called.
StartWeb = Callable[..., Awaitable[WebProcess]]
MakeSite = Callable[..., Awaitable[Site]]
MakeToken = Callable[..., Awaitable[str]]
CheckAll = Callable[..., Awaitable[int]]
Submit = Callable[..., Awaitable[dict[str, Any]]]


@asynccontextmanager
async def running_web(database_url: str, redis_url: str, **changes: Any) -> AsyncIterator[WebProcess]:
    """A web process on a free port, with random keys and, unless `changes` says so, no limit by network."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    values = {
        "database_url": database_url,
        "redis_url": redis_url,
        "port": port,
        "email_keys": random_key(),
        "index_keys": random_key(),
        "signing_keys": random_key(),
        "submitted_keys": random_key(),
        "limit_network": "off",
    }
    settings = Settings.model_validate(values | changes)
    app = build_app(settings, schema_wanted=newest_known())
    runner = web.AppRunner(app, shutdown_timeout=1, **server_options(settings))
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        client = ClientSession(
            settings.public_url, cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(total=20)
        )
        async with client:
            yield WebProcess(app, settings, client)
    finally:
        await runner.cleanup()


def random_key() -> str:
    """A key as a setting holds it."""
    return "1:" + base64.b64encode(os.urandom(32)).decode()


async def insert_site(
    database: asyncpg.Connection,
    slug: str,
    *,
    origins: tuple[str, ...],
    post_url: str | None,
    own_reasons: tuple[ReasonText, ...],
    policy: Policy,
) -> Site:
    """A site as `replydesk site create` makes it, with reasons of its own."""
    async with database.transaction():
        site_id = await sites.insert_site(
            database, slug=slug, name=slug.title(), post_url=post_url, policy=policy
        )
        await sites.replace_origins(database, site_id, list(origins))
        await database.executemany(
            "INSERT INTO site_reason (site_id, code, label, text) VALUES ($1, $2, $3, $4)",
            [(site_id, reason.code, reason.label, reason.text) for reason in own_reasons],
        )
    made = await sites.find_site(database, slug)
    assert made is not None
    return made


async def insert_token(
    database: asyncpg.Connection,
    role: str,
    slugs: tuple[str, ...] | None,
    *,
    name: str,
    lasts: timedelta,
    loopback_only: bool,
) -> str:
    """A moderator's token as `replydesk token create` makes it; `slugs=None` is every site."""
    known = {site.slug: site.id for site in await sites.list_sites(database)}
    secret = new_secret()
    await moderators.insert_token(
        database,
        await moderators.ensure_moderator(database, name),
        digest=secret_digest(secret),
        prefix=secret_prefix(secret),
        role=role,
        site_ids=None if slugs is None else [known[slug] for slug in slugs],
        lasts=lasts,
        loopback_only=loopback_only,
    )
    return secret


async def check_pending(database_url: str, author_limit: str) -> int:
    """Run the checks over everything that is due, as a worker does; how many comments were decided."""
    pools = [
        await open_pool(database_url, "replydesk_worker", size=1, name=name) for name in ("check", "marks")
    ]
    rules = CheckRules(
        lease=timedelta(seconds=60),
        batch=50,
        deadline=contextlib.nullcontext,  # SIGALRM belongs to the test runner here
        author_limit=parse_limit(author_limit),
        network_limit=None,
    )
    try:
        return await CheckDesk(*pools, SiteDirectory(pools[0]), rules).check_due(lambda: False)
    finally:
        for pool in pools:
            await pool.close()
