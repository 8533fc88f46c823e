"""Requests that provoke every answer of the operations for readers."""

from aiohttp import ClientResponse, FormData

from service.web.embed_script import digest, embed_script
from tests.web.harness import COMMENT, PAGE
from tests.web.openapi_scene import Scene, plain, provokes

FORM = "application/x-www-form-urlencoded"

NO_SITE = {"parts": {"site": "nowhere"}}
ON_PAGE = {"params": {"page_url": PAGE}}
UNCHANGED = {"If-None-Match": "*"}
FOREIGN = {"Origin": "https://evil.example"}
OWN = {"Origin": "https://paper.example"}

plain("postComment", 202, json=COMMENT)
plain("postComment", 202, json=COMMENT | {"parent_id": "0", "website": None}, headers=OWN)
plain("postComment", 202, data=COMMENT, headers={"Accept": "application/json"})
plain("postComment", 303, data=COMMENT)
plain("postComment", 303, data=COMMENT | {"redirect_to": PAGE}, headers=OWN)
plain(
    "postComment",
    400,
    "malformed-body",
    data=b'{"a": 1, "a": 2}',
    headers={"Content-Type": "application/json"},
)
plain("postComment", 400, data=b"comment=%zz", headers={"Content-Type": FORM})
plain("postComment", 400, "idempotency-key-invalid", json=COMMENT, headers={"Idempotency-Key": "k" * 201})
plain("postComment", 403, "origin-not-registered", json=COMMENT, headers=FOREIGN)
plain("postComment", 403, data=COMMENT, headers=FOREIGN)
plain("postComment", 404, "site-not-found", json=COMMENT, **NO_SITE)
plain("postComment", 404, data=COMMENT, **NO_SITE)
plain("postComment", 413, "body-too-large", json=COMMENT | {"comment": "x" * 200_000})
plain("postComment", 413, data=COMMENT | {"comment": "x" * 200_000})
plain("postComment", 415, "unsupported-media-type", data=b"hello", headers={"Content-Type": "text/plain"})
plain("postComment", 415, data=b"hi", headers={"Content-Type": "text/plain", "Accept": "text/html"})
plain("postComment", 422, "invalid-submission", json={})
plain("postComment", 422, data={"comment": ""})
plain("listComments", 200, **ON_PAGE)
plain("listComments", 304, **ON_PAGE, headers=UNCHANGED)
plain("listComments", 404, "site-not-found", **ON_PAGE, **NO_SITE)
plain("listComments", 422, "invalid-query", params={"page_url": "ferry"})
plain("countComments", 200, params=[("page_url", PAGE), ("page_url", PAGE + "/2")])
plain("countComments", 304, **ON_PAGE, headers=UNCHANGED)
plain("countComments", 404, "site-not-found", **ON_PAGE, **NO_SITE)
plain("countComments", 422, "invalid-query")
plain("preflightComment", 204, headers=OWN | {"Access-Control-Request-Method": "POST"})
plain("preflightComment", 403, "origin-not-registered", headers=FOREIGN)
plain("preflightComment", 404, "site-not-found", **NO_SITE)
plain("getForm", 200)
plain("getForm", 304, headers=UNCHANGED)
plain("getForm", 404, "site-not-found", **NO_SITE)
plain("getEmbed", 200)
plain("getEmbed", 304, headers=UNCHANGED)
plain("getEmbedAddress", 200)
plain("getEmbedAddress", 304, headers=UNCHANGED)
plain("getEmbedOfDigest", 200, parts={"digest": digest(embed_script())})
plain("getEmbedOfDigest", 304, parts={"digest": digest(embed_script())}, headers=UNCHANGED)
plain("getEmbedOfDigest", 404, "not-found", parts={"digest": "0" * 16})
plain("getFormToken", 200)
plain("getFormToken", 403, "origin-not-registered", headers=FOREIGN)
plain("getFormToken", 404, "site-not-found", **NO_SITE)
plain("getReceipt", 404, "receipt-not-found", parts={"receipt": "AQ"})
plain("showReceipt", 404, parts={"receipt": "AQ"})
plain("showThread", 200, **ON_PAGE)
plain("getFeed", 200)
plain("getFeed", 304, **ON_PAGE, headers=UNCHANGED)
plain("getFeed", 404, **NO_SITE)
plain("getFeed", 422, params={"page_url": "ferry"})
plain("showThread", 200, params={"page_url": PAGE, "fragment": "1"})
plain("showThread", 304, **ON_PAGE, headers=UNCHANGED)
plain("showThread", 404, **ON_PAGE, **NO_SITE)
plain("showThread", 422, params={"page_url": PAGE, "sort": "best"})
plain("showDemo", 200)
plain("showDemo", 304, headers=UNCHANGED)
plain("showDemo", 422, params={"limit": "0"})


