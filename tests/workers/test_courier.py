"""A worker delivers to webhooks by itself, without being rung for."""

from typing import Any
from uuid import uuid4

from service.keyring import Keyring
from service.outbound.message import new_secret, written
from service.settings import Settings
from service.storage import webhooks
from service.storage.pool import in_transaction
from service.storage.webhooks import TYPES, SealedSecret
from service.vault import WebhookVault
from tests.equipment.receiver import Receiver, verified
from tests.factories import Paper, until
from tests.web.harness import random_key
from workers.courier import CourierThread


async def test_the_thread_of_a_worker_delivers_and_ends_when_it_is_told(
    paper: Paper, database_url: str, redis_url: str
) -> None:
    key = random_key()
    values: dict[str, Any] = {
        "database_url": database_url, "redis_url": redis_url, "submitted_keys": key,
        "outbound_networks": "127.0.0.0/8",
    }  # fmt: skip
    settings = Settings.model_validate(values)
    vault = WebhookVault(Keyring.parse(key))
    secret, webhook_id = new_secret(), uuid4()
    sealed = SealedSecret(*vault.seal(secret, paper.site.id, webhook_id))
    courier = CourierThread(settings)
    async with Receiver() as receiver:
        await in_transaction(paper.web, lambda held: webhooks.insert_webhook(
            held, paper.site.id, webhook_id, url=receiver.url, types=TYPES, description="", secret=sealed,
            most=1,
        ))  # fmt: skip
        courier.start()
        comment_id = await paper.post_published()

        async def came() -> bool:
            return bool(receiver.documents)

        await until(came)
        courier.end()
        courier.join(10)
    assert not courier.is_alive()
    [(headers, body)] = receiver.requests
    assert verified(headers, body, written(secret))
    assert receiver.documents[0]["data"]["id"] == str(comment_id)
