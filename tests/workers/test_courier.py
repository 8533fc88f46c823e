"""A worker delivers to webhooks and mails alerts by itself, without being rung for."""

from typing import Any
from uuid import uuid4

from service.domain.policy import Policy
from service.keyring import Keyring
from service.outbound.message import new_secret, written
from service.settings import Settings
from service.storage import webhooks
from service.storage.pool import in_transaction, open_pool
from service.storage.webhooks import TYPES, SealedSecret
from service.usecases.sweep import sweep, with_feedback
from service.vault import WebhookVault
from tests.equipment import mail_server
from tests.equipment.receiver import Receiver, verified
from tests.factories import Paper, set_policy, until
from tests.web.harness import random_key
from workers.courier import CourierThread
from workers.mail import recipients_of
from workers.outside import outside_desk


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


async def test_the_thread_of_a_worker_mails_alerts_beside_webhooks(
    paper: Paper, database_url: str, redis_url: str
) -> None:
    with mail_server.MailServer() as server:
        values: dict[str, Any] = {
            "database_url": database_url, "redis_url": redis_url, "smtp_host": "127.0.0.1",
            "smtp_port": server.port, "smtp_tls": "off", "smtp_from": "desk@paper.example",
            "smtp_to": "ruth@paper.example,sport=noor@paper.example",
        }  # fmt: skip
        settings = Settings.model_validate(values)
        await set_policy(paper.owner, paper.site, Policy.model_validate({"alerts": {"queue": 1}}))
        for one in [await paper.post(), await paper.post()]:
            await paper.decide(one, "hold")
        chores = with_feedback(outside_desk(settings), recipients_of(settings))
        pool = await open_pool(database_url, "replydesk_worker", size=1, name="chores")
        assert (await sweep(pool, seconds=20, chores=chores))["raise alerts"] == 1
        await pool.close()
        courier = CourierThread(settings)
        courier.start()

        async def came() -> bool:
            return bool(server.taken)

        await until(came)
        courier.end()
        courier.join(10)
    assert not courier.is_alive()
    assert [who for who, _ in server.taken] == ["ruth@paper.example"]
