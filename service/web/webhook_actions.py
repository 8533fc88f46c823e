"""What admins do with a webhook: change its secret, test it, look at its deliveries, have some repeated."""

from datetime import timedelta
from uuid import UUID

from aiohttp import web

from service.outbound.message import new_secret, written
from service.storage import deliveries, webhooks
from service.storage.audit import record
from service.storage.deliveries import Delivery
from service.storage.pool import Connection, connection, in_transaction
from service.storage.webhooks import Webhook
from service.web.auth import Caller
from service.web.moderation import answer, read_as
from service.web.policy import enter_site
from service.web.problems import Problem
from service.web.queries import limit_of
from service.web.services import Services, in_time
from service.web.webhook_payloads import ReplayBody, delivery_document, fault_of, webhook_document
from service.web.webhooks import entry, find_webhook, seal

OVERLAP = timedelta(hours=24)
MOST_REPLAYED = 10_000


async def post_rotation(request: web.Request) -> web.Response:
    """`POST …/webhooks/{id}/rotate-secret`: a new secret; the old one signs too for a day."""
    services, caller, site = await enter_site(request, "admin")
    secret = await rotate_secret(services, caller, await find_webhook(request, services, site))
    return answer(webhook_document(await find_webhook(request, services, site)) | {"secret": secret})


async def rotate_secret(services: Services, caller: Caller, found: Webhook) -> str:
    """The new secret, which nobody can read afterwards."""
    secret, site_id = new_secret(), found.site_id
    sealed = seal(services, secret, site_id, found.id)

    async def rotate(held: Connection) -> None:
        await webhooks.rotate_secret(held, site_id, found.id, sealed, OVERLAP)
        await record(held, entry(caller, site_id, "webhook.rotated", found.id))

    await in_time(services, in_transaction(services.moderation, rotate))
    return written(secret)


async def post_test(request: web.Request) -> web.Response:
    """`POST …/webhooks/{id}/test`: has `webhook.test` delivered; the list of deliveries says how it went."""
    services, _caller, site = await enter_site(request, "admin")
    found = await find_webhook(request, services, site)

    async def test(held: Connection) -> UUID:
        return await deliveries.insert_test(held, site.id, found.id)

    made = await in_time(services, in_transaction(services.moderation, test))
    return answer({"delivery": str(made)}, status=202)


async def get_deliveries(request: web.Request) -> web.Response:
    """`GET …/webhooks/{id}/deliveries?limit=`: the newest first."""
    services, _caller, site = await enter_site(request, "admin")
    limit = limit_of(request.query)
    found = await find_webhook(request, services, site)

    async def read() -> list[Delivery]:
        async with connection(services.moderation) as held:
            return await deliveries.list_deliveries(held, site.id, found.id, limit=limit)

    return answer({"deliveries": [delivery_document(one) for one in await in_time(services, read())]})


async def post_replay(request: web.Request) -> web.Response:
    """`POST …/webhooks/{id}/replay`: delivers one again, or everything since a time."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, ReplayBody)
    if (body.delivery is None) == (body.since is None):
        raise fault_of("since", "Either a delivery or a time.", code="required")
    found = await find_webhook(request, services, site)
    return answer({"replayed": await replay_deliveries(services, caller, found, body)}, status=202)


async def replay_deliveries(services: Services, caller: Caller, found: Webhook, body: ReplayBody) -> int:
    """How many are delivered again; a 404 for a delivery that there is not."""
    site_id = found.site_id
    wanted = _uuid(body.delivery)

    async def replay(held: Connection) -> int:
        if body.since is not None:
            count = await deliveries.replay_since(held, site_id, found.id, body.since, limit=MOST_REPLAYED)
        else:
            count = await deliveries.replay_one(held, site_id, found.id, wanted) if wanted else 0
        await record(held, entry(caller, site_id, "webhook.replayed", found.id, deliveries=count))
        return count

    count = await in_time(services, in_transaction(services.moderation, replay))
    if body.delivery is not None and not count:
        raise Problem(404, "webhook-not-found", "There is no such webhook")
    return count


def _uuid(raw: str | None) -> UUID | None:
    try:
        return UUID(raw or "")
    except ValueError:
        return None
