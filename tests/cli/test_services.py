"""`replydesk services` says what is on, what is configured, and, asked to, what each service answers."""

import asyncio
import base64

import pytest

from service.domain.policy import Policy
from service.domain.policy_parts import ServicePolicy
from tests.cli.conftest import Invoke, Run
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols import akismet, newsroom
from tests.factories import Paper, set_policy
from tests.usecases.outside import policy_with, running


async def table(replydesk: Run, *words: str, **settings: str) -> tuple[list[list[str]], str]:
    done = await asyncio.to_thread(replydesk, "services", *words, **settings)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return [line.split("\t") for line in lines if "\t" in line][1:], done.stdout


async def test_what_is_on_is_shown_with_how_often_it_was_asked(desk: Paper, replydesk: Run) -> None:
    on, off = ServicePolicy(on=True), ServicePolicy()
    await set_policy(
        desk.owner, desk.site, Policy(services={"webhook": on, "perspective": off, "akismet": on})
    )
    await desk.owner.execute(
        "INSERT INTO service_use VALUES ($1, 'webhook', (now() AT TIME ZONE 'UTC')::date, 7)", desk.site.id
    )
    rows, _ = await table(replydesk, REPLYDESK_AKISMET_KEY="key")
    assert rows == [["paper", "akismet", "0", "configured"], ["paper", "webhook", "7", "not configured"]]


@pytest.mark.parametrize("words", [(), ("--ask",)])
async def test_where_none_is_on_that_is_said(desk: Paper, replydesk: Run, words: tuple[str, ...]) -> None:
    _, said = await table(replydesk, *words)
    assert said == "no site has an outside service on; how to switch one on: docs/outside-services.md\n"


async def test_each_is_asked_only_when_that_is_wanted(desk: Paper, replydesk: Run) -> None:
    await set_policy(desk.owner, desk.site, policy_with("akismet", "webhook", "perspective", "chat_policy"))
    async with running("akismet", "webhook", "perspective") as servers:
        servers["perspective"].mode = Mode.SERVER_ERROR
        settings = {
            "REPLYDESK_OUTBOUND_NETWORKS": "127.0.0.0/8",
            "REPLYDESK_AKISMET_URL": servers["akismet"].base,
            "REPLYDESK_AKISMET_KEY": akismet.KEY,
            "REPLYDESK_WEBHOOK_URL": servers["webhook"].url,
            "REPLYDESK_WEBHOOK_SECRETS": f"whsec_{newsroom.SECRET}",
            "REPLYDESK_PERSPECTIVE_URL": servers["perspective"].base,
        }
        rows, said = await table(replydesk, **settings)
        assert not any(server.seen for server in servers.values())
        rows, said = await table(replydesk, "--ask", **settings)
    assert {row[1]: row[-1] for row in rows} == {
        "akismet": "takes the key for https://paper.example/",
        "chat_policy": "not configured",
        "perspective": "unknown (the service answered with status 500)",
        "webhook": "pass",
    }
    assert akismet.KEY not in said
    assert newsroom.SECRET not in said


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"REPLYDESK_AKISMET_KEY": "key"}, "REPLYDESK_SUBMITTED_KEYS is not"),
        ({"REPLYDESK_WEBHOOK_URL": "https://desk.example/hook"}, "REPLYDESK_WEBHOOK_SECRETS are needed"),
        (
            {"REPLYDESK_WEBHOOK_SECRETS": "whsec_" + base64.b64encode(bytes(32)).decode()},
            "REPLYDESK_WEBHOOK_URL and",
        ),
    ],
)
def test_what_is_configured_by_half_is_said_here_and_by_the_doctor(
    settings: dict[str, str], line: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("services", "doctor"):
        assert line not in invoke(command).output
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for command in ("services", "doctor"):
        assert line in invoke(command).output
