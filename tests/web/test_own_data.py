"""A mailed link shows people what is held about them; asking tells nobody whether an address is known."""

import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from service.keyring import Keyring
from service.outbound.mail_folder import MailFolder
from service.storage.pool import Pool
from service.usecases.mail_readers import reader_postman
from service.usecases.own_data import LINK_LASTS
from tests.factories import until
from tests.paper_fixtures import worker
from tests.web.harness import COMMENT, CheckAll, MakeSite, StartWeb, WebProcess
from tests.web.sending import get, page_of

__all__ = ["worker"]
ASK = "/sites/paper/my-data"
ADA = COMMENT["email"]


@pytest.fixture
async def web(start_web: StartWeb, make_site: MakeSite, tmp_path: Path, check_all: CheckAll) -> WebProcess:
    await make_site("paper", publish="auto")
    web = await start_web(mail_folder=str(tmp_path / "mail"))
    async with web.client.post("/api/v1/sites/paper/comments", json=COMMENT) as answer:
        assert answer.status == 202
    await check_all()
    return web


async def ask(web: WebProcess, email: str) -> Any:
    async with web.client.post(ASK, data={"email": email}) as answer:
        assert "Set-Cookie" not in answer.headers
        return answer.status, re.sub(r"\s+", " ", await answer.text())


async def mailed(web: WebProcess, worker: Pool) -> list[Any]:
    """What the worker mails now."""
    folder = MailFolder(Path(web.settings.mail_folder))

    async def send(message: Any, recipient: str) -> None:
        await folder.send(message, recipient)

    keys = Keyring.parse(web.settings.submitted_keys.get_secret_value())
    postman = reader_postman(worker, keys, send, sender="desk@paper.example", public_url=web.url)
    while await postman.mail_due():
        pass
    return folder.newest(10)


async def link(web: WebProcess, worker: Pool) -> str:
    """The link that is mailed to Ada."""
    await ask(web, ADA)
    [mail] = await mailed(web, worker)
    assert mail["To"] == ADA
    [found] = re.findall(r"\S+/my-data/\S+", mail.get_body(("plain",)).get_content())
    return str(found).removeprefix(web.url)


async def test_asking_answers_the_same_for_every_address_and_mails_the_known_one(
    web: WebProcess, worker: Pool, database: asyncpg.Connection
) -> None:
    assert await ask(web, ADA) == await ask(web, "nobody@mail.example")
    assert await database.fetchval("SELECT count(*) FROM reader_mail") == 2
    [mail] = await mailed(web, worker)
    assert mail["To"] == ADA
    assert COMMENT["comment"] not in mail.as_string()
    assert await database.fetchval("SELECT count(*) FROM reader_mail WHERE state = 'dropped'") == 1


async def test_the_link_shows_everything_and_no_address(web: WebProcess, worker: Pool) -> None:
    url = await link(web, worker)
    answer = await get(web.client, url)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    page = page_of(answer)
    assert COMMENT["comment"] in page.text
    assert COMMENT["author"] in page.text
    assert ADA not in answer.text
    taken = (await get(web.client, url + "?format=json")).json
    [one] = taken["comments"]
    assert (one["text"], one["status"], one["address_kept"]) == (COMMENT["comment"], "published", True)
    assert [said["action"] for said in one["decisions"]] == ["publish"]
    assert one["appeals"] == []
    assert ADA not in str(taken)


async def test_it_is_erased_by_a_button_after_a_tick(
    web: WebProcess, worker: Pool, database: asyncpg.Connection
) -> None:
    url = await link(web, worker)
    async with web.client.post(url + "/erase", data={"sure": ""}) as answer:
        assert answer.status == 422
    async with web.client.post(url + "/erase", data={"sure": "yes"}) as answer:
        assert "It is being erased" in await answer.text()

    async def is_gone() -> bool:
        left = "SELECT count(*) = 0 FROM comment WHERE status <> 'erased'"
        return bool(await database.fetchval(left))

    await until(is_gone)
    assert "Nothing is held" in page_of(await get(web.client, url)).text
    entry = await database.fetchrow("SELECT action, subject, moderator_id FROM audit_entry ORDER BY id DESC")
    assert entry is not None
    assert tuple(entry) == ("person.erased", "a person, by the own link", None)


async def test_a_link_that_is_wrong_or_a_day_old_opens_nothing(
    web: WebProcess, worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await link(web, worker)
    for wrong in (url[:-2], url[:-1] + ("A" if url[-1] != "A" else "B"), "/my-data/AQ", "/my-data/x%20"):
        assert (await get(web.client, wrong)).status == 404
    monkeypatch.setattr("service.usecases.own_data.LINK_LASTS", -LINK_LASTS)
    assert (await get(web.client, url)).status == 404


async def test_what_is_no_address_is_told_and_kept_and_many_questions_wait(web: WebProcess) -> None:
    status, text = await ask(web, "no address")
    assert (status, 'value="no address"' in text, 'aria-invalid="true"' in text) == (422, True, True)
    answers = [await ask(web, f"reader{number}@mail.example") for number in range(7)]
    assert [status for status, _ in answers].count(429) >= 1
    assert {status for status, _ in answers} == {200, 429}


async def test_without_mail_the_page_says_whom_to_write_to(start_web: StartWeb, make_site: MakeSite) -> None:
    await make_site("paper")
    web = await start_web()
    assert "cannot send mail" in page_of(await get(web.client, ASK)).text
    assert (await ask(web, ADA))[0] == 404
