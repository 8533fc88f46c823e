"""Webhooks are told of each event, once for each success, whatever receivers and workers go through."""

import asyncio
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID, uuid4

import pytest

from service.outbound.client import Rules
from service.outbound.message import Message, new_secret, written
from service.outbound.webhooks import deliver
from service.storage import deliveries, webhooks
from service.storage.figures import read_backlog
from service.storage.pool import Pool, in_transaction
from service.storage.webhooks import TYPES, SealedSecret
from service.usecases.deliver import Courier
from service.vault import WebhookVault
from tests.equipment.receiver import Receiver, verified
from tests.factories import Paper, make_keyring

RULES = Rules(networks=[ip_network("127.0.0.0/8")], deadline_s=5.0)
VAULT = WebhookVault(make_keyring(31))


async def send(message: Message) -> None:
    await deliver(message, RULES)


def courier_of(worker: Pool) -> Courier:
    return Courier(worker, VAULT, send, draw=lambda low, _high: low)


async def add(paper: Paper, url: str, types: tuple[str, ...] = TYPES) -> tuple[UUID, str]:
    """A webhook and its secret."""
    webhook_id, secret = uuid4(), new_secret()
    sealed = SealedSecret(*VAULT.seal(secret, paper.site.id, webhook_id))
    assert await in_transaction(paper.web, lambda held: webhooks.insert_webhook(
        held, paper.site.id, webhook_id, url=url, types=types, description="", secret=sealed, most=9,
    ))  # fmt: skip
    return webhook_id, written(secret)


async def make_all_due(paper: Paper) -> None:
    """Let the back-off be over."""
    await paper.owner.execute("UPDATE webhook SET retry_at = NULL WHERE retry_at IS NOT NULL")
    await paper.owner.execute("UPDATE webhook_delivery SET due_at = now() WHERE state = 'waiting'")


async def drain(paper: Paper, worker: Pool) -> None:
    courier = courier_of(worker)
    while await courier.deliver_due():
        await make_all_due(paper)


async def state_of(paper: Paper) -> tuple[str | None, str | None]:
    row = await paper.owner.fetchrow("SELECT disabled_why, last_error FROM webhook")
    return row["disabled_why"], row["last_error"]


async def test_a_decision_is_told_signed_and_without_anything_of_its_author(
    paper: Paper, worker: Pool
) -> None:
    async with Receiver() as receiver:
        _, secret = await add(paper, receiver.url)
        comment_id = await paper.post_published()
        await drain(paper, worker)
    [(headers, body)] = receiver.requests
    assert verified(headers, body, secret)
    assert not verified(headers, body + b" ", secret)
    [told] = receiver.documents
    assert (told["type"], told["data"]["id"]) == ("comment.published", str(comment_id))
    assert told["data"]["page_url"] == "https://paper.example/mill"
    assert set(told["data"]) == {
        "id", "site", "page_url", "status", "from_status", "version", "reason", "source"
    }  # fmt: skip


async def test_a_receiver_that_is_down_for_a_while_gets_everything_once(paper: Paper, worker: Pool) -> None:
    receiver = Receiver()
    await receiver.start()
    await add(paper, receiver.url)
    await receiver.stop()
    ids = [await paper.post_published() for _ in range(12)]
    courier = courier_of(worker)
    for _ in range(4):
        await courier.deliver_due()
        await make_all_due(paper)
    assert (await state_of(paper))[1] == "the service cannot be reached"
    async with receiver:
        receiver.status = 500
        await courier.deliver_due()
        receiver.status = 204
        await make_all_due(paper)
        await drain(paper, worker)
    assert sorted(one["data"]["id"] for one in receiver.documents) == sorted(map(str, ids))
    assert {len(one) for one in receiver.taken.values()} == {1}
    assert await state_of(paper) == (None, None)


async def test_a_message_keeps_its_id_on_each_try(paper: Paper, worker: Pool) -> None:
    async with Receiver(status=500) as receiver:
        await add(paper, receiver.url)
        await paper.post_published()
        for _ in range(3):
            await courier_of(worker).deliver_due()
            await make_all_due(paper)
        receiver.status = 200
        await drain(paper, worker)
    assert list(receiver.tries.values()) == [4]
    assert len({headers["webhook-signature"] for headers, _ in receiver.requests}) >= 1


async def test_workers_at_once_tell_each_event_once(paper: Paper, worker: Pool) -> None:
    async with Receiver() as receiver:
        await add(paper, receiver.url)
        ids = [await paper.post_published() for _ in range(20)]
        couriers = [courier_of(worker) for _ in range(4)]
        for _ in range(6):
            await asyncio.gather(*(one.deliver_due() for one in couriers))
    assert sorted(one["data"]["id"] for one in receiver.documents) == sorted(map(str, ids))
    assert set(receiver.tries.values()) == {1}


async def test_what_a_dead_worker_had_is_delivered_when_its_lease_ends(paper: Paper, worker: Pool) -> None:
    async def die(_message: Message) -> None:
        raise asyncio.CancelledError

    async with Receiver() as receiver:
        await add(paper, receiver.url)
        await paper.post_published()
        with pytest.raises(asyncio.CancelledError):
            await Courier(worker, VAULT, die).deliver_due()
        await courier_of(worker).deliver_due()
        assert receiver.requests == []
        await make_all_due(paper)
        await drain(paper, worker)
        assert len(receiver.documents) == 1


