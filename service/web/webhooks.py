"""Webhooks over HTTP: which there are, and their making, changing and removal. For admins."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from aiohttp import web

from service.domain.site import Site
from service.outbound.errors import NoAnswer
from service.outbound.message import new_secret, written
from service.outbound.target import Target
from service.storage import webhooks
from service.storage.audit import AuditEntry, record
from service.storage.pool import Connection, connection, in_transaction
from service.storage.webhooks import SealedSecret, Webhook
from service.web.auth import Caller
from service.web.moderation import answer, read_as
from service.web.policy import enter_site
from service.web.problems import Problem, retry_after
from service.web.queries import comment_id_of
from service.web.services import Services, in_time
from service.web.webhook_payloads import WebhookBody, WebhookChange, fault_of, webhook_document

MOST = 20


async def get_webhooks(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/webhooks`."""
    services, _caller, site = await enter_site(request, "admin")
    found = await read_webhooks(services, site.id)
    return answer({"webhooks": [webhook_document(one) for one in found]})


async def get_webhook(request: web.Request) -> web.Response:
    """`GET …/webhooks/{id}`."""
    services, _caller, site = await enter_site(request, "admin")
    return answer(webhook_document(await find_webhook(request, services, site)))


async def post_webhook(request: web.Request) -> web.Response:
    """`POST …/sites/{site}/webhooks`: adds one; its secret is in this answer and in no other."""
    services, caller, site = await enter_site(request, "admin")
    made, secret = await add_webhook(services, caller, site, await read_as(request, WebhookBody))
    return answer(webhook_document(made) | {"secret": secret}, status=201)


async def add_webhook(
    services: Services, caller: Caller, site: Site, body: WebhookBody
) -> tuple[Webhook, str]:
    """A new one, and its secret, which nobody can read afterwards.

    Raises:
        Problem: 409 for one too many, 422 for an address that may not be asked, 503 without keys.
    """
    await _must_be_askable(services, body.url)
    webhook_id, secret = uuid4(), new_secret()
    sealed = seal(services, secret, site.id, webhook_id)

    async def add(held: Connection) -> bool:
        added = await webhooks.insert_webhook(
            held, site.id, webhook_id, url=body.url, types=body.types or webhooks.TYPES,
            description=body.description, secret=sealed, most=MOST,
        )  # fmt: skip
        if added:
            await record(held, entry(caller, site.id, "webhook.created", webhook_id, host=_host(body.url)))
        return added

    if not await in_time(services, in_transaction(services.moderation, add)):
        raise Problem(409, "too-many-webhooks", "The site has as many webhooks as it may")
    [made] = await read_webhooks(services, site.id, webhook_id)
    return made, written(secret)


async def patch_webhook(request: web.Request) -> web.Response:
    """`PATCH …/webhooks/{id}`: changes what is given; `on` disables it or lets it go on."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, WebhookChange)
    found = await find_webhook(request, services, site)
    await change_webhook(services, caller, found, body)
    return answer(webhook_document(await find_webhook(request, services, site)))


async def change_webhook(services: Services, caller: Caller, found: Webhook, body: WebhookChange) -> None:
    """Change what is given; a 422 for an address that may not be asked."""
    site_id = found.site_id
    if body.url is not None:
        await _must_be_askable(services, body.url)
    changed = sorted(name for name in body.model_fields_set if getattr(body, name) is not None)

    async def change(held: Connection) -> None:
        await webhooks.change_webhook(
            held, site_id, found.id, url=body.url, types=body.types, description=body.description
        )
        if body.on is not None:
            await (webhooks.switch_on if body.on else webhooks.switch_off)(held, site_id, found.id)
        await record(held, entry(caller, site_id, "webhook.changed", found.id, fields=changed))

    await in_time(services, in_transaction(services.moderation, change))


async def delete_webhook(request: web.Request) -> web.Response:
    """`DELETE …/webhooks/{id}`: removes it with what waits for it."""
    services, caller, site = await enter_site(request, "admin")
    await remove_webhook(services, caller, await find_webhook(request, services, site))
    return answer({"deleted": True})


async def remove_webhook(services: Services, caller: Caller, found: Webhook) -> None:
    """Remove it with what waits for it."""

    async def remove(held: Connection) -> None:
        if await webhooks.delete_webhook(held, found.site_id, found.id):
            host = _host(found.url)
            await record(held, entry(caller, found.site_id, "webhook.deleted", found.id, host=host))

    await in_time(services, in_transaction(services.moderation, remove))


async def read_webhooks(services: Services, site_id: int, webhook_id: UUID | None = None) -> list[Webhook]:
    """Those of a site, or the one of that id."""

    async def read() -> list[Webhook]:
        async with connection(services.moderation) as held:
            return await webhooks.list_webhooks(held, site_id, webhook_id)

    return await in_time(services, read())


async def find_webhook(request: web.Request, services: Services, site: Site) -> Webhook:
    """The one of the path, or a 404."""
    return await webhook_of(services, site, comment_id_of(request))


async def webhook_of(services: Services, site: Site, wanted: UUID | None) -> Webhook:
    """The one of that id, or a 404."""
    found = await read_webhooks(services, site.id, wanted) if wanted else []
    if not found:
        raise Problem(404, "webhook-not-found", "There is no such webhook")
    return found[0]


def seal(services: Services, secret: bytes, site_id: int, webhook_id: UUID) -> SealedSecret:
    """A secret as it is kept; a 503 where there is no key for it."""
    if services.webhook_vault is None:
        raise Problem(
            503, "webhooks-not-configured", "This installation has no keys for webhooks",
            headers=retry_after(),
        )  # fmt: skip
    return SealedSecret(*services.webhook_vault.seal(secret, site_id, webhook_id))


def entry(caller: Caller, site_id: int, action: str, webhook_id: UUID, **details: Any) -> AuditEntry:
    """A line of the audit log; an address may hold a secret, so its host alone is in it."""
    return AuditEntry(action, site_id, caller.holder.moderator_id, f"webhook {webhook_id}", details)


async def _must_be_askable(services: Services, url: str) -> None:
    """A 422 for what may not be asked, as far as that can be told without looking its name up."""

    async def nowhere(_host: str, _port: int) -> list[str]:
        return ["1.1.1.1"] if urlsplit(url).scheme == "https" else []

    try:
        await Target.parse(url).addresses(services.settings.outbound_networks, nowhere)
    except NoAnswer:
        raise fault_of(
            "url", "An https address of the public internet, without a name or password in it."
        ) from None


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
