"""No origin gets more than it is meant to, on any operation, and no form leads anywhere else (R9, R10)."""

import pytest
from aiohttp import ClientSession

from service.web.openapi import openapi_document
from tests.web.harness import ORIGIN, PAGE, MakeSite, WebProcess
from tests.web.openapi_check import Operation, Reference
from tests.web.sending import Answer, post, read, reply

OPERATIONS = Reference(openapi_document("https://talk.example")).operations
READS = {
    "getEmbed", "getEmbedAddress", "getEmbedOfDigest", "getFeed", "getForm", "getFormToken", "listComments",
    "countComments", "showThread", "getReceipt", "getOpenapi", "getStatic",
}  # fmt: skip
"""What scripts of every page may read: the same for everybody, and nobody's."""

HOSTILE = [
    "https://evil.example", "null", "", "*", "file://", "https://paper.example.evil.example", "http://paper.example",
    "https://evil-paper.example", "https://paper.example:444", "https://paper.example@evil.example",
    "https://PAPER.example.", "https://evil.example/https://paper.example", "https://paper.example, https://evil.example",
    "https://paper.example evil", "chrome-extension://abcdef", "https://paper.exampl\u0435".encode().decode("latin-1"),
]  # fmt: skip


async def ask(
    client: ClientSession, method: str, operation: Operation, origin: str, **headers: str
) -> Answer:
    url = operation.url(site="paper", id="x", receipt="x", code="x", name="site.css")
    sent = {"Origin": origin} | headers
    async with client.request(
        method, url, headers=sent, params={"page_url": PAGE}, allow_redirects=False
    ) as one:
        return await read(one)


def allowed(answer: Answer) -> str | None:
    return answer.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("origin", HOSTILE)
async def test_no_origin_is_reflected_and_none_gets_credentials(
    web_app: WebProcess, make_site: MakeSite, origin: str
) -> None:
    await make_site("paper")
    for name, operation in OPERATIONS.items():
        for method in (operation.method.upper(), "OPTIONS"):
            answer = await ask(web_app.client, method, operation, origin, **{
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, x-evil",
            })  # fmt: skip
            assert allowed(answer) in ({None, "*"} if name in READS else {None}), (method, name)
            assert "Access-Control-Allow-Credentials" not in answer.headers, (method, name)
            assert "authorization" not in answer.headers.get("Access-Control-Allow-Headers", "").lower(), name
            assert origin not in answer.text or not origin.startswith("https://evil"), (method, name)


@pytest.mark.parametrize("origin", [one for one in HOSTILE if one.startswith(("http://", "https://"))])
@pytest.mark.parametrize("kind", ["json", "form"])
async def test_a_reply_from_a_page_of_another_origin_is_refused(
    client: ClientSession, make_site: MakeSite, origin: str, kind: str
) -> None:
    await make_site("paper")
    answer = await post(client, reply(), kind, headers={"Origin": origin})
    assert allowed(answer) is None
    is_origin = not set(origin) & set(" ,@") and origin.isascii() and origin.count("/") == 2
    assert answer.status == 403 or not is_origin


async def test_a_registered_origin_is_allowed_by_its_own_name(
    client: ClientSession, make_site: MakeSite
) -> None:
    await make_site("paper")
    await make_site("gazette", origins=("https://gazette.example",))
    assert allowed(await post(client, reply(), headers={"Origin": ORIGIN})) == ORIGIN
    other = await post(client, reply(comment="Another."), headers={"Origin": "https://gazette.example"})
    assert (other.status, allowed(other)) == (403, None)


LEADS = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "evil.example",
    "https://paper.example@evil.example/", "https://paper.example.evil.example/", "\thttps://evil.example",
    "https://evil.example\\@paper.example/", "https://paper.example\r\nX-Evil: 1", "javascript:alert(1)",
    "https://paper.example/\r\nSet-Cookie: a=b", "data:text/html,x", "http://paper.example/",
    "https://paper.example:444/", "https://paper.example%2eevil.example/",
]  # fmt: skip


@pytest.mark.parametrize("lead", LEADS, ids=repr)
async def test_a_form_leads_to_the_receipt_where_it_may_not_lead_elsewhere(
    web_app: WebProcess, make_site: MakeSite, lead: str
) -> None:
    await make_site("paper")
    for fields in ({"redirect_to": lead}, {"redirect_to": lead, "page_url": PAGE}):
        answer = await post(web_app.client, reply(comment=f"To {len(fields)}.", **fields), "form")
        assert answer.status in {303, 422}
        if answer.status == 303:
            assert answer.headers["Location"].startswith(web_app.url + "/receipts/")
        assert "X-Evil" not in answer.headers
        assert "Set-Cookie" not in answer.headers


async def test_a_form_leads_where_the_site_is(client: ClientSession, make_site: MakeSite) -> None:
    await make_site("paper")
    answer = await post(client, reply(redirect_to=ORIGIN + "/thanks?a=b"), "form")
    assert (answer.status, answer.headers["Location"]) == (303, ORIGIN + "/thanks?a=b")
