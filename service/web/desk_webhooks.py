"""The page of a site's webhooks: each with how it does, and its deliveries."""

from datetime import UTC, datetime, timedelta

from service.storage import deliveries
from service.storage.deliveries import Delivery
from service.storage.pool import Connection
from service.storage.webhooks import TYPES, Webhook
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.queries import uuid_of
from service.web.webhook_actions import replay_deliveries, rotate_secret
from service.web.webhook_payloads import ReplayBody, WebhookBody, WebhookChange, webhook_document
from service.web.webhooks import (
    add_webhook,
    change_webhook,
    read_webhooks,
    remove_webhook,
    webhook_of,
)

SHOWN = 10
HOURS = (1, 24, 168)
"""How far back deliveries can be repeated."""


async def read(at: AtSite) -> Values:
    """Every webhook with its latest deliveries."""
    usual = {"types": TYPES, "hours": HOURS, "secret": None}
    if at.site is None:
        return usual | {"webhooks": ()}
    found = await read_webhooks(at.services, at.of.id)
    return usual | {"webhooks": [(webhook_document(one), await _deliveries(at, one)) for one in found]}


async def add(at: AtSite) -> Values:
    """A new one; its secret is shown this once."""
    at.must("admin")
    types = [one for one in TYPES if at.form.get(f"type-{one}") == "on"]
    sent = {"url": at.form.get("url", "").strip(), "description": at.form.get("description", "").strip()}
    body = body_of(WebhookBody, sent | ({"types": types} if types else {}))
    _, secret = await add_webhook(at.services, at.caller, at.of, body)
    return {"secret": secret}


async def switch(at: AtSite) -> str:
    """Let it rest, or go on."""
    change = WebhookChange(on=at.form.get("on") == "1")
    await change_webhook(at.services, at.caller, await _named(at), change)
    return "webhook"


async def remove(at: AtSite) -> str:
    """Remove it with what waits for it."""
    await remove_webhook(at.services, at.caller, await _named(at))
    return "webhook-deleted"


async def rotate(at: AtSite) -> Values:
    """A new secret, shown this once; the old one signs too for a day."""
    return {"secret": await rotate_secret(at.services, at.caller, await _named(at))}


async def test(at: AtSite) -> str:
    """Have `webhook.test` delivered."""
    found = await _named(at)
    await at.change(lambda held: deliveries.insert_test(held, found.site_id, found.id))
    return "tested"


async def replay(at: AtSite) -> str:
    """Deliver again what was told since then."""
    hours = at.form.get("hours", "")
    since = datetime.now(UTC) - timedelta(hours=int(hours) if hours in map(str, HOURS) else 1)
    await replay_deliveries(
        at.services,
        at.caller,
        await _named(at),
        ReplayBody(since=since.isoformat()),  # type: ignore[arg-type]
    )
    return "replayed"


async def _named(at: AtSite) -> Webhook:
    at.must("admin")
    return await webhook_of(at.services, at.of, uuid_of(at.form.get("id", "")))


async def _deliveries(at: AtSite, one: Webhook) -> list[Delivery]:
    async def find(held: Connection) -> list[Delivery]:
        return await deliveries.list_deliveries(held, one.site_id, one.id, limit=SHOWN)

    return await at.read(find)


PAGE = SitePage(
    "webhooks",
    "admin",
    read,
    {"add": add, "switch": switch, "remove": remove, "rotate": rotate, "test": test, "replay": replay},
)
