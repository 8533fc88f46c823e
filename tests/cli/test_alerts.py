"""The doctor says whom alerts reach, and whether the mail server takes mail."""

import asyncio

import pytest

from service.domain.policy import Policy
from tests.cli.conftest import Invoke
from tests.equipment import mail_server
from tests.factories import Paper, set_policy

UNHEARD = "paper: its alerts reach nobody"
OFF = "note: REPLYDESK_SMTP_HOST is not set: alerts are not mailed, and readers are told nothing"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> mail_server.MailServer:
    """A server that is named in the settings while it runs."""
    with mail_server.MailServer() as server:
        values = {"HOST": "127.0.0.1", "PORT": str(server.port), "TLS": "off", "FROM": "desk@paper.example"}
        for name, value in (values | {"TO": "paper=ruth@paper.example"}).items():
            monkeypatch.setenv(f"REPLYDESK_SMTP_{name}", value)
    return server


async def said(invoke: Invoke) -> str:
    return (await asyncio.to_thread(invoke, "doctor")).output


async def test_the_doctor_names_a_site_whose_alerts_reach_nobody(desk: Paper, invoke: Invoke) -> None:
    assert UNHEARD not in await said(invoke)
    await set_policy(desk.owner, desk.site, Policy.model_validate({"alerts": {"queue": 200}}))
    found = await said(invoke)
    assert UNHEARD in found
    assert OFF in found


async def test_the_doctor_says_whether_the_mail_server_can_be_used_and_no_address(
    desk: Paper, invoke: Invoke, server: mail_server.MailServer
) -> None:
    await set_policy(desk.owner, desk.site, Policy.model_validate({"alerts": {"queue": 200}}))
    down = await said(invoke)
    assert "wrong: REPLYDESK_SMTP_HOST: the mail server cannot be reached" in down
    with server:
        up = await said(invoke)
    assert "REPLYDESK_SMTP_HOST" not in up
    assert UNHEARD not in up
    assert server.taken == []
    assert "@" not in up + down


async def test_the_doctor_names_a_site_that_wants_addresses_confirmed_and_cannot_mail(
    desk: Paper, invoke: Invoke
) -> None:
    await set_policy(desk.owner, desk.site, Policy.model_validate({"confirm_address": "first"}))
    found = await said(invoke)
    assert "wrong: paper: its policy wants addresses confirmed, and there is no way for mail" in found


async def test_the_doctor_names_a_site_whose_mails_are_not_sent(desk: Paper, invoke: Invoke) -> None:
    await desk.owner.execute(
        """
        WITH one AS (INSERT INTO alert (site_id, kind, threshold, value) VALUES ($1, 'queue_too_long', 1, 2)
                     RETURNING site_id, id)
        INSERT INTO alert_mail (site_id, alert_id, type, recipient, state, attempts, last_error)
        SELECT site_id, id, 'alert.raised', '', 'waiting', 3, 'the mail server hung up' FROM one
        """,
        desk.site.id,
    )
    assert "paper: 1 mails of alerts were not sent (the mail server hung up)" in await said(invoke)