@provokes("postComment", 202)
async def _with_both_keys(scene: Scene) -> ClientResponse:
    key = {"Idempotency-Key": "k"}
    first = await scene.ask("postComment", json=COMMENT, headers=key)
    second = await scene.ask("postComment", json=COMMENT, headers=key)
    assert await second.json() == await first.json()
    return second


@provokes("postComment", 303)
async def _as_multipart(scene: Scene) -> ClientResponse:
    data = FormData(COMMENT | {"comment_parent": "0", "url": ""}, default_to_multipart=True)
    return await scene.ask("postComment", data=data)


@provokes("postComment", 403, "page-closed")
async def _on_a_closed_page(scene: Scene) -> ClientResponse:
    return await scene.ask("postComment", json=COMMENT | {"page_url": await scene.closed_page()})


@provokes("postComment", 422, "idempotency-key-reused")
async def _another_body(scene: Scene) -> ClientResponse:
    await scene.submit(submission_key="k")
    return await scene.ask("postComment", json=COMMENT | {"submission_key": "k", "comment": "Another."})


async def _beyond_the_limit(scene: Scene, kind: str) -> ClientResponse:
    """On a busy machine Redis may be given up meanwhile, and counting begins anew, once or twice.

    Each reply is another one: the same again would be answered as the first was.
    """
    narrow = await scene.start_web(limit_network="1/60")
    for number in range(5):
        reply = COMMENT | {"comment": f"Reply number {number}."}
        answer = await scene.ask("postComment", client=narrow.client, **{kind: reply})
        if answer.status == 429:
            break
    return answer


provokes("postComment", 429, "too-fast")(lambda scene: _beyond_the_limit(scene, "json"))
provokes("postComment", 429)(lambda scene: _beyond_the_limit(scene, "data"))


@provokes("postComment", 429, "too-many-pages")
async def _too_many_pages(scene: Scene) -> ClientResponse:
    return await scene.ask("postComment", json=COMMENT, parts={"site": "pageless"})


@provokes("listComments", 200)
async def _a_thread_with_a_gap(scene: Scene) -> ClientResponse:
    parent = await scene.published(website="https://mina.example", page_title="A ferry")
    await scene.published(parent_id=parent, comment="Yes.")
    body = {"action": "reject", "version": 2, "reason": "off_topic"}
    await scene.ask("decide", role="moderator", parts={"id": parent}, json=body)
    answer = await scene.ask("listComments", params={"page_url": PAGE, "limit": "1"})
    document = await answer.json()
    assert document["comments"][0] == {"id": parent, "parent_id": None, "removed": True}
    return await scene.ask("listComments", params={"page_url": PAGE, "cursor": document["next_cursor"]})


@provokes("getReceipt", 200)
async def _own_comment(scene: Scene) -> ClientResponse:
    return await scene.ask("getReceipt", parts={"receipt": await scene.receipt()})


@provokes("getReceipt", 200)
async def _own_rejected_comment(scene: Scene) -> ClientResponse:
    receipt = await scene.receipt()
    pending = await (await scene.ask("getReceipt", parts={"receipt": receipt})).json()
    body = {"action": "reject", "version": 1, "reason": "off_topic"}
    await scene.ask("decide", role="moderator", parts={"id": pending["id"]}, json=body)
    return await scene.ask("getReceipt", parts={"receipt": receipt})


@provokes("showReceipt", 200)
async def _own_comment_as_a_page(scene: Scene) -> ClientResponse:
    return await scene.ask("showReceipt", parts={"receipt": await scene.receipt()}, params={"posted": "1"})


@provokes("showDemo", 404)
async def _no_demo(scene: Scene) -> ClientResponse:
    await scene.database.execute("UPDATE site SET slug = 'elsewhere' WHERE slug = 'demo'")
    scene.web.forget_sites()
    return await scene.ask("showDemo")
