"""A worker process, configured by its environment, asks services and publishes nothing in doubt."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest

from service.domain.policy import Policy
from service.domain.policy_parts import SERVICES
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols import akismet, chat, moderation_api, newsroom, perspective
from tests.equipment.protocols.asking import SERVERS
from tests.equipment.protocols.speaking import SpeakingService
from tests.factories import Paper, make_keyring, until
from tests.usecases.outside import HELD, PUBLISHED, policy_with, send
from tests.workers.processes import WorkerProcess

APP = "workers.app"
Servers = dict[str, SpeakingService]


@pytest.fixture
async def servers() -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(server()) for name, server in SERVERS.items()}


@pytest.fixture
def policy() -> Policy:
    return policy_with(*SERVICES)


def settings_of(servers: Servers) -> dict[str, str]:
    key = base64.b64encode(make_keyring(31).keys[31]).decode()
    return {
        "REPLYDESK_OUTBOUND_NETWORKS": "127.0.0.0/8",
        "REPLYDESK_SUBMITTED_KEYS": f"31:{key}",
        "REPLYDESK_AKISMET_URL": servers["akismet"].base,
        "REPLYDESK_AKISMET_KEY": akismet.KEY,
        "REPLYDESK_OPENAI_MODERATION_URL": servers["openai_moderation"].base,
        "REPLYDESK_OPENAI_MODERATION_KEY": moderation_api.KEY,
        "REPLYDESK_CHAT_POLICY_URL": servers["chat_policy"].base,
        "REPLYDESK_CHAT_POLICY_KEY": chat.KEY,
        "REPLYDESK_PERSPECTIVE_URL": servers["perspective"].base,
        "REPLYDESK_PERSPECTIVE_KEY": perspective.KEY,
        "REPLYDESK_WEBHOOK_URL": servers["webhook"].url,
        "REPLYDESK_WEBHOOK_SECRETS": f"whsec_{newsroom.SECRET}",
        "REPLYDESK_OUTSIDE_DEADLINE_S": "2",
        "REPLYDESK_CHAT_POLICY_DEADLINE_S": "2",
        "REPLYDESK_LEASE_S": "20",
        "REPLYDESK_LIMIT_AUTHOR": "off",
    }


@pytest.fixture
def run(
    database_url: str, redis_url: str, tmp_path: Path, paper: Paper
) -> "AsyncIterator[Callable[[dict[str, str]], WorkerProcess]]":
    """Starts a worker with these settings."""
    started: list[WorkerProcess] = []

    def start(settings: dict[str, str]) -> WorkerProcess:
        process = WorkerProcess(database_url, redis_url, tmp_path, settings, app=APP).start()
        started.append(process)
        return process

    yield start  # type: ignore[misc]
    for process in started:
        process.end()


async def decided(paper: Paper, process: WorkerProcess, comment_id: UUID) -> tuple[str, str | None]:
    process.ring()

    async def is_decided() -> bool:
        return (await paper.status(comment_id))[0] != "pending"

    await until(is_decided, seconds=60)
    return await paper.status(comment_id)


async def test_each_service_is_asked_and_any_of_them_in_any_trouble_leaves_it_to_a_person(
    paper: Paper, servers: Servers, run: Callable[[dict[str, str]], WorkerProcess]
) -> None:
    process = run(settings_of(servers))
    fine = await send(paper)
    assert await decided(paper, process, fine) == PUBLISHED
    assert all(server.seen for server in servers.values())
    for name, mode in zip(
        SERVICES,
        (Mode.GARBAGE_JSON, Mode.HANG, Mode.WRONG_SHAPE, Mode.RESET_INSIDE, Mode.REDIRECT),
        strict=True,
    ):
        server = servers[name]
        seen, server.mode = server.seen, mode
        assert await decided(paper, process, await send(paper)) == HELD, f"{name} {mode}"
        assert server.seen > seen
        server.mode = Mode.FINE
    assert await decided(paper, process, await send(paper)) == PUBLISHED
    hateful = await send(paper, "This is a hateful thing to say.")
    assert (await decided(paper, process, hateful))[0] == "rejected"
    said = process.log()
    for secret in (akismet.KEY, chat.KEY, newsroom.SECRET, "203.0.113.77", "hateful", "Canary"):
        assert secret not in said


async def test_without_a_network_of_its_own_a_worker_asks_nobody_on_this_machine(
    paper: Paper, servers: Servers, run: Callable[[dict[str, str]], WorkerProcess]
) -> None:
    settings = settings_of(servers)
    del settings["REPLYDESK_OUTBOUND_NETWORKS"]
    process = run(settings)
    assert await decided(paper, process, await send(paper)) == HELD
    assert not any(server.seen for server in servers.values())


async def test_a_worker_that_is_told_of_no_service_asks_nobody_and_publishes_nothing(
    paper: Paper, servers: Servers, run: Callable[[dict[str, str]], WorkerProcess]
) -> None:
    process = run({"REPLYDESK_LEASE_S": "20"})
    assert await decided(paper, process, await send(paper)) == HELD
    assert not any(server.seen for server in servers.values())


async def test_a_worker_that_is_killed_while_it_asks_loses_nothing(
    paper: Paper, servers: Servers, run: Callable[[dict[str, str]], WorkerProcess]
) -> None:
    """The next one asks again: the same words, under the same id, and the comment is decided once."""
    hook = servers["webhook"]
    hook.gate.clear()
    settings = settings_of(servers) | {"REPLYDESK_LEASE_S": "2", "REPLYDESK_OUTSIDE_DEADLINE_S": "10"}
    process = run(settings)
    comment_id = await send(paper)
    process.ring()
    await until(lambda: asyncio.sleep(0, result=hook.busy), seconds=60)
    process.kill()
    hook.gate.set()
    assert (await paper.status(comment_id))[0] == "pending"
    assert await decided(paper, run(settings), comment_id) == PUBLISHED
    first, *others = hook.asked
    assert [one.headers["webhook-id"] for one in others] == [first.headers["webhook-id"]]
    assert [one.body for one in others] == [first.body]
    assert len(await paper.decisions(comment_id)) == 1
