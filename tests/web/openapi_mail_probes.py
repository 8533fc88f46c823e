"""Requests that provoke every answer of the pages to which mails lead."""

from datetime import UTC, datetime
from functools import partial
from time import time
from typing import Any

from aiohttp import ClientResponse

from service.domain.email import EmailAddress
from service.keyring import Keyring
from service.signed import MailPurpose, make_mail_link, read_mail_link
from service.vault import DataLinks
from tests.web.harness import COMMENT, WebProcess
from tests.web.openapi_scene import Scene, plain, provokes

for _name in ("showConfirm", "confirmAddress", "showStop", "stopMail"):
    plain(_name, 404, parts={"link": "A" * 46})
plain("showDemoMail", 404)


LINK = {"parts": {"link": "A" * 46}}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NO_SITE = {"parts": {"site": "nowhere"}}

plain("askForOwnData", 200)
plain("askForOwnData", 404, **NO_SITE)
plain("mailOwnDataLink", 404, data={"email": "ada@mail.example"}, **NO_SITE)
plain("mailOwnDataLink", 404, data={"email": "ada@mail.example"})
plain("showOwnData", 404, **LINK)
plain("eraseOwnData", 404, data={"sure": "yes"}, **LINK)


@provokes("mailOwnDataLink", 200)
async def _asked(scene: Scene) -> ClientResponse:
    mailing = await scene.start_web(mail_folder="no-such-folder")
    return await scene.ask("mailOwnDataLink", client=mailing.client, data={"email": "ada@mail.example"})


@provokes("mailOwnDataLink", 422)
async def _asked_for_nothing(scene: Scene) -> ClientResponse:
    mailing = await scene.start_web(mail_folder="no-such-folder")
    return await scene.ask("mailOwnDataLink", client=mailing.client, data={"email": "nobody"})


@provokes("mailOwnDataLink", 429)
async def _asked_often(scene: Scene) -> ClientResponse:
    mailing = await scene.start_web(mail_folder="no-such-folder")
    for number in range(13):
        data = {"email": f"ada{number}@mail.example"}
        answer = await scene.ask("mailOwnDataLink", client=mailing.client, data=data)
        if answer.status == 429:
            break
    return answer


async def _ask_with(scene: Scene, **request: Any) -> ClientResponse:
    mailing = await scene.start_web(mail_folder="no-such-folder")
    return await scene.ask("mailOwnDataLink", client=mailing.client, **request)


def _data_link(web: WebProcess) -> dict[str, str]:
    signing = Keyring.parse(web.settings.signing_keys.get_secret_value())
    return {"link": DataLinks(signing).make(EmailAddress("ada@mail.example"), 1, datetime.now(UTC))}


async def _of_data(scene: Scene, operation_id: str, **request: Any) -> ClientResponse:
    web = await scene.start_web(mail_folder="no-such-folder")
    return await scene.ask(operation_id, client=web.client, parts=_data_link(web), **request)


provokes("showOwnData", 200)(lambda scene: _of_data(scene, "showOwnData"))
provokes("eraseOwnData", 200)(lambda scene: _of_data(scene, "eraseOwnData", data={"sure": "yes"}))
provokes("eraseOwnData", 422)(lambda scene: _of_data(scene, "eraseOwnData", data={"sure": ""}))
for _status, _body, _headers in (
    (400, b"sure=%zz", FORM),
    (413, b"sure=" + b"x" * 5000, FORM),
    (415, b"sure", {"Content-Type": "text/plain"}),
):
    _request = {"data": _body, "headers": _headers}
    provokes("eraseOwnData", _status)(partial(_of_data, operation_id="eraseOwnData", **_request))
    provokes("mailOwnDataLink", _status)(partial(_ask_with, **_request))


@provokes("showDemoMail", 200)
async def _demo_mail(scene: Scene) -> ClientResponse:
    mailing = await scene.start_web(mail_folder="no-such-folder")
    return await scene.ask("showDemoMail", client=mailing.client)


async def _link(scene: Scene, web: WebProcess, purpose: MailPurpose) -> dict[str, str]:
    async with web.client.post(
        "/api/v1/sites/paper/comments", json=COMMENT | {"mail_replies": True}
    ) as answer:
        assert answer.status == 202
    recipient_id = await scene.database.fetchval("SELECT id FROM mail_recipient LIMIT 1")
    keys = Keyring.parse(web.settings.submitted_keys.get_secret_value())
    link = make_mail_link(keys, purpose, recipient_id)
    assert read_mail_link(keys, purpose, link, now_s=time()) == recipient_id
    return {"link": link}


async def _opened(scene: Scene, operation_id: str, purpose: MailPurpose) -> ClientResponse:
    web = await scene.start_web(mail_folder="no-such-folder")
    return await scene.ask(operation_id, client=web.client, parts=await _link(scene, web, purpose))


provokes("showConfirm", 200)(lambda scene: _opened(scene, "showConfirm", "confirm"))
provokes("confirmAddress", 200)(lambda scene: _opened(scene, "confirmAddress", "confirm"))
provokes("showStop", 200)(lambda scene: _opened(scene, "showStop", "stop"))
provokes("stopMail", 200)(lambda scene: _opened(scene, "stopMail", "stop"))
