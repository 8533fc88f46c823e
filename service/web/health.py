"""What orchestrators and graphs ask: does the process live, may it be sent requests, how is it doing."""

from contextlib import suppress
from ipaddress import ip_address

import orjson
from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.domain.errors import StorageUnavailable
from service.storage.figures import Backlog, read_backlog
from service.storage.pool import connection
from service.storage.schema import SchemaState, find_schema_state
from service.web.client_ip import client_ip, is_loopback
from service.web.problems import Problem
from service.web.services import Services, in_time, services_of

_REDIS_S = 0.3


async def healthz(_request: web.Request) -> web.Response:
    """`GET /healthz`: the process lives; touches nothing."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """`GET /readyz`: Postgres answers with a schema that this code knows, and we are not on our way out."""
    services = services_of(request)
    try:
        schema = await in_time(services, _schema(services), seconds=2.5)
    except Exception:  # noqa: BLE001  (whatever it is, such as roles that were never made: not ready)
        schema = None
    ready = schema is not None and schema.understood_by(services.schema_wanted) and not services.draining
    document = {
        "ready": ready,
        "draining": services.draining,
        "postgres": "reachable" if schema is not None else "unreachable",
        "schema": {"found": schema.number if schema else None, "wanted": services.schema_wanted},
        "redis": await _redis_state(services),
    }
    return web.Response(
        status=200 if ready else 503,
        body=orjson.dumps(document),
        content_type="application/json",
        headers={} if ready else {"Retry-After": "5"},
    )


async def metrics(request: web.Request) -> web.Response:
    """`GET /metrics`, for loopback and the operator's networks alone."""
    services = services_of(request)
    if not _may_see_metrics(request, services):
        raise Problem(404, "not-found", "There is nothing here")
    with suppress(StorageUnavailable):  # the other figures are wanted just then
        services.metrics.show_backlog(await in_time(services, _backlog(services)))
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


async def _schema(services: Services) -> SchemaState:
    async with connection(services.public) as held:
        return await find_schema_state(held)


async def _backlog(services: Services) -> Backlog:
    async with connection(services.moderation) as held:
        return await read_backlog(held)


async def _redis_state(services: Services) -> str:
    client: Redis = Redis.from_url(
        services.settings.redis_url.get_secret_value(),
        socket_timeout=_REDIS_S,
        socket_connect_timeout=_REDIS_S,
    )
    try:
        await client.ping()
    except (RedisError, OSError):
        return "unreachable"
    else:
        return "reachable"
    finally:
        await client.aclose()
