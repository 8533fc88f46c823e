"""Links of mails lead to a page with a button; opening it changes nothing, and a wrong one tells nothing."""

from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from service.keyring import Keyring
from service.outbound.mail_folder import MailFolder
from service.signed import MailPurpose, make_mail_link
from tests.unit.test_letters import letter
from tests.web.harness import COMMENT, CheckAll, MakeSite, StartWeb, WebProcess
from tests.web.sending import get, page_of


@pytest.fixture
async def web(start_web: StartWeb, make_site: MakeSite, tmp_path: Path) -> WebProcess:
    await make_site("paper", publish="auto", confirm_address="always")
    return await start_web(mail_folder=str(tmp_path / "mail"))


@pytest.fixture
async def waiting(web: WebProcess, check_all: CheckAll, database: asyncpg.Connection) -> UUID:
    """The recipient of a mail about a reply that waits for its address."""
    async with web.client.post("/api/v1/sites/paper/comments", json=COMMENT) as answer:
        assert answer.status == 202
    await check_all()
    assert await state(database) == ("held", "awaiting_confirmation")
    recipient_id = await database.fetchval("SELECT id FROM mail_recipient")
    assert isinstance(recipient_id, UUID)
    return recipient_id


async def state(database: asyncpg.Connection) -> tuple[str, str | None]:
    row = await database.fetchrow("SELECT status, reason FROM comment")
    assert row is not None
    return row["status"], row["reason"]


def link(web: WebProcess, purpose: MailPurpose, recipient_id: UUID) -> str:
    keys = Keyring.parse(web.settings.submitted_keys.get_secret_value())
    return f"/mail/{purpose}/{make_mail_link(keys, purpose, recipient_id)}"


async def test_only_the_button_confirms_and_the_reply_goes_to_the_checks(
    web: WebProcess, waiting: UUID, database: asyncpg.Connection, check_all: CheckAll
) -> None:
    url = link(web, "confirm", waiting)
    page = page_of(await get(web.client, url))
    assert "Is this your address?" in page.text
    assert await state(database) == ("held", "awaiting_confirmation")
    [form] = page.all("form")
    assert (form.get("method"), form.get("action")) == ("post", None)
    for _ in range(2):
        async with web.client.post(url) as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in answer.headers
            assert "Your address is confirmed" in await answer.text()
    await check_all()
    assert await state(database) == ("published", None)
    assert "Your address is confirmed" in page_of(await get(web.client, url)).text


async def test_who_is_asked_late_sees_the_receipt_behind_the_button_and_not_before(
    web: WebProcess, waiting: UUID, database: asyncpg.Connection
) -> None:
    old = UUID(int=(waiting.int & ~(0xFFFFFFFFFFFF << 80)) | (1 << 80))  # of 1970
    await database.execute("DELETE FROM reader_mail")
    await database.execute("UPDATE mail_recipient SET id = $1", old)
    assert (await get(web.client, link(web, "confirm", old))).status == 404
    url = link(web, "own", old).replace("/own/", "/confirm/")
    asked = await get(web.client, url)
    assert (asked.status, "/receipts/" in asked.text) == (200, False)
    async with web.client.post(url) as answer:
        assert "/receipts/" in await answer.text()


async def test_one_click_stops_mail(web: WebProcess, waiting: UUID, database: asyncpg.Connection) -> None:
    url = link(web, "stop", waiting)
    assert "Stop all mail" in page_of(await get(web.client, url)).text
    assert await database.fetchval("SELECT count(*) FROM mail_stop") == 0
    async with web.client.post(url, data={"List-Unsubscribe": "One-Click"}) as answer:
        assert answer.status == 200
    assert await database.fetchval("SELECT count(*) FROM mail_stop") == 1
    assert "Nothing more is mailed" in page_of(await get(web.client, url)).text


async def test_a_link_is_for_its_purpose_and_its_reply_alone(web: WebProcess, waiting: UUID) -> None:
    good = link(web, "confirm", waiting).rpartition("/")[2]
    wrong = [good[:-1] + ("A" if good[-1] != "A" else "B"), good.lower(), "x", "A" * 46]
    for url in [f"/mail/stop/{good}", *(f"/mail/confirm/{one}" for one in wrong)]:
        async with web.client.get(url) as answer:
            assert answer.status == 404, url
        async with web.client.post(url) as answer:
            assert answer.status == 404, url


async def test_an_old_link_confirms_nothing_and_still_stops_mail(
    web: WebProcess, waiting: UUID, database: asyncpg.Connection
) -> None:
    old = UUID(int=(waiting.int & ((1 << 80) - 1)) | (((waiting.int >> 80) - 8 * 86_400_000) << 80))
    await database.execute("DELETE FROM reader_mail")
    await database.execute("DELETE FROM reader_mail")
    await database.execute("UPDATE mail_recipient SET id = $1", old)
    async with web.client.post(link(web, "confirm", old)) as answer:
        assert answer.status == 404
    async with web.client.post(link(web, "stop", old)) as answer:
        assert answer.status == 200


async def test_the_form_offers_mail_where_there_is_a_way_for_it_and_keeps_what_was_ticked(
    web: WebProcess, start_web: StartWeb
) -> None:
    thread = "/sites/paper/thread?page_url=https://paper.example/ferry"
    assert page_of(await get(web.client, thread)).has_id("reply-mail-decision")
    without = await start_web()
    assert not page_of(await get(without.client, thread)).has_id("reply-mail-decision")
    async with web.client.post(
        "/api/v1/sites/paper/comments", data={"comment": "", "mail_replies": "on"}
    ) as answer:
        assert answer.status == 422
        assert 'name="mail_replies" type="checkbox" value="on" checked' in await answer.text()


async def test_the_demo_shows_its_mail_to_this_machine_alone(web: WebProcess, start_web: StartWeb) -> None:
    await MailFolder(Path(web.settings.mail_folder)).send(letter().message(), "ada@mail.example")
    page = page_of(await get(web.client, "/demo/mail"))
    assert "Paper: please confirm your email address" in page.text
    assert any(one.get("href", "").startswith("https://talk.example/mail/") for one in page.all("a"))
    behind = await start_web(mail_folder=web.settings.mail_folder, trusted_proxies="127.0.0.0/8")
    answer = await get(behind.client, "/demo/mail", **{"X-Forwarded-For": "192.0.2.7"})
    assert answer.status == 404
