"""Requests that provoke every answer of the pages to which mails lead."""

from time import time

from aiohttp import ClientResponse

from service.keyring import Keyring
from service.signed import MailPurpose, make_mail_link, read_mail_link
from tests.web.harness import COMMENT, WebProcess
from tests.web.openapi_scene import Scene, plain, provokes

for _name in ("showConfirm", "confirmAddress", "showStop", "stopMail"):
    plain(_name, 404, parts={"link": "A" * 46})
plain("showDemoMail", 404)


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
