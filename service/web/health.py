"""What orchestrators and graphs ask: does the process live, may it be sent requests, how is it doing."""

import asyncio
from contextlib import suppress
from ipaddress import ip_address

import orjson
from aiohttp import web

from service.domain.errors import StorageUnavailable
from service.storage.schema import SchemaState
from service.web.client_ip import client_ip, is_loopback
from service.web.problems import Problem, retry_after
from service.web.services import Services, in_time, services_of

_POSTGRES_S = 2.5


async def healthz(_request: web.Request) -> web.Response:
    """`GET /healthz`: the process lives; touches nothing."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """`GET /readyz`: Postgres answers with a schema that this code knows, and we are not on our way out.

    What Postgres and Redis say is up to a second old; that we are on our way out is told at once.
    """
    services = services_of(request)
    schema, redis = await asyncio.gather(_schema(services), services.questions.redis.get())
    ready = schema is not None and schema.understood_by(services.schema_wanted) and not services.draining
    document = {
        "ready": ready,
        "draining": services.draining,
        "postgres": "reachable" if schema is not None else "unreachable",
        "schema": {"found": schema.number if schema else None, "wanted": services.schema_wanted},
        "redis": redis,
    }
    return web.Response(
        status=200 if ready else 503,
        body=orjson.dumps(document),
        content_type="application/json",
        headers={} if ready else retry_after(),
    )


async def metrics(request: web.Request) -> web.Response:
    """`GET /metrics`, for loopback and the operator's networks alone."""
    services = services_of(request)
    if not _may_see_metrics(request, services):
        raise Problem(404, "not-found", "There is nothing here")
    with suppress(StorageUnavailable):  # the other figures are wanted just then
        services.metrics.show_backlog(await in_time(services, services.questions.backlog.get()))
    services.metrics.show_pools(services.pools.by_name())
    services.metrics.limiter_degraded.set(services.limiter.degraded)
    return web.Response(
        body=services.metrics.exposition(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


def _may_see_metrics(request: web.Request, services: Services) -> bool:
    settings = services.settings
    forwarded = request.headers.getall("X-Forwarded-For", ())
    if is_loopback(request.remote, forwarded, settings.trusted_proxies):
        return True
    ip = client_ip(request.remote, forwarded, settings.trusted_proxies)
    return ip is not None and any(ip_address(ip) in network for network in settings.metrics_networks)


async def _schema(services: Services) -> SchemaState | None:
    try:
        return await in_time(services, services.questions.schema.get(), seconds=_POSTGRES_S)
    except StorageUnavailable:
        return None