async def test_a_worker_that_comes_back_late_settles_nothing(paper: Paper, worker: Pool) -> None:
    async with Receiver() as receiver:
        await add(paper, receiver.url)
        await paper.post_published()

        async def late(message: Message) -> None:
            await make_all_due(paper)
            await courier_of(worker).deliver_due()
            await paper.owner.execute("UPDATE webhook_delivery SET state = 'failed'")
            await send(message)

        await Courier(worker, VAULT, late).deliver_due()
    assert await paper.owner.fetchval("SELECT state FROM webhook_delivery") == "failed"


async def test_410_disables_and_switching_on_goes_on_where_it_stopped(paper: Paper, worker: Pool) -> None:
    async with Receiver(status=410) as receiver:
        webhook_id, _ = await add(paper, receiver.url)
        await paper.post_published()
        await drain(paper, worker)
        assert (await state_of(paper))[0] == "gone"
        assert sum(receiver.tries.values()) == 1
        await paper.post_published()
        receiver.status = 200
        await drain(paper, worker)
        assert receiver.documents == []
        await in_transaction(paper.web, lambda held: webhooks.switch_on(held, paper.site.id, webhook_id))
        await drain(paper, worker)
        assert len(receiver.documents) == 2


async def test_one_that_fails_for_days_is_disabled(paper: Paper, worker: Pool) -> None:
    async with Receiver(status=500) as receiver:
        await add(paper, receiver.url)
        await paper.post_published()
        await courier_of(worker).deliver_due()
        assert (await state_of(paper))[0] is None
        await paper.owner.execute("UPDATE webhook SET failing_since = now() - interval '5 days 1 minute'")
        await make_all_due(paper)
        await courier_of(worker).deliver_due()
        assert await state_of(paper) == ("failing", "the service answered with status 500")
    async with paper.web.acquire() as held:
        [(slug, _, why)] = await webhooks.list_ill(held)
        backlog = await read_backlog(held)
    assert (slug, why) == ("paper", "failing")
    assert (backlog.webhooks_failing, backlog.webhooks_disabled) == (0, 1)


async def test_a_redirect_is_a_failure_and_is_not_followed(paper: Paper, worker: Pool) -> None:
    async with Receiver(status=302, headers={"Location": "/elsewhere"}) as receiver:
        await add(paper, receiver.url)
        await paper.post_published()
        await courier_of(worker).deliver_due()
    assert [len(receiver.requests), (await state_of(paper))[1]] == [1, "the service answered with status 302"]


async def test_whoever_asks_us_to_wait_is_left_alone_for_so_long(paper: Paper, worker: Pool) -> None:
    async with Receiver(status=429, headers={"Retry-After": "600"}) as receiver:
        await add(paper, receiver.url)
        await paper.post_published()
        await courier_of(worker).deliver_due()
        waits = await paper.owner.fetchval("SELECT retry_at - now() > interval '9 minutes' FROM webhook")
        await courier_of(worker).deliver_due()
    assert waits
    assert len(receiver.requests) == 1


async def test_an_address_inside_our_walls_is_never_asked(paper: Paper, worker: Pool) -> None:
    async def strict(message: Message) -> None:
        await deliver(message, Rules())

    async with Receiver() as receiver:
        await add(paper, receiver.url)
        await paper.post_published()
        await Courier(worker, VAULT, strict).deliver_due()
    assert receiver.requests == []
    assert (await state_of(paper))[1] == "this address may not be asked"


async def test_only_what_is_wanted_is_told_and_nothing_of_other_sites(paper: Paper, worker: Pool) -> None:
    async with Receiver() as receiver:
        await add(paper, receiver.url, types=("comment.rejected",))
        comment_id = await paper.post_published()
        await paper.decide(comment_id, "reject")
        await drain(paper, worker)
    assert [one["type"] for one in receiver.documents] == ["comment.rejected"]


async def test_after_a_rotation_both_secrets_verify_for_a_while(paper: Paper, worker: Pool) -> None:
    async with Receiver() as receiver:
        webhook_id, old = await add(paper, receiver.url)
        raw = new_secret()
        sealed = SealedSecret(*VAULT.seal(raw, paper.site.id, webhook_id))
        await in_transaction(paper.web, lambda held: webhooks.rotate_secret(
            held, paper.site.id, webhook_id, sealed, timedelta(hours=24)))  # fmt: skip
        await paper.post_published()
        await drain(paper, worker)
        await paper.owner.execute("UPDATE webhook SET old_until = now()")
        await paper.post_published()
        await drain(paper, worker)
    (first, second) = receiver.requests
    assert [verified(*first, one) for one in (old, written(raw))] == [True, True]
    assert [verified(*second, one) for one in (old, written(raw))] == [False, True]


async def test_what_happened_since_a_time_is_told_again_under_the_same_ids(
    paper: Paper, worker: Pool
) -> None:
    start = datetime.now(UTC) - timedelta(minutes=5)
    await paper.post_published()  # before there was a webhook
    async with Receiver() as receiver:
        webhook_id, _ = await add(paper, receiver.url)
        await paper.post_published()
        await drain(paper, worker)
        assert len(receiver.documents) == 1
        count = await in_transaction(paper.web, lambda held: deliveries.replay_since(
            held, paper.site.id, webhook_id, start, limit=100))  # fmt: skip
        assert count == 2
        await drain(paper, worker)
    assert sorted(receiver.tries.values()) == [1, 2]


async def test_a_secret_is_of_its_webhook_alone() -> None:
    one, other = uuid4(), uuid4()
    key_id, sealed = VAULT.seal(b"s" * 32, 1, one)
    assert VAULT.open(key_id, sealed, 1, one) == b"s" * 32
    assert VAULT.open(key_id, sealed, 1, other) is None
    assert WebhookVault(make_keyring(32)).open(key_id, sealed, 1, one) is None
