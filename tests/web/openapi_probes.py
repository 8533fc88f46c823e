"""Requests that provoke every answer that the OpenAPI document lists."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg
from aiohttp import ClientResponse, ClientSession, FormData

from service.web.moderation import MAX_BODY_BYTES
from tests.web.harness import COMMENT, PAGE, CheckAll, StartWeb, Submit, WebProcess
from tests.web.openapi_check import Reference

FORM = "application/x-www-form-urlencoded"
NOBODY = "019cad01-8f3e-7c4a-b1d2-5e6f70819203"


@dataclass
class Scene:
    """A site `paper` that publishes by itself, a demo, a moderator, a viewer, and what a probe needs more."""

    reference: Reference
    web: WebProcess
    database: asyncpg.Connection
    tokens: dict[str, str]
    submit: Submit
    check_all: CheckAll
    start_web: StartWeb

    async def ask(
        self,
        operation_id: str,
        *,
        role: str | None = None,
        client: ClientSession | None = None,
        headers: dict[str, str] | None = None,
        parts: dict[str, str] | None = None,
        **request: Any,
    ) -> ClientResponse:
        """Send one request; `parts` fill in the path."""
        operation = self.reference.operations[operation_id]
        sent = dict(headers or {})
        if role:
            sent["Authorization"] = "Bearer " + self.tokens[role]
        url = operation.url(**{"site": "paper"} | (parts or {}))
        return await (client or self.web.client).request(
            operation.method.upper(), url, headers=sent, allow_redirects=False, **request
        )

    async def published(self, **fields: Any) -> str:
        """The id of a published comment."""
        accepted = await self.submit(**fields)
        await self.check_all()
        return str(accepted["id"])

    async def held(self, text: str = "See http://a.example http://b.example http://c.example") -> str:
        """The id of a held comment, at version 2."""
        return await self.published(comment=text, author=f"Mina {await self._count()}")

    async def closed_page(self) -> str:
        """The address of a page that is closed."""
        await self.submit(page_url=PAGE + "/closed", comment="The first and last.")
        await self.database.execute("UPDATE page SET open = false WHERE url = $1", PAGE + "/closed")
        return PAGE + "/closed"

    async def receipt(self) -> str:
        """The receipt of a new comment."""
        return str((await self.submit())["receipt_url"]).rpartition("/")[2]

    async def erased(self) -> str:
        """The id of an erased comment."""
        comment_id = await self.held()
        async with self.database.transaction():
            await self.database.execute(
                """
                INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)
                SELECT site_id, id, version + 1, status, 'erased', 'request', 'erase'
                FROM comment WHERE id = $1
                """,
                UUID(comment_id),
            )
            await self.database.execute(
                "UPDATE comment SET status = 'erased', version = version + 1 WHERE id = $1", UUID(comment_id)
            )
        return comment_id

    async def claimed_by_another(self) -> str:
        """The id of a held comment that another moderator has leased."""
        comment_id = await self.held()
        answer = await self.ask("claimComments", role="other", json={"limit": 50})
        assert comment_id in [one["id"] for one in (await answer.json())["comments"]]
        return comment_id

    async def _count(self) -> int:
        count: int = await self.database.fetchval("SELECT count(*) FROM comment")
        return count


Send = Callable[[Scene], Awaitable[ClientResponse]]


@dataclass(frozen=True)
class Probe:
    """A request and the answer that it must provoke; `code` is that of a problem."""

    operation_id: str
    status: int
    code: str | None
    send: Send


PROBES: list[Probe] = []


def provokes(operation_id: str, status: int, code: str | None = None) -> Callable[[Send], Send]:
    """Enter a probe into the list."""

    def enter(send: Send) -> Send:
        PROBES.append(Probe(operation_id, status, code, send))
        return send

    return enter


def _plain(operation_id: str, status: int, code: str | None = None, **request: Any) -> None:
    provokes(operation_id, status, code)(lambda scene: scene.ask(operation_id, **request))


NO_SITE = {"parts": {"site": "nowhere"}}
ON_PAGE = {"params": {"page_url": PAGE}}
UNCHANGED = {"If-None-Match": "*"}
FOREIGN = {"Origin": "https://evil.example"}
OWN = {"Origin": "https://paper.example"}

# Readers
_plain("postComment", 202, json=COMMENT)
_plain("postComment", 202, json=COMMENT | {"parent_id": "0", "website": None}, headers=OWN)
_plain("postComment", 202, data=COMMENT, headers={"Accept": "application/json"})
_plain("postComment", 303, data=COMMENT)
_plain("postComment", 303, data=COMMENT | {"redirect_to": PAGE}, headers=OWN)
_plain(
    "postComment",
    400,
    "malformed-body",
    data=b'{"a": 1, "a": 2}',
    headers={"Content-Type": "application/json"},
)
_plain("postComment", 400, data=b"comment=%zz", headers={"Content-Type": FORM})
_plain("postComment", 400, "idempotency-key-invalid", json=COMMENT, headers={"Idempotency-Key": "k" * 201})
_plain("postComment", 403, "origin-not-registered", json=COMMENT, headers=FOREIGN)
_plain("postComment", 403, data=COMMENT, headers=FOREIGN)
_plain("postComment", 404, "site-not-found", json=COMMENT, **NO_SITE)
_plain("postComment", 404, data=COMMENT, **NO_SITE)
_plain("postComment", 413, "body-too-large", json=COMMENT | {"comment": "x" * 200_000})
_plain("postComment", 413, data=COMMENT | {"comment": "x" * 200_000})
_plain("postComment", 415, "unsupported-media-type", data=b"hello", headers={"Content-Type": "text/plain"})
_plain("postComment", 415, data=b"hi", headers={"Content-Type": "text/plain", "Accept": "text/html"})
_plain("postComment", 422, "invalid-submission", json={})
_plain("postComment", 422, data={"comment": ""})
_plain("listComments", 200, **ON_PAGE)
_plain("listComments", 304, **ON_PAGE, headers=UNCHANGED)
_plain("listComments", 404, "site-not-found", **ON_PAGE, **NO_SITE)
_plain("listComments", 422, "invalid-query", params={"page_url": "ferry"})
_plain("countComments", 200, params=[("page_url", PAGE), ("page_url", PAGE + "/2")])
_plain("countComments", 304, **ON_PAGE, headers=UNCHANGED)
_plain("countComments", 404, "site-not-found", **ON_PAGE, **NO_SITE)
_plain("countComments", 422, "invalid-query")
_plain("preflightComment", 204, headers=OWN | {"Access-Control-Request-Method": "POST"})
_plain("preflightComment", 403, "origin-not-registered", headers=FOREIGN)
_plain("preflightComment", 404, "site-not-found", **NO_SITE)
_plain("getFormToken", 200)
_plain("getFormToken", 403, "origin-not-registered", headers=FOREIGN)
_plain("getFormToken", 404, "site-not-found", **NO_SITE)
_plain("getReceipt", 404, "receipt-not-found", parts={"receipt": "AQ"})
_plain("showReceipt", 404, parts={"receipt": "AQ"})
_plain("showThread", 200, **ON_PAGE)
_plain("showThread", 200, params={"page_url": PAGE, "fragment": "1"})
_plain("showThread", 304, **ON_PAGE, headers=UNCHANGED)
_plain("showThread", 404, **ON_PAGE, **NO_SITE)
_plain("showThread", 422, params={"page_url": PAGE, "sort": "best"})
_plain("showDemo", 200)
_plain("showDemo", 304, headers=UNCHANGED)
_plain("showDemo", 422, params={"limit": "0"})


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


async def _second(scene: Scene, **request: Any) -> ClientResponse:
    narrow = await scene.start_web(limit_network="1/60")
    await scene.ask("postComment", json=COMMENT, client=narrow.client)
    return await scene.ask("postComment", client=narrow.client, **request)


provokes("postComment", 429, "too-fast")(lambda scene: _second(scene, json=COMMENT))
provokes("postComment", 429)(lambda scene: _second(scene, data=COMMENT))


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


# Moderators
READ = {"role": "viewer"}
ACT: dict[str, Any] = {"role": "moderator"}
APPROVE = {"action": "approve", "version": 2}
UNKNOWN = {"parts": {"id": NOBODY}}
JSON = {"Content-Type": "application/json"}

_plain("listQueue", 200, **READ, params={"site": "paper", "sort": "newest", "status": "spam"})
_plain("listQueue", 422, "invalid-query", **READ, params={"status": "new"})
_plain("getComment", 404, "comment-not-found", **READ, **UNKNOWN)
_plain("decide", 404, "comment-not-found", **ACT, **UNKNOWN, json=APPROVE)
_plain("decide", 422, "invalid-decision", **ACT, **UNKNOWN, json={"action": "approve"})
_plain("undoDecision", 403, "role-too-low", **READ, **UNKNOWN)
_plain("undoDecision", 404, "comment-not-found", **ACT, **UNKNOWN)
_plain("decideMany", 200, **ACT, json={"decisions": []})
_plain("decideMany", 422, "invalid-decision", **ACT, json={"decisions": [{}] * 201})
_plain("claimComments", 200, **ACT, json={})
_plain("claimComments", 422, "invalid-decision", **ACT, json={"limit": 0})
_plain("getSummary", 200, **READ)
_plain("listReasons", 200, **READ, params={"site": "paper"})
_plain("listReasons", 404, "site-not-found", **READ, params={"site": "nowhere"})
_plain("listReasons", 422, "invalid-query", **READ)
_plain("showDashboard", 200)


async def _too_much(scene: Scene, operation_id: str) -> ClientResponse:
    body = BytesIO(b" " * (MAX_BODY_BYTES + 1))
    return await scene.ask(operation_id, **ACT, **UNKNOWN, data=body, headers=JSON)


for _operation in ("decide", "decideMany", "claimComments"):
    _plain(_operation, 400, "malformed-body", **ACT, **UNKNOWN, data=b"[]", headers=JSON)
    _plain(_operation, 403, "role-too-low", **READ, **UNKNOWN, json={})
    provokes(_operation, 413, "body-too-large")(partial(_too_much, operation_id=_operation))
    _plain(_operation, 415, "unsupported-media-type", **ACT, **UNKNOWN, data={"action": "approve"})


async def _decide(scene: Scene, comment_id: str, **body: Any) -> ClientResponse:
    return await scene.ask("decide", role="moderator", parts={"id": comment_id}, json=APPROVE | body)


@provokes("listQueue", 200)
async def _the_queue(scene: Scene) -> ClientResponse:
    await scene.claimed_by_another()
    await scene.held()
    answer = await scene.ask("listQueue", role="viewer", params={"limit": "1"})
    document = await answer.json()
    assert document["comments"][0]["findings"]
    return await scene.ask("listQueue", role="viewer", params={"cursor": document["next_cursor"]})


@provokes("getComment", 200)
async def _a_comment_with_its_history(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await _decide(scene, comment_id, note="Known author.")
    answer = await scene.ask("getComment", role="viewer", parts={"id": comment_id})
    assert [one["source"] for one in (await answer.json())["history"]] == ["checks", "moderator"]
    return answer


@provokes("decide", 200)
async def _approved(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.held())


@provokes("decide", 409, "stale-version")
async def _decided_before(scene: Scene) -> ClientResponse:
    answer = await _decide(scene, await scene.held(), version=1)
    assert (await answer.json())["current"] == {"status": "held", "version": 2}
    return answer


@provokes("decide", 409, "claimed-by-another")
async def _leased(scene: Scene) -> ClientResponse:
    answer = await _decide(scene, await scene.claimed_by_another())
    assert (await answer.json())["claimed_by"] == "Other"
    return answer


@provokes("decide", 409, "illegal-move")
async def _gone(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.erased(), version=3)


@provokes("decide", 422, "missing-reason")
async def _without_reason(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.held(), action="reject")


@provokes("decide", 422, "unknown-reason")
async def _with_an_unknown_reason(scene: Scene) -> ClientResponse:
    return await _decide(scene, await scene.held(), action="reject", reason="boring")


async def _undo(scene: Scene, comment_id: str) -> ClientResponse:
    return await scene.ask("undoDecision", role="moderator", parts={"id": comment_id})


@provokes("undoDecision", 200)
async def _undone(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    await _decide(scene, comment_id)
    answer = await _undo(scene, comment_id)
    document = await answer.json()
    assert (document["status"], document["version"]) == ("held", 4)
    return answer


@provokes("undoDecision", 409, "nothing-to-undo")
async def _only_the_checks_decided(scene: Scene) -> ClientResponse:
    return await _undo(scene, await scene.held())


@provokes("undoDecision", 409, "claimed-by-another")
async def _undo_what_is_leased(scene: Scene) -> ClientResponse:
    return await _undo(scene, await scene.claimed_by_another())


@provokes("undoDecision", 409, "illegal-move")
async def _undo_what_is_gone(scene: Scene) -> ClientResponse:
    return await _undo(scene, await scene.erased())


@provokes("decideMany", 200)
async def _each_on_its_own(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    entries = [
        APPROVE | {"id": comment_id},
        APPROVE | {"id": comment_id},
        APPROVE | {"id": "x"},
        {"id": 7},
        7,
    ]
    answer = await scene.ask("decideMany", role="moderator", json={"decisions": entries})
    results = (await answer.json())["results"]
    assert [(one["id"], one["ok"]) for one in results] == [
        (comment_id, True), (comment_id, False), ("x", False), (None, False), (None, False),
    ]  # fmt: skip
    return answer


@provokes("claimComments", 200)
async def _leases(scene: Scene) -> ClientResponse:
    comment_id = await scene.held()
    answer = await scene.ask("claimComments", role="moderator", json={"site": "paper", "limit": 5})
    assert comment_id in [one["id"] for one in (await answer.json())["comments"]]
    return answer


@provokes("showDashboard", 422)
async def _a_bad_cursor(scene: Scene) -> ClientResponse:
    signed_in = await scene.web.client.post(
        "/dashboard/sign-in", data={"token": scene.tokens["moderator"]}, allow_redirects=False
    )
    assert signed_in.status == 303
    queue = await scene.ask("showDashboard", params={"status": "held"})
    assert await scene.reference.check("showDashboard", queue) is None
    return await scene.ask("showDashboard", params={"cursor": "x"})


@provokes("showDashboard", 503)
async def _without_its_database(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    cookie = {"Cookie": "replydesk_session=rd_any"}
    return await scene.ask("showDashboard", client=away.client, headers=cookie)


# Operators
_plain("getHealth", 200)
_plain("getReadiness", 200)
_plain("getMetrics", 200)
_plain("getOpenapi", 200)
_plain("showDocs", 200)
_plain("showProblem", 302, parts={"code": "too-fast"})
_plain("getStatic", 200, parts={"name": "site.css"})
_plain("getStatic", 404, "not-found", parts={"name": "no.css"})


@provokes("getMetrics", 404, "not-found")
async def _from_elsewhere(scene: Scene) -> ClientResponse:
    behind = await scene.start_web(trusted_proxies="127.0.0.0/8")
    return await scene.ask("getMetrics", client=behind.client, headers={"X-Forwarded-For": "192.0.2.7"})


@provokes("getReadiness", 503)
async def _not_ready(scene: Scene) -> ClientResponse:
    away = await scene.start_web(database_url="postgresql://replydesk@127.0.0.1:1/nowhere")
    return await scene.ask("getReadiness", client=away.client)


@provokes("getStatic", 304)
async def _the_same_file(scene: Scene) -> ClientResponse:
    first = await scene.ask("getStatic", parts={"name": "site.css"})
    unchanged = {"If-None-Match": first.headers["ETag"]}
    return await scene.ask("getStatic", parts={"name": "site.css"}, headers=unchanged)
