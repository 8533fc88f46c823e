"""Readers notify illegal content by a form or a program; moderators see who and why, and no address."""

from typing import Any

import pytest

from tests.web.desk import Desk
from tests.web.harness import CheckAll, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import HTML, Answer, get, page_of, post, read, reply

WHY = "It names my neighbour's house, q7x-canary <script>alert(1)</script>"
GOOD = {"explanation": WHY, "name": "Ada Quist", "email": "ada.canary@mail.example", "good_faith": "yes"}


@pytest.fixture
async def web(start_web: StartWeb) -> WebProcess:
    return await start_web(mail_folder="no-such-folder")


@pytest.fixture
async def comment_id(web: WebProcess, make_site: MakeSite, check_all: CheckAll) -> str:
    await make_site("paper", publish="auto")
    accepted = await post(web.client, reply(comment="The ferry was late."))
    await check_all()
    return str(accepted.json["id"])


async def send(web: WebProcess, comment_id: str, kind: str = "json", **fields: Any) -> Answer:
    sent: dict[str, Any] = (
        {"json": fields} if kind == "json" else {"data": fields, "headers": {"Accept": HTML}}
    )
    path = f"/api/v1/sites/paper/comments/{comment_id}/notices"
    async with web.client.post(path, allow_redirects=False, **sent) as response:
        return await read(response)


async def test_a_form_sends_a_notice_and_leads_to_the_page_that_shows_what_becomes_of_it(
    web: WebProcess, comment_id: str, make_token: MakeToken
) -> None:
    report = page_of(await get(web.client, f"/sites/paper/report?comment={comment_id}&lang=es"))
    [href] = [a.get("href", "") for a in report.all("a") if "/notice?" in a.get("href", "")]
    form = page_of(await get(web.client, href))
    assert form.root.get("lang") == "es"
    assert "The ferry was late." in form.text
    sent = await send(web, comment_id, "form", **GOOD, lang="es")
    assert (sent.status, "Set-Cookie" in sent.headers) == (303, False)
    page = page_of(await get(web.client, sent.headers["Location"]))
    assert "Su notificación ha llegado" in page.text
    desk = Desk(web.client, await make_token("moderator"))
    seen = (await desk.get(f"/comments/{comment_id}")).json
    assert (seen["reports"]["count"], seen["reports"]["notices"]) == (1, 1)
    [text] = seen["reports"]["texts"]
    assert (text["text"], text["notice_by"], text["reason"]) == (WHY, "Ada Quist", "illegal")
    assert "canary@" not in str(seen)
    await desk.decide(comment_id, "reject", 2, reason="illegal")
    after = page_of(await get(web.client, sent.headers["Location"]))
    assert "El comentario se ha retirado" in after.text
    link = sent.headers["Location"].partition("?")[0].rpartition("/")[2]
    told = (await get(web.client, f"/api/v1/notices/{link}")).json
    assert (told["status"], told["outcome"]) == ("decided", "taken_down")


async def test_what_is_missing_is_said_and_what_was_typed_stays(web: WebProcess, comment_id: str) -> None:
    told = await send(web, comment_id)
    assert told.faults == dict.fromkeys(("explanation", "name", "email", "good_faith"), "required")
    told = await send(web, comment_id, shows_child_abuse=True)
    assert set(told.faults) == {"explanation", "good_faith"}
    assert (await send(web, comment_id, **GOOD | {"explanation": "x" * 5001})).faults == {
        "explanation": "too_long"
    }
    again = await send(web, comment_id, "form", explanation=WHY, lang="fr")
    assert again.status == 422
    page = page_of(again)
    assert [area.text for area in page.all("textarea")] == [WHY]
    assert "Veuillez entrer votre nom" in page.text or "nom" in page.text
    anonymous = await send(web, comment_id, explanation=WHY, shows_child_abuse="yes", good_faith="yes")
    assert anonymous.status == 202


async def test_no_wrong_link_opens_and_what_readers_do_not_see_is_not_notified(
    web: WebProcess, comment_id: str, make_token: MakeToken
) -> None:
    sent = await send(web, comment_id, **GOOD)
    link = sent.json["notice_url"].rpartition("/")[2]
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), "A" * len(link), "x"):
        assert (await get(web.client, f"/notices/{wrong}")).status == 404
    await Desk(web.client, await make_token("moderator")).decide(comment_id, "hold", 2)
    assert (await send(web, comment_id, **GOOD)).status == 404
